import type { CallResult } from '../gemini/call-result.ts';
import { asksTooLong, withLongWait, withoutWait } from '../gemini/retry-hints.ts';

/**
 * Why the service did not answer, in a sentence that may stand in stable reports: of many refusals any may come first,
 * and how many seconds each said to wait is left out.
 */
export function refusalOf(
  { reply, classification }: CallResult,
  otherwise = 'the API refuses every call',
): string {
  const message = withoutWait(reply.error?.message ?? '').trim();
  return withLongWait(message === '' ? otherwise : message, classification);
}

/** Why no further calls are made, after a refusal that ends a run or a model. */
export function whyStopped(result: CallResult): string {
  const message = refusalOf(result);
  const found = result.classification;
  if (found.kind === 'fatal' || asksTooLong(found)) return message;
  return `${message.replace(/\.$/, '')}; the service has refused every call for ten minutes`;
}

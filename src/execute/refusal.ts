import { classify, readError } from '../gemini/errors.ts';
import { asksTooLong, withLongWait } from '../gemini/long-wait.ts';
import { withoutWait } from '../gemini/told-wait.ts';
import type { Exchange } from '../gemini/request.ts';

/**
 * Why the service did not answer, in a sentence that may stand in stable reports: of many refusals any may come first,
 * and how many seconds each said to wait is left out.
 */
export function refusalOf(exchange: Exchange, otherwise = 'the API refuses every call'): string {
  const told = withoutWait(readError(exchange)?.message ?? '').trim();
  return withLongWait(told === '' ? otherwise : told, exchange);
}

/** Why nothing more is asked, after a refusal that ends a run or a model. */
export function whyStopped(exchange: Exchange): string {
  const message = refusalOf(exchange);
  const found = classify(exchange);
  if (found.kind === 'fatal' || asksTooLong(found)) return message;
  return `${message.replace(/\.$/, '')}; the service has refused every call for ten minutes`;
}

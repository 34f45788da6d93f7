import { classify, readError } from './errors.ts';
import { isBilled } from './methods.ts';
import type { Exchange, GeminiRequest } from './request.ts';

/** Failures of a call that no service has taken: nothing was done for them. */
const untaken: readonly string[] = ['connect', 'untrusted', 'redirect', 'unrecorded'];

/**
 * True for a call that was sent and is paid for, and whose reply did not come whole: what it used may be all that it was
 * allowed, and nobody tells. A refusal costs nothing, but within a stream it comes after a part of the answer.
 */
export function isLost(request: Pick<GeminiRequest, 'method'>, exchange: Exchange): boolean {
  const { failure, status = 0, streamError } = exchange;
  if (!isBilled(request) || failure?.unsent || untaken.includes(failure?.kind ?? '')) return false;
  const refused = status >= 400 || (!failure && readError(exchange) !== undefined);
  if (refused && !streamError) return false;
  return classify(exchange).kind !== 'ok';
}

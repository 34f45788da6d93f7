import { readError } from '../gemini/errors.ts';
import { withLongWait } from '../gemini/long-wait.ts';
import type { Exchange } from '../gemini/request.ts';

/**
 * Why the service did not answer, in a sentence that may stand in stable reports: of many refusals any may come first,
 * and how many seconds each said to wait is left out.
 */
export function refusalOf(exchange: Exchange, otherwise = 'the API refuses every call'): string {
  const told = readError(exchange)?.message ?? otherwise;
  return withLongWait(told.replace(/\s*\bPlease retry in [\w.]+?\.?(?=\s|$)/gi, ''), exchange);
}

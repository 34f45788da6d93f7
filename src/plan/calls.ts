import type { Case } from './case.ts';

/** How many calls a trial of a case makes: more than one in a conversation. */
export function callsOf({ request }: Pick<Case, 'request'>): number {
  const contents = request.body?.contents;
  if (request.asks.length === 0 || !Array.isArray(contents)) return 1;
  return request.asks.length + (request.asks.at(-1) === contents.length - 1 ? 0 : 1);
}

import { comparable } from '../lib/comparable.ts';
import type { CaseRecord, TrialResult } from '../judge/case-record.ts';

/** What came back, as a comparison sees it: one text a candidate (or reply without any), trial by trial. */
export function answersOf({ trials }: CaseRecord): string[] {
  return trials.flatMap(answersOfTrial).map(comparable);
}

function answersOfTrial({ outcome, error, response, turns = [], candidates }: TrialResult): string[] {
  const earlier = turns
    .slice(0, -1)
    .map(({ text }) => `${text.join('\n')}\n`)
    .join('');
  if (candidates.length === 0) {
    const failure = error ? `${error.status ?? error.transport ?? 'error'}: ${error.message}` : undefined;
    return [earlier + (failure ?? (response === undefined ? `(${outcome})` : JSON.stringify(response)))];
  }
  return candidates.map(({ text, functionCalls = [] }) => {
    const calls = functionCalls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`);
    const lines = [...text, ...calls];
    return earlier + (lines.length > 0 ? lines.join('\n') : `(${outcome})`);
  });
}

/** What each trial of a side came to, and how many trials there were. */
interface Sides {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Whether both sides have as many trials. */
  readonly trials: readonly [before: number, after: number];
}

/**
 * The first answers that have no equal on the other side, and how many more there are; undefined if all have one. Where
 * one side has more trials an answer that came more often is no other answer, and of fewer trials none is missing.
 */
export function differing({
  before,
  after,
  trials: [was, now],
}: Sides): { readonly before: string; readonly after: string; readonly more: number } | undefined {
  const equal = was === now;
  const gone = equal ? without(before, after) : now > was ? absent(before, after) : [];
  const come = equal ? without(after, before) : absent(after, before);
  if (gone.length === 0 && come.length === 0) return undefined;
  const other = (side: readonly string[]): string => (equal ? '' : (side[0] ?? ''));
  return {
    before: gone[0] ?? other(before),
    after: come[0] ?? other(after),
    more: Math.max(gone.length, come.length) - 1,
  };
}

/** The texts of `all` that `taken` has not, each as often as it is missing there. */
export function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of taken) left.set(text, (left.get(text) ?? 0) + 1);
  return all.filter((text) => {
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}

/** The texts of `all` that do not occur in `others`, each once. */
function absent(all: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return [...new Set(all)].filter((text) => !known.has(text));
}

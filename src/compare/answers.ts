import type { StoredCase, StoredTrial } from './stored.ts';

/** What came back, as a comparison sees it: one text a candidate (or reply without any), trial by trial. */
export function answersOf({ trials }: StoredCase): string[] {
  return trials.flatMap(answersOfTrial);
}

function answersOfTrial({ outcome, error, response, turns = [], candidates }: StoredTrial): string[] {
  const earlier = turns.map((lines) => `${lines.join('\n')}\n`).join('');
  if (candidates.length === 0) {
    const told = error ? `${error.status ?? error.transport ?? 'error'}: ${error.message}` : undefined;
    return [earlier + (told ?? (response === undefined ? `(${outcome})` : JSON.stringify(response)))];
  }
  const plain = outcome === 'answered' || outcome === 'calledTool';
  return candidates.map(({ text, functionCalls = [] }) => {
    const calls = functionCalls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`);
    return earlier + [...text, ...calls, ...(plain ? [] : [`(${outcome})`])].join('\n');
  });
}

/** The first answers that have no equal on the other side, and how many more there are; undefined if all have one. */
export function differing(
  before: readonly string[],
  after: readonly string[],
): { readonly before: string; readonly after: string; readonly more: number } | undefined {
  const gone = without(before, after);
  const come = without(after, before);
  if (gone.length === 0 && come.length === 0) return undefined;
  return { before: gone[0] ?? '', after: come[0] ?? '', more: Math.max(gone.length, come.length) - 1 };
}

/** The texts of `all` that `taken` has not, each as often as it is missing there. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of taken) left.set(text, (left.get(text) ?? 0) + 1);
  return all.filter((text) => {
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}

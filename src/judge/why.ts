import type { Verdict } from './results.ts';

/** True of an assertion that does not make its trial fail. */
export const isHeld = (each: { readonly verdict: string; readonly severity?: string }): boolean =>
  each.verdict === 'passed' || each.severity === 'warn';

/** What kept a case from its verdict though each of its trials has one. */
export function notMade(each: {
  readonly verdict: Verdict;
  readonly trials: readonly unknown[];
  readonly repeats: number;
}): string | undefined {
  const { verdict, trials, repeats } = each;
  if (verdict !== 'errored' || trials.length >= repeats) return undefined;
  return `${repeats - trials.length} of ${repeats} trials did not run`;
}

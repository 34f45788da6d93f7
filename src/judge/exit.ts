import type { Results } from './results.ts';

/** The exit code of a run: 130 interrupted > 3 incomplete (stopped, out of budget, or a case errored) > 1 failed > 4 inconclusive > 0. A run that bailed exits with 1. */
export function exitCodeOf({ suites, run }: Results): 0 | 1 | 3 | 4 | 130 {
  if (run.ended === 'interrupted') return 130;
  if (run.ended === 'bailed') return 1;
  if (run.ended === 'stopped' || run.ended === 'budget' || suites.some(({ summary }) => summary.errored > 0))
    return 3;
  if (suites.some(({ summary }) => summary.failed > 0)) return 1;
  return suites.some(({ summary }) => summary.inconclusive > 0) ? 4 : 0;
}

import type { Results } from './results.ts';

/**
 * The exit code of a run: 130 interrupted > 3 incomplete (stopped, out of budget, or a case errored) > 1 failed > 4
 * inconclusive > 0. A run that bailed exits with 1. Beside a baseline only `worse` counts as failed: the cases that
 * fail now and did not. Where replies of an earlier run are judged again, it is no matter how that run ended: they are
 * incomplete (3) if a case lacks any.
 */
export function exitCodeOf({ suites, run }: Results, worse?: number): 0 | 1 | 3 | 4 | 130 {
  const { ended, judged } = run;
  if (!judged && ended === 'interrupted') return 130;
  if (!judged && ended === 'bailed') return 1;
  const sum = (key: 'errored' | 'failed' | 'inconclusive'): number =>
    suites.reduce((total, { summary }) => total + summary[key], 0);
  const incomplete = judged ? judged.lacking > 0 : ended === 'stopped' || ended === 'budget';
  if (incomplete || sum('errored') > 0) return 3;
  if ((worse ?? sum('failed')) > 0) return 1;
  return sum('inconclusive') > 0 ? 4 : 0;
}

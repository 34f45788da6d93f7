import { leastCount } from '../lib/nearly-equal.ts';
import type { CaseRef } from '../plan/case.ts';
import type { AssertionResult, CaseRecord, TrialResult, Verdict } from './case-record.ts';

/** True of an assertion that does not make its trial fail. */
export const isHeld = ({ verdict, severity }: Pick<AssertionResult, 'verdict' | 'severity'>): boolean =>
  verdict === 'passed' || severity === 'warn';

/** The verdict of a trial that could be judged. */
export const verdictOfTrial = (assertions: readonly AssertionResult[]): 'passed' | 'failed' =>
  assertions.every(isHeld) ? 'passed' : 'failed';

/**
 * The verdict of a case. Skipped where the suite says so or there are no trials; failed once passRate is out of reach; else
 * errored if a trial errored or was lost; else passed. `repeats` counts the trials of the case and the missing ones.
 */
export function verdictOf(
  { repeats, passRate, skip }: Pick<CaseRef, 'repeats' | 'passRate' | 'skip'>,
  trials: readonly Pick<TrialResult, 'verdict'>[],
): Verdict {
  if (skip !== undefined || trials.length === 0) return 'skipped';
  const failed = trials.filter(({ verdict }) => verdict === 'failed').length;
  if (repeats - failed < leastCount(passRate, repeats)) return 'failed';
  const lost = repeats - trials.length;
  return lost > 0 || trials.some(({ verdict }) => verdict === 'errored') ? 'errored' : 'passed';
}

/** How many trials of a case were lost, where that is why it errored. */
export function lostInWords({
  verdict,
  trials,
  repeats,
}: Pick<CaseRecord, 'verdict' | 'repeats'> & { readonly trials: readonly unknown[] }): string | undefined {
  if (verdict !== 'errored' || trials.length >= repeats) return undefined;
  return `${repeats - trials.length} of ${repeats} trials did not run`;
}

/** The missed assertions of `severity: warn`. */
export function missedWarnings(assertions: TrialResult['assertions']): string[] {
  return assertions
    .filter(({ severity, verdict }) => severity === 'warn' && verdict !== 'passed')
    .map(({ assertion }) => assertion);
}

/** What counts as warnings of a case: that it has no assertions, and each assertion of `severity: warn` that a trial missed, once. */
export function warningsOf(isBare: boolean, missed: readonly string[]): string[] {
  return [...(isBare ? ['no assertions'] : []), ...[...new Set(missed)].toSorted()];
}

import type { CaseRef } from '../plan/case.ts';

export type TrialVerdict = 'passed' | 'failed' | 'errored';

/** Decides how many trials a case gets, from the verdicts of those that it has. */
export interface TrialPolicy {
  /** No case gets more trials than this; those that errored count too. */
  readonly max: number;
  /**
   * How many further trials to send now; 0 means that the case has enough. Called only when all trials sent so far have
   * settled, with their verdicts in the order of their numbers: the answer depends on nothing else.
   */
  readonly next: (settled: readonly TrialVerdict[]) => number;
}

/** All repeats at once, whatever comes of them. */
export function fixedRepeats(repeats: number): TrialPolicy {
  return { max: repeats, next: (settled) => repeats - settled.length };
}

/** The policy of a case. */
export function policyOf({ repeats }: Pick<CaseRef, 'repeats'>): TrialPolicy {
  return fixedRepeats(repeats);
}

/**
 * The numbers of the trials that the policy of a case wants and the case does not have. None: the case has enough. They
 * are to be sent while a run goes on, and lost when it has ended. The policy is asked round by round, as in a run, so
 * that the trials are the same whatever the order in which they settled and however often the run was resumed.
 */
export function missingTrials(
  policy: TrialPolicy,
  verdictOf: (trial: number) => TrialVerdict | undefined,
): readonly number[] {
  const settled: TrialVerdict[] = [];
  for (;;) {
    const before = settled.length;
    const until = Math.min(policy.max, before + policy.next(settled));
    const missing: number[] = [];
    for (let trial = before + 1; trial <= until; trial++) {
      const verdict = verdictOf(trial);
      if (verdict === undefined) missing.push(trial);
      else settled.push(verdict);
    }
    if (missing.length > 0 || until <= before) return missing;
  }
}

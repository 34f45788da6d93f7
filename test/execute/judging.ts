import type { RunOptions } from '../../src/execute/run.ts';
import { missingTrials, policyOf, type TrialVerdict } from '../../src/judge/trial-policy.ts';
import type { CaseRef } from '../../src/plan/case.ts';

/** The judging of a run: each trial gets the verdict of `verdictOf`, each case its own policy. */
export function judging(
  verdictOf: (id: string, trial: number) => TrialVerdict | Promise<TrialVerdict> = () => 'passed',
  trialPolicyOf = policyOf,
): Pick<RunOptions, 'judgeTrial' | 'trialsToSend'> {
  const verdicts = new Map<string, TrialVerdict>();
  const keyOf = (ref: Pick<CaseRef, 'id'>, trial: number): string => `${ref.id} ${trial}`;
  return {
    trialsToSend: (ref) => missingTrials(trialPolicyOf(ref), (trial) => verdicts.get(keyOf(ref, trial))),
    judgeTrial: async ({ trial }, _span, testCase) => {
      const verdict = await verdictOf(testCase.id, trial);
      verdicts.set(keyOf(testCase, trial), verdict);
      return verdict;
    },
  };
}

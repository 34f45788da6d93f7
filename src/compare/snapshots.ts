import { approvedMessage, snapshot } from '../assertions/kinds/snapshot.ts';
import { missedWarnings, verdictOf, verdictOfTrial } from '../judge/verdict.ts';
import { hasVisibleText } from '../lib/visible.ts';
import type { AssertionResult, CandidateResult, CaseRecord, TrialResult } from '../judge/case-record.ts';

const isSnapshot = ({ kind }: AssertionResult): boolean => kind === snapshot.name;

/** White space alone is no text, here as in an assertion. */
const hasText = ({ text }: CandidateResult): boolean => hasVisibleText(text.join('\n'));

/**
 * The texts that approving a case approves: those of all candidates of all its trials, each once. Undefined if it has
 * no snapshot assertion or did not run; empty if no answer has text.
 */
export function textsToApprove({ trials }: CaseRecord): string[] | undefined {
  if (!trials.some(({ assertions }) => assertions.some(isSnapshot))) return undefined;
  return [
    ...new Set(
      trials.flatMap(({ candidates }) =>
        candidates.flatMap((each) => (hasText(each) ? each.text.join('\n') : [])),
      ),
    ),
  ];
}

/** A case as it is judged once its texts are approved: a baseline must not have a case failed for want of an approval that it is given. */
export function withTextsApproved(each: CaseRecord): CaseRecord {
  if ((textsToApprove(each)?.length ?? 0) === 0) return each;
  const trials = each.trials.map(trialApproved);
  const { warnings, ...rest } = each;
  const missed = new Set(trials.flatMap(({ assertions }) => missedWarnings(assertions)));
  const left = (warnings ?? []).filter((warning) => missed.has(warning));
  const judged = { ...rest, verdict: verdictOf(each, trials), trials };
  // `warnings` comes before the trials, as in every results file.
  return inOrderOf(each, left.length > 0 ? { ...judged, warnings: left } : judged);
}

function trialApproved(trial: TrialResult): TrialResult {
  if (trial.candidates.length === 0 || !trial.candidates.every(hasText)) return trial;
  const assertions = trial.assertions.map((each): AssertionResult =>
    isSnapshot(each) ? { ...each, verdict: 'passed', message: approvedMessage } : each,
  );
  return { ...trial, verdict: verdictOfTrial(assertions), assertions };
}

function inOrderOf(order: CaseRecord, value: CaseRecord): CaseRecord {
  const keys = Object.keys(order).filter((key) => key in value);
  return Object.fromEntries(
    keys.map((key) => [key, value[key as keyof CaseRecord]]),
  ) as unknown as CaseRecord;
}

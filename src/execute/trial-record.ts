import { journalVersion, type TrialRecord } from '../journal/record.ts';
import type { Case } from '../plan/case.ts';

/** The journal's record of a trial of a case: what came of it, and when it began. */
export function trialRecord(
  { suite, id, fingerprint }: Pick<Case, 'suite' | 'id' | 'fingerprint'>,
  trial: number,
  came: Pick<TrialRecord, 'at' | 'exchanges' | 'attempts' | 'from'>,
): TrialRecord {
  return { v: journalVersion, type: 'trial', suite: suite.name, case: id, trial, fingerprint, ...came };
}

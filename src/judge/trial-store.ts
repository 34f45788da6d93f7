import type { Span } from '../journal/lines.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { CaseRef } from '../plan/case.ts';
import type { JudgedTrial, Verdict } from './results.ts';
import { missingTrials, type TrialPolicy } from './trial-policy.ts';
import { missedWarnings, verdictOf, warningsOf } from './verdict.ts';

/** What is kept of a settled trial for the whole run: small, since there may be 100,000. */
export interface TrialSummary {
  readonly trial: number;
  /** Where its record is in the journal. */
  readonly span: Span;
  readonly verdict: JudgedTrial['result']['verdict'];
  readonly tokens: number;
  readonly ms: number;
  /** Undefined where it is not known. */
  readonly usd: number | undefined;
  /** Attempts whose replies were lost, each by its call and time, those of earlier tries of the trial included. */
  readonly lost: readonly string[] | undefined;
  /** It errored and will be sent again; until then it counts. */
  readonly isForRetry?: boolean;
  /** Answered from a cache or a cassette. */
  readonly recalled: boolean;
  /** The case has no assertions. */
  readonly bare: boolean;
  /** Missed assertions of `severity: warn`; undefined where there is none. */
  readonly missed: readonly string[] | undefined;
  /** As judged, while memory allows. */
  readonly judged: JudgedTrial | undefined;
}

/** The settled trials of every case. */
export interface TrialStore {
  readonly of: (ref: CaseRef) => readonly TrialSummary[];
  /** Adds a trial; a later one of the same number replaces the earlier, whose lost replies still count. */
  readonly set: (ref: CaseRef, summary: TrialSummary) => void;
  /** Marks a trial as one that will be sent again. */
  readonly markForRetry: (ref: CaseRef, trial: number) => void;
  /** The trials to send: those that the policy wants, those marked for a retry included. None: the case has enough. */
  readonly toSend: (ref: CaseRef) => readonly number[];
  /** How many trials the case has, and how many it lost: the policy wants them, and they did not settle. */
  readonly counts: (ref: CaseRef) => { readonly settled: number; readonly lost: number };
  readonly verdict: (ref: CaseRef) => Verdict;
  readonly warnings: (ref: CaseRef) => string[];
}

export function createTrialStore(policyOf: (ref: CaseRef) => TrialPolicy): TrialStore {
  // Most cases have one trial, which is kept without a list: 100,000 lists would take most of the memory.
  const entries = new Map<CaseRef, TrialSummary | TrialSummary[]>();
  const of = (ref: CaseRef): TrialSummary[] => {
    const entry = entries.get(ref);
    return entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
  };
  const keep = (ref: CaseRef, all: TrialSummary[]): void =>
    void entries.set(ref, all.length === 1 && all[0] ? all[0] : all);
  const missing = (ref: CaseRef, trials: readonly TrialSummary[]): readonly number[] => {
    const verdicts = new Map(trials.map(({ trial, verdict }) => [trial, verdict]));
    return missingTrials(policyOf(ref), (trial) => verdicts.get(trial));
  };
  const counts: TrialStore['counts'] = (ref) => {
    const trials = of(ref);
    return { settled: trials.length, lost: missing(ref, trials).length };
  };
  return {
    of,
    counts,
    toSend: (ref) =>
      missing(
        ref,
        of(ref).filter(({ isForRetry }) => !isForRetry),
      ),
    set: (ref, summary) => {
      const before = of(ref).find(({ trial }) => trial === summary.trial);
      const lost = before?.lost ? [...new Set([...before.lost, ...(summary.lost ?? [])])] : summary.lost;
      keep(ref, [...of(ref).filter((each) => each !== before), { ...summary, lost }]);
    },
    markForRetry: (ref, trial) =>
      keep(
        ref,
        of(ref).map((each) => (each.trial === trial ? { ...each, isForRetry: true } : each)),
      ),
    verdict: (ref) => {
      const { passRate, skip } = ref;
      const { settled, lost } = counts(ref);
      return verdictOf({ repeats: settled + lost, passRate, skip }, of(ref));
    },
    warnings: (ref) =>
      warningsOf(
        of(ref).some(({ bare }) => bare),
        of(ref).flatMap(({ missed }) => missed ?? []),
      ),
  };
}

/** What is kept of a judged trial. */
export function summaryOf(
  { trial, attempts, from, exchanges }: TrialRecord,
  span: Span,
  judged: JudgedTrial,
  { bare, keep }: { readonly bare: boolean; readonly keep: boolean },
): TrialSummary {
  const { result, volatile } = judged;
  const lost = attempts.flatMap((each) => (each.lost ? [`${each.call} ${each.at}`] : []));
  const missed = missedWarnings(result.assertions);
  return {
    trial,
    span,
    verdict: result.verdict,
    tokens: result.usage?.total ?? 0,
    ms: volatile.totalMs,
    usd: volatile.usd,
    lost: lost.length > 0 ? lost : undefined,
    // A cassette without the reply answered nothing.
    recalled: from !== undefined && exchanges.every(({ failure }) => failure?.kind !== 'unrecorded'),
    bare,
    missed: missed.length > 0 ? missed : undefined,
    judged: keep ? judged : undefined,
  };
}

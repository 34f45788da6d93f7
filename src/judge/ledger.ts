import { leastCount } from '../lib/at-least.ts';
import type { Span } from '../journal/lines.ts';
import type { CaseRef } from '../plan/case.ts';
import type { TrialResult, Verdict } from './results.ts';
import { missingTrials, type TrialPolicy } from './trial-policy.ts';

/** What is kept of a settled trial for the whole run: small, since there may be 100,000. */
export interface Settled {
  readonly trial: number;
  /** Where its record stands in the journal. */
  readonly span: Span;
  readonly verdict: TrialResult['verdict'];
  readonly tokens: number;
  readonly ms: number;
  /** Undefined where it is not known. */
  readonly usd: number | undefined;
  /** Attempts whose replies were lost, each by its call and time, those of earlier tries of the trial included. */
  readonly lost: readonly string[] | undefined;
  /** It errored, and is to be asked again: until it is, this is what there is of it. */
  readonly reopened?: boolean;
  /** Answered from a cache or a cassette. */
  readonly recalled: boolean;
  /** The case has no assertions. */
  readonly bare: boolean;
  /** Missed assertions of `severity: warn`. */
  readonly missed: readonly string[] | undefined;
  /** As judged, while there is room for it. */
  readonly result: TrialResult | undefined;
}

/** The settled trials of every case. */
export interface Ledger {
  readonly of: (ref: CaseRef) => readonly Settled[];
  /** Adds a trial; a later one of the same number replaces the earlier, whose lost replies stay counted. */
  readonly set: (ref: CaseRef, settled: Settled) => void;
  /** Marks a trial as one that is to be asked again. */
  readonly reopen: (ref: CaseRef, trial: number) => void;
  /** The trials to send: those that the policy wants, those marked to be asked again included. None: the case has enough. */
  readonly toSend: (ref: CaseRef) => readonly number[];
  /** How many trials the case has, and how many it lost: the policy wants them, and they did not settle. */
  readonly counts: (ref: CaseRef) => { readonly settled: number; readonly lost: number };
  readonly verdict: (ref: CaseRef) => Verdict;
}

export function createLedger(policyOf: (ref: CaseRef) => TrialPolicy): Ledger {
  // Most cases have one trial, which then stands by itself: of 100,000 lists most of the memory would be the lists.
  const entries = new Map<CaseRef, Settled | Settled[]>();
  const of = (ref: CaseRef): Settled[] => {
    const entry = entries.get(ref);
    return entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
  };
  const missing = (ref: CaseRef, trials: readonly Settled[]): readonly number[] => {
    const verdicts = new Map(trials.map(({ trial, verdict }) => [trial, verdict]));
    return missingTrials(policyOf(ref), (trial) => verdicts.get(trial));
  };
  const counts: Ledger['counts'] = (ref) => {
    const trials = of(ref);
    return { settled: trials.length, lost: missing(ref, trials).length };
  };
  return {
    of,
    counts,
    toSend: (ref) =>
      missing(
        ref,
        of(ref).filter(({ reopened }) => !reopened),
      ),
    set: (ref, settled) => {
      const all = of(ref);
      const before = all.find(({ trial }) => trial === settled.trial);
      const others = all.filter((each) => each !== before);
      const now = before?.lost
        ? { ...settled, lost: [...new Set([...before.lost, ...(settled.lost ?? [])])] }
        : settled;
      entries.set(ref, others.length === 0 ? now : [...others, now]);
    },
    reopen: (ref, trial) => {
      const all = of(ref).map((each) => (each.trial === trial ? { ...each, reopened: true } : each));
      if (all[0]) entries.set(ref, all.length === 1 ? all[0] : all);
    },
    verdict: (ref) => {
      const { passRate, skip } = ref;
      const { settled, lost } = counts(ref);
      return verdictOf({ repeats: settled + lost, passRate, skip }, of(ref));
    },
  };
}

/**
 * Skipped where the suite says so or there are no trials; failed once passRate is out of reach; else errored if a trial
 * errored or was lost; else passed. `repeats` counts the trials of the case and those that it lost.
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

/** The missed assertions of `severity: warn`; undefined where there is none. */
export function missedOf(assertions: TrialResult['assertions']): readonly string[] | undefined {
  const missed = assertions.filter(({ severity, verdict }) => severity === 'warn' && verdict !== 'passed');
  return missed.length > 0 ? missed.map(({ assertion }) => assertion) : undefined;
}

/** What counts as warnings of a case: that it has no assertions, and each assertion of `severity: warn` that some trial missed, once. */
export function warningsOf(trials: readonly Pick<Settled, 'bare' | 'missed'>[]): string[] {
  if (!trials.some(({ bare, missed }) => bare || missed)) return [];
  const missed = new Set(trials.flatMap((each) => each.missed ?? []));
  return [...(trials.some(({ bare }) => bare) ? ['no assertions'] : []), ...[...missed].toSorted()];
}

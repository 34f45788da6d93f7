import { ownValue } from '../lib/json.ts';
import type { Span } from '../journal/lines.ts';
import type { EndRecord, TrialRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { caseResult } from './case-result.ts';
import { createLedger, missedOf, type Ledger, type Settled } from './ledger.ts';
import type { CaseOutline, CaseResult, SuiteResults, TrialResult } from './results.ts';
import { summarize } from './summarize.ts';
import { judgeRecord } from './trial.ts';
import { policyOf } from './trial-policy.ts';

/** Judges trials as they come, live or read back from a journal, and folds them into results. */
export interface Judge {
  /**
   * Judges one trial of the journal and keeps what came of it; undefined if no case of the plans asked it. `asked` is
   * its case, where that is at hand: it need not be rendered again.
   */
  readonly add: (
    record: TrialRecord,
    span: Span,
    asked?: Case,
  ) => Promise<TrialResult['verdict'] | undefined>;
  /** What was added of a trial is no answer: it is to be asked again, and stands until then. */
  readonly reopen: (record: TrialRecord) => void;
  readonly isSettled: (ref: CaseRef, trial: number) => boolean;
  /** The numbers of the trials that a case is to be sent now. None: it has enough. */
  readonly trialsToSend: (ref: CaseRef) => readonly number[];
  /** How many trials a case has, and how many of those that it should have were lost. */
  readonly trialCounts: (ref: CaseRef) => { readonly settled: number; readonly lost: number };
  /**
   * The results of every suite: cases in order of their ids, whatever the order in which trials came. `whyNot` says why
   * a case was not asked; `read` reads a trial that was not kept in memory again.
   */
  readonly results: (whyNot: (ref: CaseRef) => string, read: (span: Span) => TrialRecord) => SuiteResults[];
}

/** Characters of judged trials that are kept; what is beyond is read and judged again when a report wants it. */
const mostKept = 25_000_000;

/** Starts a judge of the cases of these plans; the policy of a case says how many trials it gets. */
export function createJudge(plans: readonly Plan[], trialPolicyOf = policyOf): Judge {
  const suites = new Map(plans.map((plan) => [plan.suite.name, plan]));
  const ledger = createLedger(trialPolicyOf);
  let room = mostKept;
  const find = ({ suite, case: id }: TrialRecord): { plan: Plan; ref: CaseRef } | undefined => {
    const plan = suites.get(suite);
    const ref = plan?.find(id);
    return plan && ref && { plan, ref };
  };
  return {
    add: async (record, span, given) => {
      const found = find(record);
      if (!found || record.trial > trialPolicyOf(found.ref).max) return undefined;
      const asked = given ?? found.plan.materialize(found.ref);
      // Another question under the same name: its answer is not this case's.
      if (record.fingerprint !== asked.fingerprint) return undefined;
      const result = await judgeRecord(asked, record);
      room -= weightOf(result);
      ledger.set(found.ref, settled(record, span, result, asked.assertions.length === 0, room > 0));
      return result.verdict;
    },
    reopen: (record) => {
      const found = find(record);
      if (found) ledger.reopen(found.ref, record.trial);
    },
    isSettled: (ref, trial) => ledger.of(ref).some((each) => each.trial === trial && !each.reopened),
    trialsToSend: ledger.toSend,
    trialCounts: ledger.counts,
    results: (whyNot, read) =>
      plans.map((plan) => {
        const refs = [...plan.cases].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
        const one = (ref: CaseRef): CaseResult | Promise<CaseResult> => {
          const asked = plan.materialize(ref);
          const trials = ledger
            .of(ref)
            .map(({ result, span }) => result ?? (() => judgeRecord(asked, read(span))));
          const counts = ledger.counts(ref);
          const fold = (all: readonly TrialResult[]): CaseResult =>
            caseResult(asked, all, counts.settled + counts.lost, () => whyNot(ref));
          return areKept(trials) ? fold(trials) : judgeAgain(trials).then(fold);
        };
        const failing = (): CaseRef[] =>
          refs.filter((ref) => ['failed', 'errored'].includes(ledger.verdict(ref)));
        const { suite } = plan;
        return {
          suite: suite.name,
          path: suite.file.path,
          ...summarize(refs, ledger),
          outline: () => outlines(refs, ledger),
          cases: () => singly(batchesOf(refs, one)),
          batches: () => batchesOf(refs, one),
          failing: () => singly(batchesOf(failing(), one, 1)),
          ...(suite.description === undefined ? {} : { description: suite.description }),
        };
      }),
  };
}

function* outlines(refs: readonly CaseRef[], ledger: Ledger): Generator<CaseOutline> {
  for (const ref of refs) {
    const { id, test, rowName, prompt, config, model } = ref;
    yield {
      id,
      verdict: ledger.verdict(ref),
      test: test.name,
      row: rowName,
      prompt: prompt?.name,
      config: config?.name,
      model,
    };
  }
}

type Kept = TrialResult | (() => Promise<TrialResult>);

function areKept(trials: readonly Kept[]): trials is readonly TrialResult[] {
  return trials.every((each) => typeof each === 'object');
}

/** Trials of which some were not kept in memory: they are read, one at a time. */
async function judgeAgain(trials: readonly Kept[]): Promise<TrialResult[]> {
  const judged: TrialResult[] = [];
  for (const each of trials) judged.push(typeof each === 'object' ? each : await each());
  return judged;
}

/** Cases of a batch: so few that they take no memory to speak of. */
const atOnce = 32;

async function* batchesOf(
  refs: readonly CaseRef[],
  one: (ref: CaseRef) => CaseResult | Promise<CaseResult>,
  size = atOnce,
): AsyncGenerator<readonly CaseResult[]> {
  for (let from = 0; from < refs.length; from += size) {
    const batch: CaseResult[] = [];
    for (const ref of refs.slice(from, from + size)) {
      const made = one(ref);
      batch.push(made instanceof Promise ? await made : made);
    }
    yield batch;
  }
}

async function* singly(batches: AsyncIterable<readonly CaseResult[]>): AsyncGenerator<CaseResult> {
  for await (const batch of batches) yield* batch;
}

function settled(
  { trial, attempts, from, exchanges }: TrialRecord,
  span: Span,
  result: TrialResult,
  bare: boolean,
  keep: boolean,
): Settled {
  const lost = attempts.flatMap((each) => (each.lost ? [`${each.call} ${each.at}`] : []));
  return {
    trial,
    span,
    verdict: result.verdict,
    tokens: result.usage?.total ?? 0,
    ms: result.volatile.totalMs,
    usd: result.volatile.usd,
    lost: lost.length > 0 ? lost : undefined,
    // A cassette without the reply answered nothing.
    recalled: from !== undefined && exchanges.every(({ failure }) => failure?.kind !== 'unrecorded'),
    bare,
    missed: missedOf(result.assertions),
    result: keep ? result : undefined,
  };
}

/** Roughly the characters that a judged trial holds. */
function weightOf({ candidates, assertions }: TrialResult): number {
  const texts = candidates.reduce(
    (sum, { text = '', thoughts = '' }) => sum + text.length + thoughts.length,
    0,
  );
  return assertions.reduce(
    (sum, { message, actual = '' }) => sum + message.length + actual.length,
    texts + 2000,
  );
}

/** Why a run that ended so did not ask a case. */
export function whyNotAsked(end: EndRecord | undefined): (ref: CaseRef) => string {
  return ({ model }) => {
    const stopped = model === undefined ? undefined : ownValue(end?.stoppedModels ?? {}, model);
    return stopped ?? end?.message ?? 'the run was broken off';
  };
}

import { ownValue } from '../lib/json.ts';
import type { CallResult } from '../gemini/call-result.ts';
import type { Span } from '../journal/lines.ts';
import type { EndRecord, TrialRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { createCompiler } from './assertion.ts';
import { createDigester } from './digests.ts';
import { foldCase } from './fold.ts';
import type { CaseOutline, JudgedCase, JudgedTrial, SuiteResults } from './results.ts';
import { summarize } from './summarize.ts';
import { judgeRecord } from './trial.ts';
import { createTrialStore, summaryOf, type TrialStore } from './trial-store.ts';
import { policyOf } from './trial-policy.ts';

/** Judges trials as they come, live or read back from a journal, and folds them into results. */
export interface Judge {
  /**
   * Judges one trial of the journal and keeps the result; undefined if it answers no case of the plans. `testCase` is its
   * case and `results` are those of its calls, where the caller has them.
   */
  readonly add: (
    record: TrialRecord,
    span: Span,
    testCase?: Case,
    results?: readonly CallResult[],
  ) => Promise<JudgedTrial['result']['verdict'] | undefined>;
  /** Marks a trial that will be sent again; until then what was added of it counts. */
  readonly markForRetry: (record: TrialRecord) => void;
  readonly isSettled: (ref: CaseRef, trial: number) => boolean;
  /** The numbers of the trials of a case to send now; empty if it has enough. */
  readonly trialsToSend: (ref: CaseRef) => readonly number[];
  /** How many trials of a case settled, and how many are missing. */
  readonly trialCounts: (ref: CaseRef) => { readonly settled: number; readonly lost: number };
  /**
   * The results of every suite: cases in order of their ids, whatever the order in which trials came. `whyNot` says why
   * a case was not sent; `read` reads a trial that was not kept in memory.
   */
  readonly results: (whyNot: (ref: CaseRef) => string, read: (span: Span) => TrialRecord) => SuiteResults[];
}

/** Characters of judged trials to keep in memory; further trials are read and judged again for a report. */
const mostKept = 25_000_000;

/** Starts a judge of the cases of these plans; the policy of a case says how many trials it gets. */
export function createJudge(plans: readonly Plan[], trialPolicyOf = policyOf): Judge {
  const suites = new Map(plans.map((plan) => [plan.suite.name, plan]));
  const store = createTrialStore(trialPolicyOf);
  const compiler = createCompiler();
  const digest = createDigester();
  let remaining = mostKept;
  const find = ({ suite, case: id }: TrialRecord): { plan: Plan; ref: CaseRef } | undefined => {
    const plan = suites.get(suite);
    const ref = plan?.find(id);
    return plan && ref && { plan, ref };
  };
  return {
    add: async (record, span, given, results) => {
      const found = find(record);
      if (!found || record.trial > trialPolicyOf(found.ref).max) return undefined;
      const testCase = given ?? found.plan.materialize(found.ref);
      // The case has the same name, but another request.
      if (record.fingerprint !== testCase.fingerprint) return undefined;
      const judged = await judgeRecord(testCase, record, compiler, results);
      remaining -= weightOf(judged);
      const bare = testCase.assertions.length === 0;
      store.set(found.ref, summaryOf(record, span, judged, { bare, keep: remaining > 0 }));
      return judged.result.verdict;
    },
    markForRetry: (record) => {
      const found = find(record);
      if (found) store.markForRetry(found.ref, record.trial);
    },
    isSettled: (ref, trial) => store.of(ref).some((each) => each.trial === trial && !each.isForRetry),
    trialsToSend: store.toSend,
    trialCounts: store.counts,
    results: (whyNot, read) =>
      plans.map((plan) => {
        const refs = [...plan.cases].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
        const one = (ref: CaseRef): JudgedCase | Promise<JudgedCase> => {
          const testCase = plan.materialize(ref);
          const trials = store
            .of(ref)
            .map(({ judged, span }) => judged ?? (() => judgeRecord(testCase, read(span), compiler)));
          const { settled, lost } = store.counts(ref);
          const fold = (all: readonly JudgedTrial[]): JudgedCase =>
            foldCase(testCase, digest(testCase), settled + lost, all, () => whyNot(ref));
          return areKept(trials) ? fold(trials) : judgeAgain(trials).then(fold);
        };
        const { suite } = plan;
        return {
          suite: suite.name,
          path: suite.file.path,
          ...summarize(refs, store),
          outline: () => outlines(refs, store),
          cases: () => casesOf(refs, one),
          ...(suite.description === undefined ? {} : { description: suite.description }),
        };
      }),
  };
}

function* outlines(refs: readonly CaseRef[], store: TrialStore): Generator<CaseOutline> {
  for (const ref of refs) {
    const { id, test, rowName, prompt, config, model } = ref;
    yield {
      id,
      verdict: store.verdict(ref),
      test: test.name,
      row: rowName,
      prompt: prompt?.name,
      config: config?.name,
      model,
    };
  }
}

type Kept = JudgedTrial | (() => Promise<JudgedTrial>);

function areKept(trials: readonly Kept[]): trials is readonly JudgedTrial[] {
  return trials.every((each) => typeof each === 'object');
}

/** Judges again, one at a time, the trials that were not kept in memory. */
async function judgeAgain(trials: readonly Kept[]): Promise<JudgedTrial[]> {
  const judged: JudgedTrial[] = [];
  for (const each of trials) judged.push(typeof each === 'object' ? each : await each());
  return judged;
}

async function* casesOf(
  refs: readonly CaseRef[],
  one: (ref: CaseRef) => JudgedCase | Promise<JudgedCase>,
): AsyncGenerator<JudgedCase> {
  for (const ref of refs) yield one(ref);
}

/** Roughly the characters of a judged trial. */
function weightOf({ result: { candidates, assertions }, details }: JudgedTrial): number {
  const size = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);
  const texts = candidates.reduce((sum, { text, thoughts = [] }) => sum + size(text) + size(thoughts), 2000);
  const messages = assertions.reduce((sum, { message }) => sum + message.length, 0);
  return texts + messages + details.reduce((sum, { actual = '' }) => sum + actual.length, 0);
}

/** Why a run with this end did not send a case. */
export function whyNotRun(end: EndRecord | undefined): (ref: CaseRef) => string {
  return ({ model }) => {
    const stopped = model === undefined ? undefined : ownValue(end?.stoppedModels ?? {}, model);
    return stopped ?? end?.message ?? 'the run was broken off';
  };
}

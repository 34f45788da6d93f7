import { resultsOf } from '../../src/engine/judge-journal.ts';
import { trialRecord } from '../../src/execute/trial.ts';
import type { Exchange } from '../../src/gemini/request.ts';
import { journalVersion, type RunRecord, type TrialRecord } from '../../src/journal/record.ts';
import { createJudge, whyNotRun } from '../../src/judge/judge.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import type { JudgedCase, Results, SuiteResults } from '../../src/judge/results.ts';
import type { Case, Plan } from '../../src/plan/case.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { planSound, type Files } from '../suites.ts';

/** What came back for a trial: a text, a whole body, or an exchange; of a conversation a list. */
export type Came = string | { body: JsonValue; status?: number } | Partial<Exchange> | Came[];

/** A reply as the API sends it, with one candidate. */
export function answer(text: string, more: { [key: string]: JsonValue } = {}): { body: JsonValue } {
  return {
    body: {
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
      modelVersion: 'm-001',
      ...more,
    },
  };
}

/** A failed call. */
export function failure(code: number, status: string, message = 'No.'): { body: JsonValue; status: number } {
  return { status: code, body: { error: { code, status, message } } };
}

function exchangesOf(came: Came): Exchange[] {
  if (Array.isArray(came)) return came.flatMap(exchangesOf);
  if (typeof came === 'string') return exchangesOf(answer(came));
  return [{ status: 200, totalMs: 12.345, ...came }];
}

/** The journal's record of a trial. */
export function recordOf(testCase: Case, came: Came, trial = 1): TrialRecord {
  const at = new Date(Date.UTC(2026, 0, 1, 12, 0, trial)).toISOString();
  const exchanges = exchangesOf(came);
  const attempts = exchanges.map(({ totalMs }, call) => ({ call, at, ms: totalMs, status: 200 }));
  return trialRecord(testCase, trial, { at, exchanges, attempts });
}

/** The records of all trials; `replies` gives what came back for each. */
export function recordsOf(
  plan: Plan,
  replies: (id: string, trial: number) => Came | undefined,
): TrialRecord[] {
  return plan.cases
    .filter(({ skip }) => skip === undefined)
    .flatMap((ref) =>
      Array.from({ length: ref.repeats }, (_, index) => {
        const came = replies(ref.id, index + 1);
        return came === undefined ? [] : [recordOf(plan.materialize(ref), came, index + 1)];
      }).flat(),
    );
}

/** Judges records in the order given. */
export async function judge(plan: Plan, records: readonly TrialRecord[]): Promise<SuiteResults> {
  const judging = createJudge([plan]);
  for (const [at, record] of records.entries()) await judging.add(record, { at, length: 1 });
  const [results] = judging.results(whyNotRun(undefined), ({ at }) => {
    const record = records[at];
    if (!record) throw new Error(`no record ${at}`);
    return record;
  });
  if (!results) throw new Error('no results');
  return results;
}

/** The results of a suite whose trials got these replies. */
export async function judged(
  files: Files,
  replies: (id: string, trial: number) => Came | undefined,
): Promise<SuiteResults> {
  const plan = await planSound(files);
  return judge(plan, recordsOf(plan, replies));
}

/** The cases of results, in their order. */
export async function judgedIn(results: SuiteResults): Promise<JudgedCase[]> {
  const cases: JudgedCase[] = [];
  for await (const each of results.cases()) cases.push(each);
  return cases;
}

/** The records of the cases of results, in their order. */
export async function casesIn(results: SuiteResults): Promise<CaseRecord[]> {
  return (await judgedIn(results)).map(({ record }) => record);
}

/** No case at all, as results give their cases. */
export async function* noCases(): AsyncGenerator<never> {}

const run: RunRecord = {
  v: journalVersion,
  type: 'run',
  startedAt: '2026-01-01T12:00:00.000Z',
  assay: '1.2.3',
  node: '20.20.0',
  endpoint: 'http://127.0.0.1:4321',
  emulator: true,
  paths: ['suites'],
  suites: [],
  options: { selection: {} },
};

/** Results of a run of these suites, as reporters take them. */
export function resultsOfRun(...suites: SuiteResults[]): Results {
  return resultsOf(suites, run, run, {
    v: journalVersion,
    type: 'end',
    at: '2026-01-01T12:00:01.500Z',
    reason: 'done',
  });
}

import type { Place } from '../../src/diagnostics/diagnostic.ts';
import { sourceOf } from '../../src/diagnostics/position.ts';
import type { AssertionResult, CaseRecord, TrialResult } from '../../src/judge/case-record.ts';
import type {
  AssertionDetails,
  JudgedAssertion,
  JudgedCase,
  JudgedTrial,
  Results,
  SuiteResults,
  Verdict,
} from '../../src/judge/results.ts';

/** What reporters are given beside results, where there is no baseline. */
export const alone = { env: {}, out: { write: () => undefined } };

/** A place in a suite file that exists in memory alone. */
export function place(line = 1, file = 'suites/a.suite.yaml'): Place {
  const text = Array.from({ length: line }, (_, index) => `line ${index + 1}\n`).join('');
  const start = text.length - `line ${line}\n`.length;
  return { file: { path: file, absolute: `/repository/project/${file}`, text }, start, end: start + 4 };
}

/** A missed assertion, unless told otherwise. */
export function assertion({
  place: at = place(7),
  expected,
  actual,
  figure,
  ...given
}: Partial<Omit<AssertionResult, 'source'> & AssertionDetails> = {}): JudgedAssertion {
  return {
    result: {
      assertion: 'contains: x',
      kind: 'contains',
      verdict: 'failed',
      message: 'the text does not contain "x"',
      source: sourceOf(at),
      ...given,
    },
    details: { place: at, expected, actual, figure },
  };
}

type GivenTrial = Partial<Omit<TrialResult, 'assertions'>> & {
  readonly assertions?: readonly JudgedAssertion[];
  readonly volatile?: JudgedTrial['volatile'];
};

export function trial({ assertions = [], volatile, ...given }: GivenTrial = {}): JudgedTrial {
  return {
    result: {
      verdict: 'passed',
      outcome: 'answered',
      candidates: [{ finishReason: 'STOP', text: ['y'] }],
      assertions: assertions.map(({ result }) => result),
      ...given,
    },
    volatile: volatile ?? {
      trial: 1,
      at: '2026-01-02T03:04:05.000Z',
      totalMs: 12.5,
      attempts: 1,
      waitedMs: 0,
    },
    details: assertions.map(({ details }) => details),
  };
}

type GivenCase = Partial<Omit<CaseRecord, 'trials' | 'source'>> &
  Partial<Pick<JudgedCase, 'place' | 'trials'>>;

export function caseOf(
  id: string,
  verdict: Verdict,
  { place: at = place(3), trials: made, ...given }: GivenCase = {},
): JudgedCase {
  const failed = trial({ verdict: 'failed', assertions: [assertion()] });
  const errored = trial({
    verdict: 'errored',
    outcome: 'apiError',
    candidates: [],
    error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota' },
  });
  const usual = { failed: [failed], errored: [errored], passed: [trial()], skipped: [], inconclusive: [] };
  const trials = made ?? usual[verdict];
  return {
    record: {
      id,
      verdict,
      source: sourceOf(at),
      test: 'test',
      method: 'generateContent',
      digests: { config: 'c', vars: 'v', assertions: 'a' },
      repeats: 1,
      passRate: 1,
      trials: trials.map(({ result }) => result),
      ...given,
    },
    place: at,
    trials,
  };
}

async function* inPairs(cases: Iterable<JudgedCase>): AsyncGenerator<readonly JudgedCase[]> {
  let batch: JudgedCase[] = [];
  for (const each of cases) {
    batch.push(each);
    if (batch.length < 2) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* inTurn(
  cases: Iterable<JudgedCase>,
  wanted: (each: JudgedCase) => boolean,
): AsyncGenerator<JudgedCase> {
  for (const each of cases) if (wanted(each)) yield each;
}

/** A suite whose cases are made each time they are asked for, as those of a large run are. */
export function suiteOf(suite: string, cases: () => Iterable<JudgedCase>): SuiteResults {
  const count = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  for (const {
    record: { verdict, warnings = [] },
  } of cases()) {
    count.cases++;
    count[verdict]++;
    count.warnings += warnings.length;
  }
  return {
    suite,
    path: `suites/${suite}.suite.yaml`,
    summary: count,
    groups: [],
    outline: () => Array.from(cases(), ({ record }) => record),
    cases: () => inTurn(cases(), () => true),
    batches: () => inPairs(cases()),
    failing: () =>
      inTurn(cases(), ({ record: { verdict } }) => verdict === 'failed' || verdict === 'errored'),
  };
}

export function resultsOf(...suites: SuiteResults[]): Results {
  return {
    suites,
    run: {
      startedAt: '2026-01-02T03:04:05.000Z',
      endedAt: '2026-01-02T03:04:09.500Z',
      durationMs: 4500,
      endpoint: 'https://example.test',
      emulator: false,
      assay: '0.0.0',
      node: '20.0.0',
      ended: 'done',
    },
  };
}

import type { Place } from '../../src/diagnostics/diagnostic.ts';
import type {
  AssertionResult,
  CaseResult,
  Results,
  SuiteResults,
  TrialResult,
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
export function assertion(given: Partial<AssertionResult> = {}): AssertionResult {
  return {
    assertion: 'contains: x',
    kind: 'contains',
    severity: 'error',
    guardrail: false,
    verdict: 'failed',
    message: 'the text does not contain "x"',
    place: place(7),
    ...given,
  };
}

export function trial(given: Partial<TrialResult> = {}): TrialResult {
  return {
    verdict: 'passed',
    outcome: 'answered',
    candidates: [{ finishReason: 'STOP', text: 'y' }],
    assertions: [],
    volatile: { trial: 1, at: '2026-01-02T03:04:05.000Z', totalMs: 12.5, attempts: 1, waitedMs: 0 },
    ...given,
  };
}

export function caseOf(id: string, verdict: Verdict, given: Partial<CaseResult> = {}): CaseResult {
  const failed = trial({ verdict: 'failed', assertions: [assertion()] });
  const errored = trial({
    verdict: 'errored',
    outcome: 'apiError',
    candidates: [],
    error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota' },
  });
  return {
    id,
    verdict,
    place: place(3),
    test: 'test',
    method: 'generateContent',
    replyKind: 'generation',
    digests: { config: 'c', vars: 'v', assertions: 'a' },
    tags: [],
    repeats: 1,
    passRate: 1,
    shown: [],
    warnings: [],
    trials:
      verdict === 'failed'
        ? [failed]
        : verdict === 'errored'
          ? [errored]
          : verdict === 'passed'
            ? [trial()]
            : [],
    ...given,
  };
}

async function* inPairs(cases: Iterable<CaseResult>): AsyncGenerator<readonly CaseResult[]> {
  let batch: CaseResult[] = [];
  for (const each of cases) {
    batch.push(each);
    if (batch.length < 2) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* inTurn(
  cases: Iterable<CaseResult>,
  wanted: (each: CaseResult) => boolean,
): AsyncGenerator<CaseResult> {
  for (const each of cases) if (wanted(each)) yield each;
}

/** A suite whose cases are made each time they are asked for, as those of a large run are. */
export function suiteOf(suite: string, cases: () => Iterable<CaseResult>): SuiteResults {
  const count = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  for (const { verdict, warnings } of cases()) {
    count.cases++;
    count[verdict]++;
    count.warnings += warnings.length;
  }
  return {
    suite,
    path: `suites/${suite}.suite.yaml`,
    summary: count,
    groups: [],
    outline: cases,
    cases: () => inTurn(cases(), () => true),
    batches: () => inPairs(cases()),
    failing: () => inTurn(cases(), ({ verdict }) => verdict === 'failed' || verdict === 'errored'),
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

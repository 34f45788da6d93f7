import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Comparison } from '../../src/compare/comparison.ts';
import type { SourceRange } from '../../src/diagnostics/diagnostic.ts';
import type { RenderOptions } from '../../src/diagnostics/render-options.ts';
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
import { collectFailures, standingOf } from '../../src/report/known.ts';
import { createCollector } from '../../src/report/markdown/collect.ts';
import { renderMarkdown } from '../../src/report/markdown/summary.ts';
import { pushCases } from '../../src/report/push.ts';
import type { Reporter, ReportInput } from '../../src/report/reporter.ts';
import { renderSummary } from '../../src/report/terminal/summary.ts';
import { writeFiles } from '../suites.ts';

/** Makes a report of results, as a run does. */
export async function makeReport(
  reporter: Reporter,
  results: Results,
  directory: string,
  more: Partial<ReportInput> = {},
): Promise<void> {
  const out = { write: () => undefined };
  const begin = () => reporter({ results, directory, digests: new Map(), env: {}, out, ...more });
  const onError = (error: unknown): never => {
    throw error;
  };
  await pushCases(results, [{ begin, onError }]);
}

/** The text of a file that a report consists of. */
export async function reportText(reporter: Reporter, results: Results, name: string): Promise<string> {
  const folder = writeFiles({});
  await makeReport(reporter, results, folder);
  return readFileSync(path.join(folder, name), 'utf8');
}

/** Results as summary.md shows them, within so many bytes. */
export async function markdownOf(results: Results, bytes: number, comparison?: Comparison): Promise<string> {
  const { add, collected } = createCollector(standingOf(comparison));
  const reporter: Reporter = () => ({
    onCase: (each, { suite }) => add(each, suite),
    onEnd: () => undefined,
  });
  await makeReport(reporter, results, '');
  return renderMarkdown(results, collected(), bytes, comparison);
}

/** Results as the terminal shows them. */
export async function summaryOf(
  results: Results,
  look: RenderOptions,
  comparison?: Comparison,
): Promise<string> {
  const { first, reporter } = collectFailures();
  const compared = comparison ? { comparison } : {};
  await makeReport(reporter, results, '', compared);
  return renderSummary({ results, failures: first, ...compared }, look);
}

/** A place in a suite file that exists in memory alone. */
export function place(line = 1, file = 'suites/a.suite.yaml'): SourceRange {
  const text = Array.from({ length: line }, (_, index) => `line ${index + 1}\n`).join('');
  const start = text.length - `line ${line}\n`.length;
  return { file: { path: file, absolute: `/repository/project/${file}`, text }, start, end: start + 4 };
}

/** A failed assertion, unless set otherwise. */
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

async function* inTurn(cases: Iterable<JudgedCase>): AsyncGenerator<JudgedCase> {
  yield* cases;
}

/** A suite whose cases are created on each iteration, like those of a large run. */
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
    cases: () => inTurn(cases()),
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

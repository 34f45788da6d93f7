/** ctrf.json by the schema and the types of npm ctrf. */
import { calculateSummary, parse, type CTRFReport } from 'ctrf';
import { expect, test } from 'vitest';
import type { Results } from '../../src/judge/results.ts';
import { ctrf } from '../../src/report/ctrf.ts';
import { problemsInCtrf } from '../e2e/check-reports.ts';
import { assertion, caseOf, place, reportText, resultsOf, suiteOf, trial } from './fake.ts';

async function written(results: Results): Promise<CTRFReport> {
  return parse(await reportText(ctrf, results, 'ctrf.json'));
}

const volatile = { trial: 1, at: '2026-01-02T03:04:05.000Z', totalMs: 12.5, attempts: 1, waitedMs: 0 };
const half = [trial(), trial({ verdict: 'failed', assertions: [assertion()] })];

const everything = resultsOf(
  suiteOf('a', () => [
    caseOf('errored', 'errored'),
    caseOf('failed', 'failed', {
      prompt: 'story',
      config: 'plain',
      model: 'gemini-3.8-flash',
      row: 'lamp',
      tags: ['smoke'],
      trials: [
        trial({
          verdict: 'failed',
          modelVersion: 'gemini-3.8-flash-001',
          assertions: [
            assertion({ verdict: 'passed', assertion: 'finishReason: STOP', message: '' }),
            assertion({ message: 'no\u0000\uD800', expected: 'x', actual: 'y' }),
            assertion({ severity: 'warn', assertion: 'latency', place: place(9) }),
          ],
        }),
      ],
    }),
    caseOf('inconclusive', 'inconclusive', { repeats: 2, passRate: 0.9, trials: half }),
    caseOf('passed', 'passed'),
    caseOf('retried', 'passed', {
      trials: [trial({ volatile: { ...volatile, attempts: 3, waitedMs: 100 } })],
    }),
    caseOf('skipped', 'skipped', { skip: 'waits' }),
    caseOf('talk', 'passed', {
      trials: [
        trial({
          turns: ['a', 'b', 'c'].map((text) => ({ outcome: 'answered' as const, text: [text] })),
          volatile: { ...volatile, attempts: 3 },
        }),
      ],
    }),
    caseOf('unsteady', 'passed', { repeats: 2, passRate: 0.5, trials: half }),
  ]),
  suiteOf('b', () => []),
);

test('is valid, and its summary equals the counts of npm ctrf', async () => {
  const report = await written(everything);
  expect(problemsInCtrf(report)).toEqual([]);
  const { tests, summary } = report.results;
  expect(summary).toMatchObject({
    tests: 8,
    passed: 4,
    failed: 1,
    skipped: 1,
    pending: 0,
    other: 2,
    flaky: 1,
    suites: 2,
  });
  expect(summary.duration).toBe(4_500);
  const {
    suites: _a,
    duration: _b,
    ...counted
  } = calculateSummary(tests, {
    start: summary.start,
    stop: summary.stop,
  });
  expect(summary).toMatchObject(counted);
  expect(problemsInCtrf({ ...report, results: { ...report.results, verdict: 'no such field' } })).not.toEqual(
    [],
  );
});

test('each verdict has its status; mixed trials are flaky, a retried call is not', async () => {
  const { tests } = (await written(everything)).results;
  expect(
    tests.map(({ name, status, rawStatus, flaky, extra }) => [name, status, rawStatus, flaky, extra]),
  ).toEqual([
    ['errored', 'other', 'errored', false, undefined],
    ['failed', 'failed', 'failed', false, undefined],
    ['inconclusive', 'other', 'inconclusive', false, { repeats: 2, passRate: 0.9 }],
    ['passed', 'passed', 'passed', false, undefined],
    ['retried', 'passed', 'passed', false, { httpRetries: 2 }],
    ['skipped', 'skipped', 'skipped', false, undefined],
    ['talk', 'passed', 'passed', false, undefined],
    ['unsteady', 'passed', 'passed', true, { repeats: 2, passRate: 0.5 }],
  ]);
});

test('a failure has its message, place, line of YAML, steps, labels and parameters', async () => {
  const { tests } = (await written(everything)).results;
  expect(tests[1]).toEqual({
    testId: 'a / failed',
    name: 'failed',
    status: 'failed',
    rawStatus: 'failed',
    start: 1767323045000,
    stop: 1767323045013,
    duration: 13,
    suite: ['a', 'test'],
    message: 'contains: x: no\u0000\uD800',
    trace: 'suites/a.suite.yaml:7:1: contains: x: no\u0000\uD800\n  expected: x\n  actual: y',
    snippet: ' --> suites/a.suite.yaml:7:1\n  |\n6 | line 6\n7 | line 7\n  | ^^^^',
    line: 3,
    filePath: 'suites/a.suite.yaml',
    tags: ['smoke'],
    labels: { outcome: ['answered'], modelVersion: ['gemini-3.8-flash-001'] },
    parameters: {
      row: 'lamp',
      prompt: 'story',
      config: 'plain',
      model: 'gemini-3.8-flash',
      method: 'generateContent',
    },
    flaky: false,
    steps: [
      { name: 'finishReason: STOP', status: 'passed' },
      { name: 'contains: x', status: 'failed' },
      { name: 'latency', status: 'other', extra: { severity: 'warn' } },
    ],
  });
  expect(tests[0]).toMatchObject({
    message: 'RESOURCE_EXHAUSTED: quota',
    trace: 'suites/a.suite.yaml:3:1: RESOURCE_EXHAUSTED: quota',
    steps: [{ name: 'apiError', status: 'other' }],
  });
  expect(tests[5]).toMatchObject({ message: 'waits', duration: 0 });
  expect(tests[7]).toMatchObject({
    steps: [{ name: 'trial 2 of 2: contains: x', status: 'failed' }],
    extra: { repeats: 2, passRate: 0.5 },
  });
});

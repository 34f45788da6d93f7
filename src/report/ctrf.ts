import path from 'node:path';
import { codeFrame } from '../diagnostics/code-frame.ts';
import { position } from '../diagnostics/position.ts';
import { endsOf } from '../judge/reasons.ts';
import type { JudgedCase, JudgedTrial, Results, SuiteResults, Verdict } from '../judge/results.ts';
import { knownFailure, standingOf } from './known.ts';
import { notesOf } from './notes.ts';
import type { TrialResult } from '../judge/case-record.ts';
import { reasonBlock, reasonsOf } from './reasons.ts';
import type { Reporter } from './reporter.ts';
import { openOutput } from './write.ts';

/** The version of the CTRF specification that ctrf.json follows (https://ctrf.io). */
const specVersion = '0.0.0';

/** CTRF has no word for a case that could not be judged: it is `other`, with Assay's word as rawStatus. */
const statuses: Record<Verdict, 'passed' | 'failed' | 'skipped' | 'other'> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  errored: 'other',
  inconclusive: 'other',
};

/** ctrf.json, in the Common Test Report Format. */
export const ctrf: Reporter = ({ results, directory, comparison }) => {
  const { suites, run } = results;
  const output = openOutput(path.join(directory, 'ctrf.json'));
  const standing = standingOf(comparison);
  const counts = { tests: 0, passed: 0, failed: 0, skipped: 0, pending: 0, other: 0, flaky: 0 };
  output.write(head(run));
  return {
    onCase: (each, suite) => {
      const test = testOf(suite, each, standing.isKnown(suite.suite, each.record));
      output.write(`${counts.tests === 0 ? '' : ','}\n${JSON.stringify(test)}`);
      counts.tests++;
      counts[test.status]++;
      if (test.flaky) counts.flaky++;
    },
    onEnd: () => {
      const [start, stop] = [Date.parse(run.startedAt), Date.parse(run.endedAt)];
      const summary = { ...counts, suites: suites.length, start, stop, duration: stop - start };
      output.write(`\n],"summary":${JSON.stringify(summary)}}}\n`);
      output.end();
    },
    discard: output.discard,
  };
};

function head(run: Results['run']): string {
  const { endedAt, assay, endpoint, emulator, node, ended, message } = run;
  const notes = notesOf(run);
  const environment = {
    testEnvironment: emulator ? 'emulator' : endpoint,
    extra: { endpoint, emulator, node, ended, message, notes: notes.length > 0 ? notes : undefined },
  };
  const tool = { name: 'assay', version: assay };
  return `{"reportFormat":"CTRF","specVersion":"${specVersion}","timestamp":${JSON.stringify(endedAt)},"generatedBy":"prompt-assay","results":{"tool":${JSON.stringify(tool)},"environment":${JSON.stringify(environment)},"tests":[`;
}

function testOf({ suite }: SuiteResults, each: JudgedCase, isKnown: boolean) {
  const { record, place, trials } = each;
  const { id, verdict, test, row, prompt, config, model, method, tags, skip } = record;
  const status = isKnown ? 'skipped' : statuses[verdict];
  return {
    testId: `${suite} / ${id}`,
    name: id,
    status,
    rawStatus: verdict,
    ...timesOf(trials),
    suite: [suite, test],
    ...(status === 'passed' ? {} : failureOf(each, isKnown)),
    ...(verdict === 'skipped' ? { message: skip } : {}),
    line: position(place).line,
    filePath: place.file.path,
    tags,
    labels: labelsOf(record.trials),
    parameters: { row, prompt, config, model, method },
    // An HTTP retry does not make a test flaky: it says nothing about the model.
    flaky: status === 'passed' && record.trials.some((trial) => trial.verdict !== 'passed'),
    steps: stepsOf(record.trials),
    extra: extraOf(each),
  };
}

function extraOf({ record: { repeats, passRate }, trials }: JudgedCase): Record<string, number> | undefined {
  const httpRetries = trials.reduce((sum, trial) => sum + retriesOf(trial), 0);
  const extra = {
    ...(repeats > 1 ? { repeats, passRate } : {}),
    ...(httpRetries > 0 ? { httpRetries } : {}),
  };
  return Object.keys(extra).length > 0 ? extra : undefined;
}

/** A conversation makes one call a turn; what is above that was a retry. */
function retriesOf({ result, volatile }: JudgedTrial): number {
  return Math.max(0, volatile.attempts - (result.turns?.length ?? 1));
}

function timesOf(trials: readonly JudgedTrial[]): { start?: number; stop?: number; duration: number } {
  const duration = Math.round(trials.reduce((sum, { volatile }) => sum + volatile.totalMs, 0));
  if (trials.length === 0) return { duration };
  const starts = trials.map(({ volatile }) => Date.parse(volatile.at));
  const stops = trials.map(
    ({ volatile }) => Date.parse(volatile.at) + Math.round(volatile.totalMs + volatile.waitedMs),
  );
  return { start: Math.min(...starts), stop: Math.max(...stops), duration };
}

function failureOf(
  each: JudgedCase,
  isKnown: boolean,
): { message?: string; trace?: string; snippet?: string } {
  const reasons = reasonsOf(each);
  const [first] = reasons;
  if (!first) return {};
  const message = first.assertion === undefined ? first.message : `${first.assertion}: ${first.message}`;
  return {
    message: isKnown ? `${knownFailure}\n${message}` : message,
    trace: reasons.map(reasonBlock).join('\n'),
    snippet: codeFrame(first.place, { color: false }),
  };
}

/** What the replies were: several trials may differ. */
function labelsOf(trials: readonly TrialResult[]): Record<string, string[]> | undefined {
  if (trials.length === 0) return undefined;
  const outcome = [...new Set(trials.map((trial) => trial.outcome))].toSorted();
  const finishReason = [...new Set(trials.flatMap(endsOf))].toSorted();
  const modelVersion = [...new Set(trials.flatMap((trial) => trial.modelVersion ?? []))].toSorted();
  return {
    outcome,
    ...(finishReason.length > 0 ? { finishReason } : {}),
    ...(modelVersion.length > 0 ? { modelVersion } : {}),
  };
}

/** One step an assertion; with several trials each names its trial. */
function stepsOf(trials: readonly TrialResult[]): { name: string; status: string }[] {
  return trials.flatMap(({ assertions, verdict, outcome }, index) => {
    const which = trials.length > 1 ? `trial ${index + 1} of ${trials.length}: ` : '';
    if (verdict === 'errored') return [{ name: `${which}${outcome}`, status: statuses.errored }];
    return assertions.map((result) => ({
      name: `${which}${result.assertion}`,
      status: result.verdict === 'passed' ? 'passed' : result.severity === 'warn' ? 'other' : 'failed',
      ...(result.severity === 'warn' ? { extra: { severity: 'warn' } } : {}),
    }));
  });
}

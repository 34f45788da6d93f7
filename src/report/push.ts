import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Results } from '../judge/results.ts';
import type { Report } from './reporter.ts';

/** A report in the making, and what is called where it fails. */
export interface Running {
  readonly begin: () => Report | Promise<Report>;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds after which signals and timers get their turn. */
const perTurn = 50;

/** Pushes the cases of a run to reports, in one pass. A report that fails is left out; the others go on. */
export async function pushCases(results: Results, all: readonly Running[]): Promise<void> {
  const alive = new Map<Running, Report>();
  const fail = (running: Running, error: unknown): void => {
    alive.get(running)?.discard?.();
    alive.delete(running);
    running.onError(error);
  };
  const each = (step: (report: Report) => void): void => {
    for (const [running, report] of alive)
      try {
        step(report);
      } catch (error) {
        fail(running, error);
      }
  };
  for (const running of all)
    try {
      alive.set(running, await running.begin());
    } catch (error) {
      running.onError(error);
    }
  let turn = performance.now();
  try {
    for (const [index, suite] of results.suites.entries()) {
      each((report) => report.onSuite?.(suite, index));
      for await (const judged of suite.cases()) {
        each((report) => report.onCase?.(judged, suite, index));
        if (performance.now() - turn < perTurn) continue;
        await nextTurn();
        turn = performance.now();
      }
      each((report) => report.onSuiteEnd?.(suite, index));
    }
  } catch (error) {
    // The cases cannot be read.
    for (const running of alive.keys()) fail(running, error);
  }
  for (const [running, report] of alive)
    try {
      await report.onEnd();
    } catch (error) {
      fail(running, error);
    }
}

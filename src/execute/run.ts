import type { CallResult } from '../gemini/call-result.ts';
import type { Span } from '../journal/lines.ts';
import { journalVersion, type EndRecord, type TrialRecord } from '../journal/record.ts';
import { plural } from '../lib/words.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { autoConcurrency, fixedConcurrency } from './concurrency.ts';
import { createExecutor, type ExecutorOptions } from './executor.ts';
import type { Pace } from './token-bucket.ts';
import type { MinimalBudget } from './budget-message.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createSemaphore, withPermit } from './semaphore.ts';
import { createRunAbort } from './abort.ts';
import type { Cause } from '../gemini/cause.ts';

export { systemClock } from './clock.ts';

type TrialVerdict = 'passed' | 'failed' | 'errored';

/** Counted in trials. */
interface Progress {
  readonly done: number;
  /** Grows when a case turns out to need more trials. */
  readonly total: number;
  readonly failed: number;
  readonly errored: number;
  readonly inFlight: number;
  /** The slowest pace that calls wait for. */
  readonly pace?: Pace;
}

export interface RunOptions extends ExecutorOptions {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly concurrency: number | 'auto';
  readonly signal: AbortSignal;
  /** Stop after so many failed cases. */
  readonly bail?: number | undefined;
  /** The numbers of the trials that a case is to be sent now, by the verdicts of those that have settled. None: it has enough. */
  readonly trialsToSend: (ref: CaseRef) => readonly number[];
  /** The verdict of a trial; undefined if it is none of the case's. Supplied from outside: execute never judges. */
  readonly judgeTrial: (
    record: TrialRecord,
    span: Span,
    testCase: Case,
    results: readonly CallResult[],
  ) => Promise<TrialVerdict | undefined>;
  readonly onProgress?: (progress: Progress) => void;
}

/** How a run ended. */
export interface RunEnd {
  /** The journal's last record, already appended. */
  readonly record: EndRecord;
  /** Why the service refused all calls, by model; `''` for the whole run. */
  readonly causes: ReadonlyMap<string, Cause>;
  /** The budget without which the run would stop at the same call again. */
  readonly minimalBudget: MinimalBudget | undefined;
}

/** Makes every trial of the plans and appends each to the journal. */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<RunEnd> {
  const { clock, signal, bail, replays } = options;
  const abort = createRunAbort(signal);
  const append: JournalWriter['append'] = async (record) => {
    try {
      return await options.journal.append(record);
    } catch (error) {
      abort.killCalls();
      throw error;
    }
  };
  const concurrency =
    options.concurrency === 'auto' ? autoConcurrency(clock.now) : fixedConcurrency(options.concurrency);
  const executor = createExecutor(plans, options, concurrency, abort, append, () => scheduler.resize());
  const counts = { done: 0, failed: 0, errored: 0 };
  const failedCases = new Set<string>();
  let firstError: unknown;
  const onError = (error: unknown): void => {
    firstError ??= error;
    abort.stop('stopped');
  };

  async function execute(testCase: Case, trial: number): Promise<boolean> {
    const settled = await executor.execute(testCase, trial);
    if (!settled) return false;
    const { record, results } = settled;
    // The trial is under way until it is in the file: a killed run repeats no more calls than were in flight.
    const span = await append(record);
    const verdict = await options.judgeTrial(record, span, testCase, results);
    if (verdict === undefined) return false;
    // A cassette stores what the cache answered too. An error that the case does not assert is to be retried.
    const isKept = record.from !== 'cassette' && !(verdict === 'errored' && testCase.judgesErrors);
    if (replays && isKept) await replays.store(testCase, record, results);
    counts.done++;
    if (verdict === 'errored') counts.errored++;
    if (verdict === 'failed') {
      counts.failed++;
      failedCases.add(`${record.suite}\0${record.case}`);
      const cases = failedCases.size;
      if (bail !== undefined && cases >= bail)
        abort.stop('bailed', `stopped after ${plural(cases, 'failed case')} (--bail)`);
    }
    const pace = executor.pace();
    options.onProgress?.({
      ...counts,
      total: scheduler.total(),
      inFlight: executor.callsInFlight(),
      ...(pace ? { pace } : {}),
    });
    return true;
  }

  // With --bail no call may begin before the verdicts are in: a permit lasts until a trial is judged.
  const permits = createSemaphore(concurrency.limit);
  const scheduler: Scheduler = createScheduler(plans, {
    concurrency: concurrency.limit,
    trialsToSend: options.trialsToSend,
    drain: abort.drain,
    execute: async (testCase, trial) => {
      try {
        const work = (): Promise<boolean> => execute(testCase, trial);
        return await (bail === undefined ? work() : withPermit(permits, work));
      } catch (error) {
        onError(error);
        return false;
      }
    },
    onError,
  });
  try {
    await scheduler.run();
  } finally {
    abort.release();
  }
  if (firstError !== undefined) throw firstError;
  const lost = executor.lostCalls();
  const record: EndRecord = {
    v: journalVersion,
    type: 'end',
    at: new Date(clock.now()).toISOString(),
    ...abort.outcome(),
    ...(lost > 0 ? { lost } : {}),
  };
  await append(record);
  return { record, causes: abort.causes, minimalBudget: executor.minimalBudget() };
}

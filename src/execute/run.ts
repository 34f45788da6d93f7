import type { CallResult } from '../gemini/call-result.ts';
import type { Span } from '../journal/lines.ts';
import { journalVersion, type EndRecord, type TrialRecord } from '../journal/record.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { autoConcurrency, fixedConcurrency } from './concurrency.ts';
import { createExecutor, type ExecutorOptions } from './executor.ts';
import type { Pace } from './pace.ts';
import type { Purse } from './purse.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createSlots, inPlace } from './slots.ts';
import { watchStop, type OnRefused, type Stop } from './stop.ts';

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
  /** The slowest pace that calls wait for; absent where none does. */
  readonly pace?: Pace;
}

export interface RunOptions extends Omit<ExecutorOptions, 'purse'> {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly concurrency: number | 'auto';
  readonly signal: AbortSignal;
  /** Stop after so many failed cases. */
  readonly bail?: number;
  /** Makes the purse of the run; `stop` ends the run when it is empty. */
  readonly openPurse?: (stop: Stop['stop']) => Purse;
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
  readonly onRefused?: OnRefused;
}

/** Makes every trial of the plans and appends each to the journal; resolves with the journal's last record, already appended. */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<EndRecord> {
  const { clock, signal, bail, recordings } = options;
  const stop = watchStop(signal, options.onRefused);
  const append: JournalWriter['append'] = async (record) => {
    try {
      return await options.journal.append(record);
    } catch (error) {
      stop.abandon();
      throw error;
    }
  };
  const concurrency =
    options.concurrency === 'auto' ? autoConcurrency(clock.now) : fixedConcurrency(options.concurrency);
  const purse = options.openPurse?.(stop.stop);
  const executor = createExecutor(
    plans,
    { ...options, ...(purse ? { purse } : {}) },
    concurrency,
    stop,
    append,
    () => scheduler.resize(),
  );
  const counts = { done: 0, failed: 0, errored: 0 };
  const failedCases = new Set<string>();
  let firstError: unknown;
  const onError = (error: unknown): void => {
    firstError ??= error;
    stop.stop('stopped');
  };

  async function execute(testCase: Case, trial: number): Promise<boolean> {
    const settled = await executor.execute(testCase, trial);
    if (!settled) return false;
    const { record, results } = settled;
    // Until it is in the file the call counts as in flight: a killed run repeats no more calls than were.
    const span = await append(record);
    const verdict = await options.judgeTrial(record, span, testCase, results);
    if (verdict === undefined) return false;
    // What the cache answered belongs into a cassette all the same; an error that no case asserts is to be asked again.
    const isKept = record.from !== 'cassette' && !(verdict === 'errored' && testCase.judgesErrors);
    if (recordings && isKept) await recordings.keep(testCase, record, results);
    counts.done++;
    if (verdict === 'errored') counts.errored++;
    if (verdict === 'failed') {
      counts.failed++;
      failedCases.add(`${record.suite}\0${record.case}`);
      const cases = failedCases.size;
      if (bail !== undefined && cases >= bail)
        stop.stop('bailed', `stopped after ${cases} failed case${cases === 1 ? '' : 's'} (--bail)`);
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

  // With --bail a failure must not find calls begun since: as many trials as calls, of all models together.
  const places = createSlots(concurrency.limit);
  const scheduler: Scheduler = createScheduler(plans, {
    concurrency: concurrency.limit,
    trialsToSend: options.trialsToSend,
    drain: stop.stopping,
    execute: async (testCase, trial) => {
      try {
        const work = (): Promise<boolean> => execute(testCase, trial);
        return await (bail === undefined ? work() : inPlace(places, work));
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
    stop.release();
  }
  if (firstError !== undefined) throw firstError;
  const lost = executor.lostCalls();
  const end: EndRecord = {
    v: journalVersion,
    type: 'end',
    at: new Date(clock.now()).toISOString(),
    ...stop.outcome(),
    ...(lost > 0 ? { lost } : {}),
  };
  await append(end);
  return end;
}

import { classify } from '../gemini/errors.ts';
import type { Exchange, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Span } from '../journal/lines.ts';
import { journalVersion, type EndRecord, type TrialRecord } from '../journal/record.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import type { Clock } from './clock.ts';
import { autoConcurrency, fixedConcurrency } from './concurrency.ts';
import { createFeed } from './feed.ts';
import { createLanes } from './lanes.ts';
import type { Pace } from './pace.ts';
import type { Purse } from './purse.ts';
import type { Recordings } from './recordings.ts';
import { whyStopped } from './refusal.ts';
import { createRetryBudget } from './retry.ts';
import { createSlots, inPlace } from './slots.ts';
import { watchStop, type OnRefused, type Stop } from './stop.ts';
import { makeTrial, type BegunCall, type TrialTools } from './trial.ts';
import { trialRecord } from './trial-record.ts';

export { systemClock } from './clock.ts';

type TrialVerdict = 'passed' | 'failed' | 'errored';

/** Counted in trials. */
interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly errored: number;
  readonly inFlight: number;
  /** The slowest pace that calls wait for; absent where none does. */
  readonly pace?: Pace;
}

export interface RunOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly concurrency: number | 'auto';
  readonly retries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly rpm?: number;
  readonly tpm?: number;
  /** Stop after so many failed cases. */
  readonly bail?: number;
  /** Makes the purse of the run; `stop` ends the run when it is empty. */
  readonly openPurse?: (stop: Stop['stop']) => Purse;
  readonly recordings?: Recordings;
  /** True for a trial that the journal holds already. */
  readonly isSettled?: (ref: CaseRef, trial: number) => boolean;
  /** What an earlier run had of a conversation. */
  readonly begun?: (ref: CaseRef, trial: number) => readonly BegunCall[] | undefined;
  /** What an earlier run was answered by a case that asked the same under another name. */
  readonly renamed?: (asked: Case, trial: number) => TrialRecord | undefined;
  /** Supplied from outside, for progress and bail: execute never judges. */
  readonly judgeTrial?: (record: TrialRecord, span: Span, asked: Case) => Promise<TrialVerdict | undefined>;
  readonly onProgress?: (progress: Progress) => void;
  /** Told once a model, in a line, what slows its calls. */
  readonly onNotice?: (text: string) => void;
  readonly onRefused?: OnRefused;
  /** Told of every attempt, for --debug. */
  readonly onAttempt?: (request: GeminiRequest, exchange: Exchange) => void;
}

/** Retries that a run may make before anything has succeeded, for each trial in flight; more if a trial may make more. */
const floorPerTrial = 5;

/** Makes every trial of the plans and appends each to the journal; resolves with the journal's last record, already appended. */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<EndRecord> {
  const { clock, signal } = options;
  const stop = watchStop(signal, options.onRefused);
  const append: JournalWriter['append'] = async (record) => {
    try {
      return await options.journal.append(record);
    } catch (error) {
      stop.abandon();
      throw error;
    }
  };
  const limit =
    options.concurrency === 'auto' ? autoConcurrency(clock.now) : fixedConcurrency(options.concurrency);
  const counts = { done: 0, total: totalTrials(plans, options.isSettled), failed: 0, errored: 0 };
  const slots = createSlots(limit.limit);
  const places = createSlots(limit.limit);
  const settling = new Set<Promise<void>>();
  const purse = options.openPurse?.(stop.stop);
  const retryBudget = createRetryBudget(Math.max(floorPerTrial, options.retries) * limit.limit());
  const lanes = createLanes(
    plans.map(({ suite }) => suite.limits),
    options,
    stop,
  );
  const tools: TrialTools = {
    transport: options.transport,
    clock,
    retries: options.retries,
    retryBudget,
    lane: lanes.of,
    slots,
    ending: stop.ending,
    onFatal: (asked, exchange) => {
      // A case that is about failing stops nothing.
      if (!asked.judgesErrors) stopFor(asked.model, exchange);
    },
    onLost: (calls) => void (lost += calls),
    onAttempt: (request, exchange, { quota }) => {
      limit.tell(quota === true);
      feed.resize();
      options.onAttempt?.(request, exchange);
    },
    ...(purse ? { purse } : {}),
  };
  const failedCases = new Set<string>();
  let fault: unknown;
  let lost = 0;
  const fail = (error: unknown): void => {
    fault ??= error;
    stop.stop('stopped');
  };

  /** Ends the run, or what is left of a model, where no further call can succeed. */
  function stopFor(model: string | undefined, exchange: Exchange): void {
    const { scope, cause } = classify(exchange);
    const message = whyStopped(exchange);
    if (scope === 'run' || model === undefined) return stop.stop('stopped', message, cause);
    stop.stopModel(model, message, cause);
    lanes.of(model).close();
  }

  async function settle(asked: Case, record: TrialRecord, span: Span): Promise<void> {
    const verdict = (await options.judgeTrial?.(record, span, asked)) ?? 'passed';
    // What the cache answered belongs into a cassette all the same; an error that no case asserts is to be asked again.
    const isKept = record.from !== 'cassette' && !(verdict === 'errored' && asked.judgesErrors);
    if (options.recordings && isKept) await options.recordings.keep(asked, record);
    counts.done++;
    if (verdict === 'errored') counts.errored++;
    if (verdict === 'failed') {
      counts.failed++;
      failedCases.add(`${record.suite}\0${record.case}`);
      if (options.bail !== undefined && failedCases.size >= options.bail)
        stop.stop(
          'bailed',
          `stopped after ${failedCases.size} failed case${failedCases.size === 1 ? '' : 's'} (--bail)`,
        );
    }
    const pace = lanes.pace();
    options.onProgress?.({ ...counts, inFlight: slots.taken(), ...(pace ? { pace } : {}) });
  }

  async function one(asked: Case, trial: number): Promise<void> {
    if (stop.isStopped(asked.model)) return;
    const recalls = options.renamed !== undefined || options.recordings !== undefined;
    const record =
      (recalls ? await answeredBefore(asked, trial, options) : undefined) ??
      (await makeTrial(asked, trial, toolsOf(tools, asked, trial, append), options.begun?.(asked, trial)));
    if (!record) return;
    // Until it is in the file the call counts as in flight: a killed run asks no more again than were.
    const span = await append(record);
    // The next call need not wait for the judge; but no more may wait for it than are in flight.
    const settled = settle(asked, record, span).catch(fail);
    settling.add(settled);
    void settled.then(() => settling.delete(settled));
    if (options.bail !== undefined || settling.size > limit.limit()) await settled;
  }

  const feed = createFeed({
    concurrency: limit.limit,
    isDue: (ref, trial) => !options.isSettled?.(ref, trial),
    stopping: stop.stopping,
    // With --bail a trial keeps its place until it is judged: a failure must not find calls begun since.
    make: (asked, trial) =>
      options.bail === undefined ? one(asked, trial) : inPlace(places, () => one(asked, trial)),
    fail,
  });
  try {
    await feed.all(plans);
    await Promise.all(settling);
  } finally {
    stop.release();
  }
  if (fault !== undefined) throw fault;
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

/** A trial that needs no call: answered under another name, or from a recording. */
async function answeredBefore(
  asked: Case,
  trial: number,
  { renamed, recordings, clock }: RunOptions,
): Promise<TrialRecord | undefined> {
  const earlier = renamed?.(asked, trial);
  if (earlier) {
    const { at, exchanges, attempts, from } = earlier;
    return trialRecord(asked, trial, { at, exchanges, attempts, ...(from === undefined ? {} : { from }) });
  }
  const recalled = await recordings?.recall(asked, trial);
  return (
    recalled &&
    trialRecord(asked, trial, { at: new Date(clock.now()).toISOString(), ...recalled, attempts: [] })
  );
}

/** The tools of one trial: its suite's prices, and a door for the turns of a conversation. */
function toolsOf(tools: TrialTools, asked: Case, trial: number, append: JournalWriter['append']): TrialTools {
  const { suite, id, fingerprint } = asked;
  const own = suite.prices ? { ...tools, prices: suite.prices } : tools;
  if (asked.request.asks.length === 0) return own;
  return {
    ...own,
    onTurn: async (call, exchange, attempts) => {
      await append({
        v: journalVersion,
        type: 'turn',
        suite: suite.name,
        case: id,
        trial,
        fingerprint,
        call,
        exchange,
        attempts,
      });
    },
  };
}

function totalTrials(plans: readonly Plan[], isSettled: RunOptions['isSettled']): number {
  let total = 0;
  for (const plan of plans)
    for (const ref of plan.cases) {
      if (ref.skip !== undefined) continue;
      for (let trial = 1; trial <= ref.repeats; trial++) if (!isSettled?.(ref, trial)) total++;
    }
  return total;
}

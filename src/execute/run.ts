import PQueue from 'p-queue';
import { classify, readError } from '../gemini/errors.ts';
import type { Transport } from '../gemini/transport.ts';
import type { EndRecord, TrialRecord } from '../journal/record.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Case, Plan } from '../plan/case.ts';
import type { Clock } from './clock.ts';
import { createPacer, type Pacer } from './pace.ts';
import { makeTrial, type TrialTools } from './trial.ts';

export { systemClock } from './clock.ts';

export type TrialVerdict = 'passed' | 'failed' | 'errored';

/** Counted in trials. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly errored: number;
  readonly inFlight: number;
}

export interface RunOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly concurrency: number;
  readonly retries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly rpm?: number;
  readonly tpm?: number;
  /** Stop after so many failed cases. */
  readonly bail?: number;
  /** Supplied from outside, for progress and bail: execute never judges. */
  readonly judgeTrial?: (record: TrialRecord) => Promise<TrialVerdict | undefined>;
  readonly onProgress?: (progress: Progress) => void;
}

/** How long calls in flight may take to end after an interruption. */
const graceMs = 10_000;

/** Makes every trial of the plans and appends each to the journal; resolves with the journal's last record, already appended. */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<EndRecord> {
  const { clock, journal, concurrency, signal } = options;
  const stopping = new AbortController();
  const ending = new AbortController();
  let reason: EndRecord['reason'] = 'done';
  let message: string | undefined;
  const stop = (why: EndRecord['reason'], words?: string): void => {
    if (stopping.signal.aborted) return;
    reason = why;
    message = words;
    stopping.abort();
  };
  const onAbort = (): void => {
    stop('interrupted', 'interrupted; what was answered is kept');
    setTimeout(() => ending.abort(), graceMs).unref();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });

  const counts = { done: 0, total: totalTrials(plans), failed: 0, errored: 0 };
  const failedCases = new Set<string>();
  const queue = new PQueue({ concurrency });
  const tell = (): void => options.onProgress?.({ ...counts, inFlight: queue.pending });
  let fault: unknown;
  const settling = new Set<Promise<void>>();
  const fail = (error: unknown): void => {
    fault ??= error;
    stop('stopped');
  };

  async function settle(asked: Case, record: TrialRecord): Promise<void> {
    await journal.append(record);
    const verdict = (await options.judgeTrial?.(record)) ?? 'passed';
    counts.done++;
    if (verdict === 'errored') counts.errored++;
    if (verdict === 'failed') {
      counts.failed++;
      failedCases.add(`${record.suite}\0${record.case}`);
      if (options.bail !== undefined && failedCases.size >= options.bail)
        stop('bailed', `stopped after ${failedCases.size} failed cases (--bail)`);
    }
    const last = record.exchanges.at(-1);
    const fatal = last && classify(last).kind === 'fatal' && !asked.judgesErrors;
    if (fatal)
      stop(
        'stopped',
        `stopped: ${readError(last)?.message ?? 'the API refuses every call'}; what was answered is kept`,
      );
    tell();
  }

  feeding: for (const plan of plans) {
    const tools = toolsFor(plan, options, stopping.signal, ending.signal);
    for (const ref of plan.cases) {
      if (ref.skip !== undefined) continue;
      const asked = plan.materialize(ref);
      for (let trial = 1; trial <= ref.repeats; trial++) {
        // Fed lazily: jobs that wait cost memory, and a stopped run must not have to drain them.
        if (queue.size >= 2 * concurrency) await queue.onSizeLessThan(concurrency);
        if (stopping.signal.aborted) break feeding;
        void queue
          .add(async () => {
            const record = await makeTrial(asked, trial, tools);
            if (!record) return;
            // The next call need not wait for the disk; but no more may wait for it than are in flight.
            const settled = settle(asked, record).catch(fail);
            settling.add(settled);
            void settled.then(() => settling.delete(settled));
            if (settling.size > concurrency) await settled;
          })
          .catch(fail);
      }
    }
  }
  await queue.onIdle();
  await Promise.all(settling);
  signal.removeEventListener('abort', onAbort);
  if (fault !== undefined) throw fault;
  const end: EndRecord = {
    v: 1,
    type: 'end',
    at: new Date(clock.now()).toISOString(),
    reason,
    ...(message === undefined ? {} : { message }),
  };
  await journal.append(end);
  return end;
}

function totalTrials(plans: readonly Plan[]): number {
  let total = 0;
  for (const plan of plans) for (const ref of plan.cases) if (ref.skip === undefined) total += ref.repeats;
  return total;
}

function toolsFor(plan: Plan, options: RunOptions, stopping: AbortSignal, ending: AbortSignal): TrialTools {
  const { limits } = plan.suite;
  const pacers = new Map<string, Pacer | undefined>();
  const pacer = (model = ''): Pacer | undefined => {
    if (!pacers.has(model)) {
      const own = limits?.models?.[model];
      const rpm = options.rpm ?? own?.rpm ?? limits?.rpm;
      const tpm = options.tpm ?? own?.tpm ?? limits?.tpm;
      const rate = { ...(rpm === undefined ? {} : { rpm }), ...(tpm === undefined ? {} : { tpm }) };
      pacers.set(
        model,
        rpm === undefined && tpm === undefined ? undefined : createPacer(rate, options.clock),
      );
    }
    return pacers.get(model);
  };
  const { transport, clock, retries } = options;
  return { transport, clock, retries, pacer, stopping, ending };
}

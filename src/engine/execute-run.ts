import { tellPace } from '../execute/pace.ts';
import type { Recordings } from '../execute/recordings.ts';
import type { Least } from '../execute/too-dear.ts';
import type { Cause } from '../gemini/cause.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { openJournal } from '../journal/writer.ts';
import type { Judge } from '../judge/judge.ts';
import type { Plan } from '../plan/case.ts';
import type { BudgetOptions } from './budget.ts';
import { emit, type Context } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { endDiagnostics } from './run-end.ts';
import type { Resumed } from './resume.ts';
import { transportOf, type TimeoutOptions } from './transport.ts';
import { runPlans, systemClock } from '../execute/run.ts';
import { purseFor } from './budget.ts';

export interface ExecuteOptions extends TimeoutOptions, BudgetOptions {
  /** Trials in flight; `auto` finds how many help. */
  readonly concurrency: number | 'auto';
  /** Further attempts after a failure that may pass. */
  readonly retries: number;
  /** At most so many requests, and input tokens, a minute and model. */
  readonly rpm?: number;
  readonly tpm?: number;
  /** Stop after so many failed cases. */
  readonly bail?: number;
}

interface Execution {
  readonly plans: readonly Plan[];
  readonly endpoint: Endpoint;
  readonly journalPath: string;
  readonly record: RunRecord | ResumeRecord;
  readonly judge: Judge;
  readonly resumed: Resumed | undefined;
  readonly recordings: Recordings | undefined;
}

function isBounded({ maxCost, maxTokens }: BudgetOptions): boolean {
  return maxCost !== undefined || maxTokens !== undefined;
}

/**
 * Makes every trial, journals it and judges it. Closing what was opened needs the disk and not the processor, so it
 * goes on beside the reports: `closed` rejects if the journal could not be written to its end.
 */
export async function executeRun(
  context: Context,
  options: ExecuteOptions,
  { plans, endpoint, journalPath, record, judge, resumed, recordings }: Execution,
): Promise<{ end: EndRecord; closed: Promise<unknown> }> {
  const opening = async () => {
    const transport = await transportOf(context, endpoint, options);
    const journal = await openJournal(journalPath, resumed?.soundBytes).catch(async (error: unknown) => {
      await transport.close();
      throw error;
    });
    return { transport, journal };
  };
  const { transport, journal } = await opening().catch(async (error: unknown) => {
    // An emulator that listens would keep the process.
    await endpoint.close();
    throw error;
  });
  const { on } = context;
  let least: Least | undefined;
  const causes = new Map<string, Cause>();
  const openPurse = isBounded(options)
    ? purseFor(options, transport, (needed) => void (least ??= needed))
    : undefined;
  let closed: Promise<unknown> = Promise.resolve();
  let end: EndRecord;
  on({ type: 'started' });
  try {
    await journal.append(record);
    end = await runPlans(plans, {
      transport,
      journal,
      concurrency: options.concurrency,
      retries: options.retries,
      clock: systemClock,
      signal: context.signal,
      trialsToSend: judge.trialsToSend,
      judgeTrial: judge.add,
      onProgress: ({ pace, ...progress }) =>
        on({ type: 'progress', progress: { ...progress, ...(pace ? { pace: tellPace(pace) } : {}) } }),
      onNotice: (text) => on({ type: 'slowed', text }),
      onAttempt: (request, exchange) => on({ type: 'attempt', request, exchange }),
      onRefused: (cause, model = '') => void causes.set(model, cause),
      ...(openPurse ? { openPurse } : {}),
      ...(recordings ? { recordings } : {}),
      ...(resumed ? { begun: resumed.begun } : {}),
      ...(options.bail === undefined ? {} : { bail: options.bail }),
      ...(options.rpm === undefined ? {} : { rpm: options.rpm }),
      ...(options.tpm === undefined ? {} : { tpm: options.tpm }),
    });
  } finally {
    on({ type: 'ended' });
    closed = Promise.all([journal.close(), transport.close(), endpoint.close()]);
    // Whoever awaits it gets the error; until then it is no unhandled rejection.
    closed.catch(() => undefined);
  }
  emit(context, endDiagnostics(end, context.commandLine, { least, causes }));
  return { end, closed };
}

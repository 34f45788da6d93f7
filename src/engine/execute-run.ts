import { paceText } from '../execute/token-bucket.ts';
import type { ReplayStore } from '../execute/replay-store.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { openJournal } from '../journal/writer.ts';
import type { Judge } from '../judge/judge.ts';
import type { Plan } from '../plan/case.ts';
import type { BudgetOptions } from './budget.ts';
import { emit, type Context } from './context.ts';
import { transportOf, type Endpoint, type TimeoutOptions } from './endpoint.ts';
import { endDiagnostics } from './run-end.ts';
import type { Resumed } from './resume.ts';
import { runPlans, systemClock, type RunEnd } from '../execute/run.ts';

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
  readonly replays: ReplayStore | undefined;
}

/**
 * Makes every trial, journals it and judges it. Closing what was opened needs the disk and not the processor, so it
 * goes on beside the reports: `closed` rejects if the journal could not be written to its end.
 */
export async function executeRun(
  context: Context,
  options: ExecuteOptions,
  { plans, endpoint, journalPath, record, judge, resumed, replays }: Execution,
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
  const close = () => [journal.close(), transport.close(), endpoint.close()];
  let end: RunEnd;
  try {
    try {
      on({ type: 'started' });
      await journal.append(record);
      const { concurrency, retries, bail, rpm, tpm, maxCost, maxTokens } = options;
      end = await runPlans(plans, {
        transport,
        journal,
        concurrency,
        retries,
        bail,
        rpm,
        tpm,
        budget: { maxUsd: maxCost, maxTokens },
        replays,
        begun: resumed?.begun,
        clock: systemClock,
        signal: context.signal,
        trialsToSend: judge.trialsToSend,
        judgeTrial: judge.add,
        onProgress: ({ pace, ...progress }) =>
          on({ type: 'progress', progress: { ...progress, ...(pace ? { pace: paceText(pace) } : {}) } }),
        onNotice: (text) => on({ type: 'slowed', text }),
        onAttempt: (request, exchange) => on({ type: 'attempt', request, exchange }),
      });
    } finally {
      on({ type: 'ended' });
    }
  } catch (error) {
    await Promise.allSettled(close());
    throw error;
  }
  const closed = Promise.all(close());
  // Whoever awaits it gets the error; until then it is no unhandled rejection.
  closed.catch(() => undefined);
  emit(context, endDiagnostics(end, context.commandLine));
  return { end: end.record, closed };
}

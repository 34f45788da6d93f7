import type { Recordings } from '../execute/recordings.ts';
import type { Least } from '../execute/too-dear.ts';
import type { Cause } from '../gemini/cause.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { openJournal } from '../journal/writer.ts';
import type { Judge } from '../judge/judge.ts';
import type { Plan } from '../plan/case.ts';
import type { BudgetFlags } from './budget.ts';
import { printDiagnostics, type Context } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import { tellEnd } from './run-end.ts';
import type { Resumed } from './resume.ts';
import { onInterrupt } from './signals.ts';
import { transportOf, type TimeoutFlags } from './transport.ts';

export interface AskFlags extends TimeoutFlags, BudgetFlags {
  readonly concurrency: number | 'auto';
  readonly retries: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly bail?: number;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

interface Asking {
  readonly plans: readonly Plan[];
  readonly endpoint: Endpoint;
  readonly journalPath: string;
  readonly record: RunRecord | ResumeRecord;
  readonly judge: Judge;
  readonly resumed: Resumed | undefined;
  readonly recordings: Recordings | undefined;
}

function isBounded({ maxCost, maxTokens }: BudgetFlags): boolean {
  return maxCost !== undefined || maxTokens !== undefined;
}

/**
 * Makes every trial, journals it and judges it. Closing what was opened needs the disk and not the processor, so it
 * goes on beside the reports: `closed` rejects if the journal could not be written to its end.
 */
export async function ask(
  context: Context,
  flags: AskFlags,
  { plans, endpoint, journalPath, record, judge, resumed, recordings }: Asking,
): Promise<{ end: EndRecord; closed: Promise<unknown> }> {
  const opening = async () => {
    const [{ runPlans, systemClock }, { createProgress }] = await Promise.all([
      import('../execute/run.ts'),
      import('../execute/progress.ts'),
    ]);
    const transport = await transportOf(context, endpoint, flags);
    const journal = await openJournal(journalPath, resumed?.soundBytes).catch(async (error: unknown) => {
      await transport.close();
      throw error;
    });
    return { runPlans, systemClock, createProgress, transport, journal };
  };
  const { runPlans, systemClock, createProgress, transport, journal } = await opening().catch(
    async (error: unknown) => {
      // An emulator that listens would keep the process.
      await endpoint.close();
      throw error;
    },
  );
  const interrupt = onInterrupt(context);
  const progress = flags.quiet ? undefined : createProgress(context.err);
  const debug = flags.debug ? (await import('./debug.ts')).createDebug(context.err) : undefined;
  let least: Least | undefined;
  const causes = new Map<string, Cause>();
  const openPurse = isBounded(flags)
    ? (await import('./budget.ts')).purseFor(flags, transport, (needed) => void (least ??= needed))
    : undefined;
  let closed: Promise<unknown> = Promise.resolve();
  let end: EndRecord;
  try {
    await journal.append(record);
    end = await runPlans(plans, {
      transport,
      journal,
      concurrency: flags.concurrency,
      retries: flags.retries,
      clock: systemClock,
      signal: interrupt.signal,
      isSettled: judge.isSettled,
      judgeTrial: judge.add,
      onRefused: (cause, model = '') => void causes.set(model, cause),
      ...(openPurse ? { openPurse } : {}),
      ...(recordings ? { recordings } : {}),
      ...(resumed ? { begun: resumed.begun, renamed: resumed.renamed } : {}),
      ...(progress ? { onProgress: progress.update, onNotice: progress.note } : {}),
      ...(debug ? { onAttempt: debug } : {}),
      ...(flags.bail === undefined ? {} : { bail: flags.bail }),
      ...(flags.rpm === undefined ? {} : { rpm: flags.rpm }),
      ...(flags.tpm === undefined ? {} : { tpm: flags.tpm }),
    });
  } finally {
    progress?.end();
    interrupt.release();
    closed = Promise.all([journal.close(), transport.close(), endpoint.close()]);
    // Whoever awaits it is told; until then it is no unhandled rejection.
    closed.catch(() => undefined);
  }
  await printDiagnostics(context, tellEnd(end, context.argv, { least, causes }));
  return { end, closed };
}

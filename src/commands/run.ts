import path from 'node:path';
import { openJournal } from '../journal/writer.ts';
import type { EndRecord, RunRecord } from '../journal/record.ts';
import { exitCodeOf } from '../judge/exit.ts';
import { createJudge, type Judge } from '../judge/judge.ts';
import { version } from '../lib/version.ts';
import type { Plan } from '../plan/case.ts';
import { renderSummary } from '../report/terminal/summary.ts';
import { columnsOf, wantsColor, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type Endpoint, type EndpointFlags } from './endpoint.ts';
import { resultsOf } from './judge-journal.ts';
import { loadPlans } from './load.ts';
import { selectionOf, type NarrowingFlags } from './options.ts';
import { prepareFolder, readReporters, writeReports } from './reports.ts';
import { onInterrupt } from './signals.ts';
import { planOptionsOf } from './validate.ts';

export interface RunFlags extends NarrowingFlags, EndpointFlags {
  readonly concurrency: number;
  readonly reports: string;
  readonly reporter: string;
  readonly timeout: number;
  readonly retries: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly bail?: number;
  readonly quiet?: boolean;
}

/** `assay run`: suites → plan → trials → journal → results → reports. Everything that can be wrong is found before the first call. */
export async function run(context: Context, paths: readonly string[], flags: RunFlags): Promise<number> {
  const reporters = readReporters(flags.reporter);
  const checked = checkEndpoint(context, flags);
  const plans = await loadPlans(context, paths, planOptionsOf(context, flags));
  if (!plans) return 2;
  const directory = path.resolve(context.cwd, flags.reports);
  await prepareFolder(directory, flags.reports);
  const endpoint = await openEndpoint(context, flags, checked);
  if (!endpoint) return 2;
  const journalPath = path.join(directory, 'journal.jsonl');
  const judge = createJudge(plans);
  const record = runRecord(paths, plans, endpoint, flags);
  const { end, closed } = await ask(context, plans, endpoint, journalPath, record, judge, flags);
  const results = resultsOf(judge.results(), record, end);
  await writeReports(results, directory, reporters);
  await closed;
  if (!flags.quiet) {
    const style = { color: wantsColor(context, context.out), width: columnsOf(context.out) };
    context.out.write(`${renderSummary(results, style)}\n`);
    const page = reporters.includes('html') ? path.join(flags.reports, 'index.html') : flags.reports;
    context.out.write(`reports: ${page}\n`);
  }
  return exitCodeOf(results);
}

/**
 * Makes every trial, journals it and judges it. Closing what was opened needs the disk and not the processor, so it
 * goes on beside the reports: `closed` rejects if the journal could not be written to its end.
 */
async function ask(
  context: Context,
  plans: readonly Plan[],
  endpoint: Endpoint,
  journalPath: string,
  record: RunRecord,
  judge: Judge,
  flags: RunFlags,
): Promise<{ end: EndRecord; closed: Promise<unknown> }> {
  const [{ createTransport }, { runPlans, systemClock }, { createProgress }] = await Promise.all([
    import('../gemini/transport.ts'),
    import('../execute/run.ts'),
    import('../execute/progress.ts'),
  ]);
  const { baseUrl, apiKey } = endpoint;
  const transport = createTransport({
    baseUrl,
    timeoutMs: flags.timeout,
    // The emulator is on this machine: no proxy stands before it.
    env: endpoint.emulator ? {} : context.env,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  const journal = await openJournal(journalPath);
  const interrupt = onInterrupt(context);
  const progress = flags.quiet ? undefined : createProgress(context.err);
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
      judgeTrial: judge.add,
      ...(progress ? { onProgress: progress.update } : {}),
      ...(flags.bail === undefined ? {} : { bail: flags.bail }),
      ...(flags.rpm === undefined ? {} : { rpm: flags.rpm }),
      ...(flags.tpm === undefined ? {} : { tpm: flags.tpm }),
    });
    progress?.end();
    if (end.message !== undefined) context.err.write(`${end.message}\n`);
  } finally {
    interrupt.release();
    closed = Promise.all([journal.close(), transport.close(), endpoint.close()]);
    // Whoever awaits it is told; until then it is no unhandled rejection.
    closed.catch(() => undefined);
  }
  return { end, closed };
}

function runRecord(
  paths: readonly string[],
  plans: readonly Plan[],
  endpoint: Endpoint,
  flags: RunFlags,
): RunRecord {
  return {
    v: 1,
    type: 'run',
    startedAt: new Date().toISOString(),
    assay: version,
    node: process.versions.node,
    endpoint: endpoint.baseUrl,
    emulator: endpoint.emulator,
    paths: paths.length > 0 ? paths : ['suites'],
    suites: plans.map(({ suite, cases }) => ({
      name: suite.name,
      path: suite.file.path,
      digest: suite.digest(),
      cases: cases.length,
    })),
    options: {
      selection: { ...selectionOf(flags) },
      ...(flags.useModel === undefined ? {} : { useModel: flags.useModel }),
      ...(flags.repeats === undefined ? {} : { repeats: flags.repeats }),
    },
  };
}

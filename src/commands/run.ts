import path from 'node:path';
import type { ResumeRecord, RunRecord } from '../journal/record.ts';
import { journalVersion } from '../journal/record.ts';
import { lockFolder } from '../journal/lock.ts';
import { openTrials } from '../journal/reader.ts';
import { createJudge, whyNotAsked } from '../judge/judge.ts';
import { version } from '../lib/version.ts';
import { ask, type AskFlags } from './ask.ts';
import type { BaselineFlags } from './baseline.ts';
import { conclude, openBaselineIfNamed } from './conclude.ts';
import { printDiagnostics, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type Endpoint, type EndpointFlags } from './endpoint.ts';
import { resultsOf } from './judge-journal.ts';
import { planCases, tellIfEmpty, type Planned, type PlanningFlags } from './narrow.ts';
import { checkRecordings, openRecordings, type RecordingFlags } from './recordings.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';
import { setAside } from './set-aside.ts';

export interface RunFlags extends PlanningFlags, EndpointFlags, AskFlags, RecordingFlags, BaselineFlags {
  readonly reports: string;
  readonly reporter: string;
}

/** `assay run`: suites → plan → trials → journal → results → reports. Everything that can be wrong is found before the first call. */
export async function run(context: Context, paths: readonly string[], flags: RunFlags): Promise<number> {
  const reporters = await readReporters(context, flags.reporter);
  checkRecordings(flags);
  if (typeof flags.cache === 'string')
    await (await import('./recording-places.ts')).checkCachePlace(context, flags.cache);
  const checked = checkEndpoint(context, flags);
  const planned = await planCases(context, paths, flags);
  if (!planned) return 2;
  const { plans } = planned;
  if (!flags.quiet) tellIfEmpty(context, planned);
  if (flags.maxCost !== undefined) {
    const { unpricedModels } = await import('./budget.ts');
    if (await printDiagnostics(context, unpricedModels(plans, flags, new Date()))) return 2;
  }
  const baseline = await openBaselineIfNamed(context, flags, plans);
  if (flags.record !== undefined || flags.replay !== undefined)
    await (await import('./recording-places.ts')).checkCassettePlace(context, flags, plans);
  const directory = path.resolve(context.cwd, flags.reports);
  prepareFolder(directory, flags.reports);
  const lock = await lockFolder(directory, flags.reports);
  try {
    const journalPath = path.join(directory, 'journal.jsonl');
    const judge = createJudge(plans);
    const resumed = flags.resume
      ? await (await import('./resume.ts')).resume(context, journalPath, flags, planned, judge)
      : undefined;
    const { recordings, save } = await openRecordings(context, flags);
    if (resumed && recordings)
      await (await import('./resume.ts')).keepAnswers(journalPath, plans, judge, recordings);
    const endpoint = await openEndpoint(context, flags, checked);
    if (!endpoint) return 2;
    const record = runRecord(paths, planned, endpoint, resumed !== undefined);
    if (!resumed) await setAside(context, directory, flags.reports, flags.quiet);
    const { end, closed } = await ask(context, flags, {
      plans,
      endpoint,
      journalPath,
      record,
      judge,
      resumed,
      recordings,
    });
    await save();
    const trials = openTrials(journalPath);
    try {
      const results = resultsOf(
        judge.results(whyNotAsked(end), trials.read),
        resumed?.run ?? record,
        record,
        end,
        (resumed?.lost ?? 0) + (end.lost ?? 0),
      );
      const code = await conclude(context, results, { ...flags, directory, reporters, baseline });
      await closed;
      if (!flags.quiet) {
        const page = reporters.some(({ name }) => name === 'html')
          ? path.join(flags.reports, 'index.html')
          : flags.reports;
        context.out.write(`reports: ${page}\n`);
      }
      return code;
    } finally {
      trials.close();
    }
  } finally {
    lock.release();
  }
}

function runRecord(
  paths: readonly string[],
  { plans, options, shard }: Planned,
  endpoint: Endpoint,
  resumes: boolean,
): RunRecord | ResumeRecord {
  return {
    v: journalVersion,
    type: resumes ? 'resume' : 'run',
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
    options,
    ...(shard ? { shard } : {}),
  };
}

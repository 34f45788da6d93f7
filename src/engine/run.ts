import path from 'node:path';
import type { ResumeRecord, RunRecord } from '../journal/record.ts';
import { journalVersion } from '../journal/record.ts';
import { lockFolder } from '../journal/lock.ts';
import { openTrials } from '../journal/reader.ts';
import { createJudge, whyNotRun } from '../judge/judge.ts';
import { version } from '../lib/version.ts';
import { executeRun, type ExecuteOptions } from './execute-run.ts';
import type { BaselineOptions } from './baseline.ts';
import { finishRun, openBaselineIfNamed, type Outcome } from './finish-run.ts';
import { refuseErrors, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import { resultsOf } from './judge-journal.ts';
import { planCases, noteIfEmpty, type Planned, type PlanningOptions } from './select-cases.ts';
import { checkRecordings, openRecordings, type RecordingOptions } from './recordings.ts';
import { prepareFolder } from './prepare-folder.ts';
import { defaults, pathsOf } from './options.ts';
import { readReporters } from './reports.ts';
import { archiveJournal } from './archive-journal.ts';
import { checkCachePlace, checkCassettePlace } from './recording-places.ts';
import { unpricedModels } from './budget.ts';
import { keepAnswers, resume } from './resume.ts';

interface Settings
  extends PlanningOptions, EndpointOptions, ExecuteOptions, RecordingOptions, BaselineOptions {
  /** Suite files or folders. */
  readonly paths: readonly string[];
  /** The folder of the journal and the reports. */
  readonly reports: string;
  /** Names of reports, or paths of modules. */
  readonly reporters: readonly string[];
}

export type RunOptions = Partial<Settings>;

/** Suites → plan → trials → journal → results → reports. Everything that can be wrong is found before the first call. */
export async function run(context: Context, given: RunOptions): Promise<Outcome> {
  const options: Settings = { ...defaults, ...given, paths: pathsOf(given) };
  const reporters = await readReporters(context, options.reporters);
  checkRecordings(options);
  if (typeof options.cache === 'string') await checkCachePlace(context, options.cache);
  const checked = checkEndpoint(context, options);
  const planned = await planCases(context, options.paths, options);
  const { plans } = planned;
  noteIfEmpty(context, planned);
  if (options.maxCost !== undefined) {
    refuseErrors(context, unpricedModels(plans, options, new Date()));
  }
  const baseline = await openBaselineIfNamed(context, options, plans);
  if (options.record !== undefined || options.replay !== undefined)
    await checkCassettePlace(context, options, plans);
  const directory = path.resolve(context.cwd, options.reports);
  prepareFolder(directory, options.reports);
  const lock = await lockFolder(directory, options.reports);
  try {
    const journalPath = path.join(directory, 'journal.jsonl');
    const judge = createJudge(plans);
    const resumed = options.resume
      ? await resume(context, journalPath, options.reports, planned, judge)
      : undefined;
    const { replays, save } = await openRecordings(context, options);
    if (resumed && replays) await keepAnswers(journalPath, plans, judge, replays);
    const endpoint = await openEndpoint(context, options, checked);
    const record = runRecord(options.paths, planned, endpoint, resumed !== undefined);
    try {
      if (!resumed) await archiveJournal(context, directory, options.reports);
    } catch (error) {
      // An emulator that listens would keep the process.
      await endpoint.close();
      throw error;
    }
    const { end, closed } = await executeRun(context, options, {
      plans,
      endpoint,
      journalPath,
      record,
      judge,
      resumed,
      replays,
    });
    await save();
    const trials = openTrials(journalPath);
    context.atClose(trials.close);
    const results = resultsOf(
      judge.results(whyNotRun(end), trials.read),
      resumed?.run ?? record,
      record,
      end,
      (resumed?.lost ?? 0) + (end.lost ?? 0),
    );
    const { reports } = options;
    const outcome = await finishRun(context, results, { directory, reports, reporters, baseline });
    await closed;
    return outcome;
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
    paths,
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

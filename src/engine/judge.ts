import path from 'node:path';
import { lockFolder } from '../journal/lock.ts';
import { openTrials, readJournal } from '../journal/reader.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { createJudge } from '../judge/judge.ts';
import type { Results } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';
import { filterPlan, isSelected } from '../plan/select.ts';
import type { BaselineOptions } from './baseline.ts';
import { selectByResults, type SelectByResultsOptions } from './select-by-results.ts';
import { finishRun, openBaselineIfNamed, type Outcome } from './finish-run.ts';
import { emit, type Context } from './context.ts';
import { findJournal, type FoundJournal } from './find-journal.ts';
import { resultsOf } from './judge-journal.ts';
import { watchMissingReplies } from './missing-replies.ts';
import { refuseNone } from './load.ts';
import { defaults, selectionOf, type SelectingOptions } from './options.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';
import { planAgain } from './select-cases.ts';

export interface JudgeOptions
  extends SelectingOptions, BaselineOptions, Pick<SelectByResultsOptions, 'lastFailed' | 'changed'> {
  /** A reports folder, or a journal. */
  readonly journal?: string;
  /** Where the reports go: the folder judged beside the journal where nothing is given. */
  readonly reports?: string;
  readonly reporters?: readonly string[];
}

/** The suites as they are now judge the replies of a run. What the journal lacks is reported, and not sent. */
export async function judge(context: Context, options: JudgeOptions): Promise<Outcome> {
  const { journal: given = defaults.reports } = options;
  const reporters = await readReporters(context, options.reporters ?? defaults.reporters);
  const journal = await findJournal(context, given);
  const { run, resumed, end, lost } = await readJournal(journal.file);
  const last = resumed ?? run;
  const all = await planAgain(context, last);
  const plans = await narrow(context, journal.folder, options, all);
  const baseline = await openBaselineIfNamed(context, options, plans);
  // Beside the reports of the run, unless another folder is given.
  const reports = options.reports ?? path.join(journal.folder, 'judged');
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const lock = await lockFolder(directory, reports);
  try {
    const results = await judgeAgain(context, journal, options, { all, plans, run, last, end, lost });
    return await finishRun(context, results, { directory, reports, reporters, baseline });
  } finally {
    lock.release();
  }
}

interface Judging {
  readonly all: readonly Plan[];
  readonly plans: readonly Plan[];
  readonly run: RunRecord;
  readonly last: RunRecord | ResumeRecord;
  readonly end: EndRecord | undefined;
  readonly lost: number;
}

async function judgeAgain(
  context: Context,
  journal: FoundJournal,
  options: JudgeOptions,
  { all, plans, run, last, end, lost }: Judging,
): Promise<Results> {
  const judging = createJudge(plans);
  const missing = watchMissingReplies(all, plans, judging);
  await readJournal(journal.file, async (record, span) =>
    missing.note(record, (await judging.add(record, span)) !== undefined),
  );
  const { warnings, lacking, whyNot } = missing.found();
  emit(context, warnings);
  const trials = openTrials(journal.file);
  context.atClose(trials.close);
  const results = resultsOf(
    judging.results(whyNot, trials.read),
    run,
    selecting(last, options, journal.folder),
    end,
    lost,
  );
  const judged = { at: new Date().toISOString(), journal: journal.displayPath, lacking };
  return { ...results, run: { ...results.run, judged } };
}

/** The cases that the narrowing options leave of those that the run was about. */
async function narrow(
  context: Context,
  folder: string,
  options: JudgeOptions,
  all: readonly Plan[],
): Promise<Plan[]> {
  const selection = selectionOf(options);
  const plans = all.map((plan) => filterPlan(plan, (ref) => isSelected(ref, selection)));
  refuseNone(plans, selection);
  return selectByResults(context, { ...options, reports: folder }, plans);
}

/** What a run is said to have been about, where the judging is about less. */
function selecting<T extends RunRecord | ResumeRecord>(last: T, options: JudgeOptions, folder: string): T {
  const { lastFailed, changed, baseline } = options;
  const selection = {
    ...last.options.selection,
    ...selectionOf(options),
    ...(lastFailed ? { lastFailed: [folder] } : {}),
    ...(changed ? { changed: [baseline ?? folder] } : {}),
  };
  return { ...last, options: { ...last.options, selection } };
}

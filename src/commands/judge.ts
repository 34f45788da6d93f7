import path from 'node:path';
import { lockFolder } from '../journal/lock.ts';
import { openTrials, readJournal } from '../journal/reader.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { createJudge } from '../judge/judge.ts';
import type { Results } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';
import { restrict } from '../plan/restrict.ts';
import { isSelected } from '../plan/select.ts';
import type { BaselineFlags } from './baseline.ts';
import { chooseByResults, type ChoosingFlags } from './choose.ts';
import { conclude, openBaselineIfNamed } from './conclude.ts';
import { printDiagnostics, type Context } from './context.ts';
import { findJournal, type FoundJournal } from './find-journal.ts';
import { resultsOf } from './judge-journal.ts';
import { createLack } from './lack.ts';
import { refuseNone } from './load.ts';
import { selectionOf, type SelectingFlags } from './options.ts';
import { planAgain } from './plan-again.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';

export interface JudgeFlags
  extends SelectingFlags, BaselineFlags, Pick<ChoosingFlags, 'lastFailed' | 'changed'> {
  readonly reports?: string;
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** `assay judge`: the suites as they are now judge the replies of a run. What the journal lacks is told, and not asked. */
export async function judge(context: Context, given: string, flags: JudgeFlags): Promise<number> {
  const reporters = await readReporters(context, flags.reporter);
  const journal = await findJournal(context, given);
  const { run, resumed, end, lost } = await readJournal(journal.file);
  const last = resumed ?? run;
  const all = await planAgain(context, last);
  const plans = all && (await narrow(context, journal.folder, flags, all));
  if (!all || !plans) return 2;
  const baseline = await openBaselineIfNamed(context, flags, plans);
  // Beside the run's own reports, and not over them unless that is asked for.
  const reports = flags.reports ?? path.join(journal.folder, 'judged');
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const lock = await lockFolder(directory, reports);
  try {
    return await judgeAgain(context, journal, flags, { all, plans, run, last, end, lost }, (results) =>
      conclude(context, results, { ...flags, directory, reports, reporters, baseline }),
    );
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
  flags: JudgeFlags,
  { all, plans, run, last, end, lost }: Judging,
  use: (results: Results) => Promise<number>,
): Promise<number> {
  const judging = createJudge(plans);
  const lack = createLack(all, plans, judging.isSettled);
  await readJournal(journal.file, async (record, span) =>
    lack.note(record, (await judging.add(record, span)) !== undefined),
  );
  const { told, lacking, whyNot } = lack.found();
  await printDiagnostics(context, told);
  const trials = openTrials(journal.file);
  try {
    const results = resultsOf(
      judging.results(whyNot, trials.read),
      run,
      selecting(last, flags, journal.folder),
      end,
      lost,
    );
    const judged = { at: new Date().toISOString(), journal: journal.shown, lacking };
    return await use({ ...results, run: { ...results.run, judged } });
  } finally {
    trials.close();
  }
}

/** The cases that the narrowing options leave of those that the run was about. */
async function narrow(
  context: Context,
  folder: string,
  flags: JudgeFlags,
  all: readonly Plan[],
): Promise<Plan[]> {
  const selection = selectionOf(flags);
  const plans = all.map((plan) => restrict(plan, (ref) => isSelected(ref, selection)));
  refuseNone(plans);
  return chooseByResults(context, { ...flags, reports: folder }, plans);
}

/** What a run is said to have been about, where the judging is about less. */
function selecting<T extends RunRecord | ResumeRecord>(last: T, flags: JudgeFlags, folder: string): T {
  const { lastFailed, changed, baseline } = flags;
  const selection = {
    ...last.options.selection,
    ...selectionOf(flags),
    ...(lastFailed ? { lastFailed: [folder] } : {}),
    ...(changed ? { changed: [baseline ?? folder] } : {}),
  };
  return { ...last, options: { ...last.options, selection } };
}

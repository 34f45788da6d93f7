import path from 'node:path';
import { lockFolder } from '../journal/lock.ts';
import { readJournal } from '../journal/reader.ts';
import type { BaselineOptions } from './baseline.ts';
import { finishRun, openBaselineIfNamed, type Outcome } from './finish-run.ts';
import type { Context } from './context.ts';
import { findJournal } from './find-journal.ts';
import { judgeJournal } from './judge-journal.ts';
import { defaults } from './options.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';
import { planAgain, refuseChanged } from './select-cases.ts';

export interface ReportOptions extends BaselineOptions {
  /** A reports folder, or a journal. */
  readonly journal?: string;
  /** Where the reports go: the journal's folder where nothing is given. */
  readonly reports?: string;
  readonly reporters?: readonly string[];
}

/** Makes the reports of a run again from its journal, as the live run made them. */
export async function report(context: Context, options: ReportOptions): Promise<Outcome> {
  const { journal: given = defaults.reports } = options;
  const reporters = await readReporters(context, options.reporters ?? defaults.reporters);
  const journal = await findJournal(context, given);
  const { run, resumed } = await readJournal(journal.file);
  const last = resumed ?? run;
  const plans = await planAgain(context, last);
  const baseline = await openBaselineIfNamed(context, options, plans);
  refuseChanged(last, plans);
  const reports = options.reports ?? journal.folder;
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const lock = await lockFolder(directory, reports);
  try {
    const results = await judgeJournal(context, plans, journal.file);
    return await finishRun(context, results, { directory, reports, reporters, baseline });
  } finally {
    lock.release();
  }
}

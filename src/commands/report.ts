import path from 'node:path';
import { lockFolder } from '../journal/lock.ts';
import { readJournal } from '../journal/reader.ts';
import type { BaselineFlags } from './baseline.ts';
import { conclude, openBaselineIfNamed } from './conclude.ts';
import type { Context } from './context.ts';
import { findJournal } from './find-journal.ts';
import { judgeJournal } from './judge-journal.ts';
import { planAgain, refuseChanged } from './plan-again.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';

interface ReportFlags extends BaselineFlags {
  readonly reports?: string;
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** `assay report`: makes the reports of a run again from its journal, as the live run made them. */
export async function report(context: Context, given: string, flags: ReportFlags): Promise<number> {
  const reporters = await readReporters(context, flags.reporter);
  const journal = await findJournal(context, given);
  const { run, resumed } = await readJournal(journal.file);
  const last = resumed ?? run;
  const plans = await planAgain(context, last);
  if (!plans) return 2;
  const baseline = await openBaselineIfNamed(context, flags, plans);
  refuseChanged(last, plans);
  const reports = flags.reports ?? journal.folder;
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const lock = await lockFolder(directory, reports);
  try {
    return await judgeJournal(plans, journal.file, (results) =>
      conclude(context, results, { ...flags, directory, reports, reporters, baseline }),
    );
  } finally {
    lock.release();
  }
}

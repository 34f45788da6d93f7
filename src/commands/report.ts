import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readJournal } from '../journal/reader.ts';
import type { RunRecord } from '../journal/record.ts';
import type { Plan } from '../plan/case.ts';
import { openBaseline, type BaselineFlags } from './baseline.ts';
import { conclude } from './conclude.ts';
import { UsageError, type Context } from './context.ts';
import { judgeJournal } from './judge-journal.ts';
import { loadPlans } from './load.ts';
import { prepareFolder, readReporters } from './reports.ts';

interface ReportFlags extends BaselineFlags {
  readonly reports?: string;
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** `assay report`: makes the reports of a run again from its journal, as the live run made them. */
export async function report(context: Context, given: string, flags: ReportFlags): Promise<number> {
  const reporters = await readReporters(context, flags.reporter);
  const baseline = await openBaseline(context, flags);
  const journal = await findJournal(path.resolve(context.cwd, given), given);
  const { run, resumed } = await readJournal(journal);
  const last = resumed ?? run;
  const { selection, useModel, repeats } = last.options;
  const plans = await loadPlans(context, last.paths, {
    selection,
    env: context.env,
    ...(useModel === undefined ? {} : { useModel }),
    ...(repeats === undefined ? {} : { repeats }),
  });
  if (!plans) return 2;
  refuseChanged(last, plans);
  const directory =
    flags.reports === undefined ? path.dirname(journal) : path.resolve(context.cwd, flags.reports);
  const reports =
    flags.reports ?? (journal === path.resolve(context.cwd, given) ? path.dirname(given) : given);
  await prepareFolder(directory, reports);
  return judgeJournal(plans, journal, (results) =>
    conclude(context, results, { ...flags, directory, reports, reporters, baseline }),
  );
}

async function findJournal(absolute: string, given: string): Promise<string> {
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isFile()) return absolute;
  const inside = path.join(absolute, 'journal.jsonl');
  if (found?.isDirectory() && (await stat(inside).catch(() => undefined))?.isFile()) return inside;
  throw new UsageError(
    'missing-journal',
    `there is no journal at ${given}`,
    'name a reports folder that a run wrote, or its journal.jsonl',
  );
}

/** A journal holds replies and no verdicts: judged by another suite it would tell of a run that never was. */
function refuseChanged(run: Pick<RunRecord, 'suites'>, plans: readonly Plan[]): void {
  for (const { name, path: shown, digest } of run.suites) {
    const now = plans.find((plan) => plan.suite.name === name);
    if (!now)
      throw new UsageError(
        'suite-gone',
        `the journal's suite ${name} (${shown}) is gone`,
        'bring it back, or run again',
      );
    if (now.suite.digest() !== digest) {
      throw new UsageError(
        'suite-changed',
        `the suite ${name} (${shown}) has changed since the journal was written`,
        'bring the suite back to that state, or run it again',
      );
    }
  }
}

import type { Command } from 'commander';
import type { ReportOptions } from '../engine/report.ts';
import type { Context, Finish } from './context.ts';
import { addBaseline, addReporting, reportersOf } from './options.ts';
import { printOutcome } from './outcome.ts';
import { withSession } from './session.ts';

/** `assay report`: its options and help. */
export function addReport(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('report')
    .description(
      'Write the reports again from a journal, with the exit code of the run. Sends nothing. For the comparison, use --baseline again.',
    )
    .argument('[journal]', 'a reports folder or a journal', 'reports')
    .option('--reports <dir>', 'folder for the reports (default: the folder of the journal)');
  addBaseline(addReporting(command))
    .option('--quiet', 'no summary')
    .addHelpText('after', '\nExample:\n  assay report reports --reporter html --reports public')
    .action(async (journal, flags) => finish(await report(context, journal, flags)));
}

interface Flags extends Omit<ReportOptions, 'journal' | 'reporters'> {
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** Writes the reports of a run again, and prints its summary. */
function report(context: Context, journal: string, flags: Flags): Promise<number> {
  return withSession(context, flags, async (session) => {
    const { reporter: _, quiet, ...options } = flags;
    const outcome = await session.report({ ...options, journal, reporters: reportersOf(flags) });
    if (!quiet) await printOutcome(context, outcome);
    return outcome.exitCode;
  });
}

import type { Command } from 'commander';
import type { JudgeOptions } from '../engine/judge.ts';
import type { Context, Finish } from './context.ts';
import { addBaseline, addChoosing, addReporting, addSelecting, reportersOf } from './options.ts';
import { printOutcome } from './outcome.ts';
import { withSession } from './session.ts';

/** `assay judge`: its options and help. */
export function addJudge(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('judge')
    .description('Check the replies of a run with the current suites, and write new reports. Sends nothing.')
    .argument('[journal]', 'a reports folder or a journal', 'reports')
    .option('--reports <dir>', 'folder for the reports (default: the folder judged beside the journal)');
  addBaseline(addReporting(addChoosing(addSelecting(command))))
    .option('--quiet', 'no summary')
    .addHelpText(
      'after',
      `
Examples:
  assay judge                            after an edit of an assertion; writes reports/judged
  assay judge --filter backpack
  assay judge && assay compare reports reports/judged

Exit codes: 0 all passed, 1 a case failed, 2 wrong usage or an invalid suite, 3 a case errored, or the journal has no
reply for it (the case is new, or its request has changed).`,
    )
    .action(async (journal, flags) => finish(await judge(context, journal, flags)));
}

interface Flags extends Omit<JudgeOptions, 'journal' | 'reporters'> {
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** Judges the replies of a run with the current suites, and prints the summary. */
function judge(context: Context, journal: string, flags: Flags): Promise<number> {
  return withSession(context, flags, async (session) => {
    const { reporter: _, quiet, ...options } = flags;
    const outcome = await session.judge({ ...options, journal, reporters: reportersOf(flags) });
    if (!quiet) await printOutcome(context, outcome);
    return outcome.exitCode;
  });
}

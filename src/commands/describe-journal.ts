import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { Finish } from './finish.ts';
import { addBaseline, addChoosing, addReporting, addSelecting } from './options.ts';

/** Describes `assay report`. */
export function addReport(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('report')
    .description(
      'Make the reports again from a journal; sends nothing. Ends with the exit code the run had; one with a baseline needs it named again, or its comparison is left out.',
    )
    .argument('[journal]', 'a reports folder or a journal', 'reports')
    .option('--reports <dir>', "folder for the reports (default: the journal's)");
  addBaseline(addReporting(command))
    .option('--quiet', 'no summary')
    .addHelpText('after', '\nExample:\n  assay report reports --reporter html --reports public')
    .action(async (journal, flags) =>
      finish(await (await import('./report.ts')).report(context, journal, flags)),
    );
}

/** Describes `assay judge`. */
export function addJudge(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('judge')
    .description(
      'Judge the replies of a run by the suites as they are now, and write new reports. Sends nothing.',
    )
    .argument('[journal]', 'a reports folder or a journal', 'reports')
    .option('--reports <dir>', "folder for the reports (default: judged, in the journal's)");
  addBaseline(addReporting(addChoosing(addSelecting(command))))
    .option('--quiet', 'no summary')
    .addHelpText(
      'after',
      `
Examples:
  assay judge                            after an assertion was edited; writes reports/judged
  assay judge --filter backpack
  assay judge && assay compare reports reports/judged

Exit codes: 0 all passed, 1 a case failed, 2 usage or an invalid suite, 3 the journal lacks replies (cases that
are new, or whose request has changed), or a case errored.`,
    )
    .action(async (journal, flags) =>
      finish(await (await import('./judge.ts')).judge(context, journal, flags)),
    );
}

/** Describes `assay merge`. */
export function addMerge(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('merge')
    .description(
      'Make one run of all its shards (run --shard I/N), as one machine would have written it. Sends nothing.',
    )
    .argument('<shards...>', 'the reports folders of all shards, or their journals')
    .option('--reports <dir>', 'folder for the merged run', 'reports');
  addBaseline(addReporting(command))
    .option('--quiet', 'no summary')
    .addHelpText(
      'after',
      `
Examples:
  assay merge shards/1 shards/2 shards/3
  assay merge shards/* --reports reports --reporter json,html,junit,markdown

The suites must be there as they were. Ends with the exit code the whole run would have had: 3 or 130 if a shard
was not finished (assay run --resume goes on with the merged run), 2 if a shard is missing or of another run.`,
    )
    .action(async (shards, flags) =>
      finish(await (await import('./merge.ts')).merge(context, shards, flags)),
    );
}

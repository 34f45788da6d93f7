import { Option, type Command } from 'commander';
import type { Context } from './context.ts';
import type { Finish } from './finish.ts';
import { addSelecting, wholeNumber } from './options.ts';

/** Describes `assay compare`. */
export function addCompare(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('compare')
    .description('Compare two results, case by case: what got worse, what changed, and why. Sends nothing.')
    .argument('<before>', 'a reports or baselines folder, or a <suite>.json')
    .argument('<after>', 'what to compare with it');
  addSelecting(command)
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['terminal', 'json', 'markdown'])
        .default('terminal'),
    )
    .option('--baseline-age <days>', 'warn of approved results older than this', wholeNumber(1), 90)
    .addHelpText(
      'after',
      `
Examples:
  assay compare baselines reports
  assay compare main/reports reports --format markdown > comparison.md
  assay compare baselines/story.json reports/story.json --filter backpack

Exit codes: 0 nothing got worse, 1 a case fails now and did not, 2 usage, 3 a case errored now.`,
    )
    .action(async (before, after, flags) =>
      finish(await (await import('./compare.ts')).compare(context, [before, after], flags)),
    );
}

/** Describes `assay approve`. */
export function addApprove(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('approve')
    .description('Make the results of a run the baseline, and say what that changes. Never in CI.');
  addSelecting(command)
    .option('--reports <dir>', 'the results of a complete run', 'reports')
    .option('--baseline <dir>', 'where approved results live', 'baselines')
    .option('--prune', 'remove approved results of suites that the run no longer has')
    .addHelpText(
      'after',
      `
Examples:
  assay approve
  assay approve --filter backpack        only these cases; the others stay as they were
  assay approve --prune`,
    )
    .action(async (flags) => finish(await (await import('./approve.ts')).approve(context, flags)));
}

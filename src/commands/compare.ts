import { Option, type Command } from 'commander';
import type { CompareOptions, ComparisonOutcome } from '../engine/compare.ts';
import { defaults } from '../engine/options.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderOptions, type Context, type Finish } from './context.ts';
import { addSelecting, wholeNumber } from './options.ts';
import { withSession } from './session.ts';
import { comparisonPieces } from '../report/compare/json.ts';
import { comparisonMarkdown } from '../report/compare/markdown.ts';
import { renderComparison } from '../report/compare/terminal.ts';

/** `assay compare`: its options and help. */
export function addCompare(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('compare')
    .description(
      'Compare two sets of results case by case: what got worse, what changed, and why. Sends nothing.',
    )
    .argument('<before>', 'a reports or baselines folder, or a <suite>.json')
    .argument('<after>', 'the results to compare with them');
  addSelecting(command)
    .addOption(
      new Option('--format <format>', 'output format')
        .choices(['terminal', 'json', 'markdown'])
        .default('terminal'),
    )
    .option(
      '--baseline-age <days>',
      'warn if approved results are older',
      wholeNumber(1),
      defaults.oldAfterDays,
    )
    .addHelpText(
      'after',
      `
Examples:
  assay compare baselines reports
  assay compare main/reports reports --format markdown > comparison.md
  assay compare baselines/story.json reports/story.json --filter backpack

Exit codes: 0 nothing got worse, 1 a case fails that did not fail before, 2 wrong usage, 3 a case errored that did not
error before.`,
    )
    .action(async (before, after, flags) => finish(await compare(context, [before, after], flags)));
}

interface Flags extends Omit<CompareOptions, 'before' | 'after'> {
  readonly format: 'terminal' | 'json' | 'markdown';
}

/** Compares two results, and prints the changes of each case. */
function compare(
  context: Context,
  [before, after]: readonly [before: string, after: string],
  flags: Flags,
): Promise<number> {
  return withSession(context, {}, async (session) => {
    const { format, ...options } = flags;
    const { comparison, exitCode } = await session.compare({ ...options, before, after });
    await print(context, comparison, format);
    return exitCode;
  });
}

async function print(
  context: Context,
  comparison: ComparisonOutcome['comparison'],
  format: Flags['format'],
): Promise<void> {
  const { out } = context;
  if (format === 'json') {
    for (const piece of comparisonPieces(comparison)) out.write(piece);
  } else if (format === 'markdown') {
    out.write(comparisonMarkdown(comparison));
  } else {
    const text = renderComparison(comparison, renderOptions(context, out));
    out.write(withoutCommands(`${text}\n`, context.env));
  }
}

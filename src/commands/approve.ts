import type { Command } from 'commander';
import type { ApproveOptions } from '../engine/approve.ts';
import { defaults } from '../engine/options.ts';
import { plural } from '../lib/words.ts';
import { renderComparison } from '../report/compare/terminal.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderOptions, type Context, type Finish } from './context.ts';
import { addSelecting } from './options.ts';
import { withSession } from './session.ts';

/** `assay approve`: its options and help. */
export function addApprove(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('approve')
    .description('Make the results of a run the baseline, and print what that changes. Disabled in CI.');
  addSelecting(command)
    .option('--reports <dir>', 'folder with the results of a complete run', defaults.reports)
    .option('--baseline <dir>', 'folder for the approved results', defaults.approved)
    .option('--prune', 'remove approved results of suites that the run does not have')
    .addHelpText(
      'after',
      `
Examples:
  assay approve
  assay approve --filter backpack        only these cases; the others stay as they are
  assay approve --prune`,
    )
    .action(async (flags) => finish(await approve(context, flags)));
}

/** Makes the results of a run the baseline, and prints what that changes. */
export function approve(
  context: Context,
  flags: ApproveOptions & { readonly baseline: string },
): Promise<number> {
  return withSession(context, {}, async (session) => {
    const { comparison, suites, removed, texts } = await session.approve(flags);
    const { out } = context;
    out.write(withoutCommands(`${renderComparison(comparison, renderOptions(context, out))}\n`, context.env));
    for (const { file, change } of texts) out.write(`${file}: ${change}\n`);
    const gone = removed.length > 0 ? `; removed: ${removed.join(', ')}` : '';
    out.write(`approved ${plural(suites.length, 'suite')} in ${flags.baseline}${gone}\n`);
    return 0;
  });
}

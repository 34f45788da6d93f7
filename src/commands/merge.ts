import type { Command } from 'commander';
import type { MergeOptions } from '../engine/merge.ts';
import type { Context, Finish } from './context.ts';
import { addBaseline, addReporting, reportersOf } from './options.ts';
import { printOutcome } from './outcome.ts';
import { withSession } from './session.ts';

/** `assay merge`: its options and help. */
export function addMerge(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('merge')
    .description('Join the shards of a run (run --shard I/N) into one run. Sends nothing.')
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

The suites must be unchanged. The exit code is that of the whole run: 3 or 130 if a shard is not complete (assay run
--resume continues the merged run), 2 if a shard is missing or belongs to another run.`,
    )
    .action(async (shards, flags) => finish(await merge(context, shards, flags)));
}

interface Flags extends Omit<MergeOptions, 'shards' | 'reporters'> {
  readonly reporter: string;
  readonly quiet?: boolean;
}

/** Joins the shards of a run, and prints the summary. */
function merge(context: Context, shards: readonly string[], flags: Flags): Promise<number> {
  return withSession(context, flags, async (session) => {
    const { reporter: _, quiet, ...options } = flags;
    const outcome = await session.merge({ ...options, shards, reporters: reportersOf(flags) });
    if (!quiet) await printOutcome(context, outcome);
    return outcome.exitCode;
  });
}

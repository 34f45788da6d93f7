import type { Command } from 'commander';
import type { PlanOptions } from '../engine/plan.ts';
import { plural } from '../lib/words.ts';
import type { Context, Finish } from './context.ts';
import { addNarrowing, addResults } from './options.ts';
import { withSession } from './session.ts';

/** `assay validate`: its options and help. */
export function addValidate(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('validate')
    .description('Check suites and their files. Sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addResults(addNarrowing(command))
    .option('--quiet', 'print nothing when the suites are valid')
    .addHelpText('after', '\nExample:\n  assay validate suites/story.suite.yaml')
    .action(async (paths, flags) => finish(await validate(context, paths, flags)));
}

/** Checks suites, and prints how many cases they have. */
function validate(
  context: Context,
  paths: readonly string[],
  flags: PlanOptions & { readonly quiet?: boolean },
): Promise<number> {
  return withSession(context, flags, async (session) => {
    const { quiet, ...options } = flags;
    const { suites, cases } = await session.validate({ ...options, paths });
    if (!quiet) context.out.write(`${plural(suites, 'suite')}, ${plural(cases, 'case')}: valid\n`);
    return 0;
  });
}

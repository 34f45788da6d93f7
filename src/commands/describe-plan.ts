import { Option, type Command } from 'commander';
import type { Context } from './context.ts';
import type { Finish } from './finish.ts';
import { addEndpoint, addNarrowing, addResults, wholeNumber } from './options.ts';

/** Describes `assay validate`. */
export function addValidate(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('validate')
    .description('Check suites and their files; sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addResults(addNarrowing(command))
    .option('--quiet', 'print nothing when all is well')
    .addHelpText('after', '\nExample:\n  assay validate suites/story.suite.yaml')
    .action(async (paths, flags) =>
      finish(await (await import('./validate.ts')).validate(context, paths, flags)),
    );
}

/** Describes `assay plan`. */
export function addPlan(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('plan')
    .description('List the cases a run would ask, and what they could cost at most; sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addResults(addNarrowing(addEndpoint(command)))
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--count-tokens', 'have the endpoint count the input tokens of every case (free of charge)')
    .option('--timeout <ms>', 'bound on one count', wholeNumber(1), 30_000)
    .addHelpText(
      'after',
      `
Examples:
  assay plan --tag smoke
  assay plan --shard 2/3
  assay plan --changed --baseline baselines
  assay plan --count-tokens --emulator
  assay plan --format json | jq length`,
    )
    .action(async (paths, flags) => finish(await (await import('./plan.ts')).plan(context, paths, flags)));
}

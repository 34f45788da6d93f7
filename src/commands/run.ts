import path from 'node:path';
import type { Command } from 'commander';
import { defaults } from '../engine/options.ts';
import type { RunOptions } from '../engine/run.ts';
import type { Context, Finish } from './context.ts';
import {
  addBaseline,
  addEndpoint,
  addNarrowing,
  addReporting,
  amount,
  concurrency,
  reportersOf,
  wholeNumber,
} from './options.ts';
import { printOutcome } from './outcome.ts';
import { withSession } from './session.ts';

/** `assay run`: its options and help. */
export function addRun(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('run')
    .description('Run every test case, check the replies, write the reports.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addBaseline(addReporting(addNarrowing(addEndpoint(command))))
    .option(
      '--concurrency <n|auto>',
      'trials in flight at once; auto finds the number',
      concurrency,
      defaults.concurrency,
    )
    .option('--reports <dir>', 'folder for the reports', defaults.reports)
    .option(
      '--timeout <ms>',
      'limit for one attempt, from connecting to the last byte',
      wholeNumber(1),
      defaults.timeout,
    )
    .option('--connect-timeout <ms>', 'limit for making a connection (default: 10000)', wholeNumber(1))
    .option('--first-byte-timeout <ms>', 'limit for the wait until the response begins', wholeNumber(1))
    .option('--idle-timeout <ms>', 'limit for the wait between two pieces of a response', wholeNumber(1))
    .option(
      '--retries <n>',
      'further attempts after a temporary failure; 0 means none',
      wholeNumber(0),
      defaults.retries,
    )
    .option('--rpm <n>', 'at most this many requests per minute for each model', wholeNumber(1))
    .option('--tpm <n>', 'at most this many input tokens per minute for each model', wholeNumber(1))
    .option('--record <file>', 'save replies in a cassette; requests already in it are not sent again')
    .option('--prune', 'with --record: remove recordings that no suite uses any more')
    .option('--replay <file>', 'answer from a cassette only: no key, no network')
    .option('--cache [dir]', 'save replies in a cache, and reuse saved ones (default folder: .assay/cache)')
    .option('--cache-age <days>', 'with --cache: ignore replies that are older (default: 30)', wholeNumber(0))
    .option('--cache-all', 'with --cache: save blocked replies too, and errors that a case asserts')
    .option('--max-cost <usd>', 'stop before the run can cost more (exit 3; --resume continues it)', amount)
    .option('--max-tokens <n>', 'stop before the run can use more tokens (input and output)', wholeNumber(1))
    .option('--bail <n>', 'stop after this many failed cases', wholeNumber(1))
    .option('--resume', 'continue the run whose journal is in the reports folder; only missing trials run')
    .option('--debug', 'print each attempt with its request and reply to stderr, without credentials')
    .option('--quiet', 'print no progress and no summary, only errors and warnings')
    .addHelpText(
      'after',
      `
Examples:
  assay run --emulator
  assay run suites/story.suite.yaml --concurrency 32
  assay run --filter backpack --config careful --repeats 5
  assay run --resume                     after an interruption, a crash, or exit 3
  assay run --concurrency auto --rpm 300
  assay run --baseline baselines         fail only on new failures
  assay run --last-failed                only the cases that did not pass
  assay run --changed --baseline baselines
  assay run --shard 2/3 --reports shards/2
  node --env-file=.env node_modules/.bin/assay run`,
    )
    .action(async (paths, flags) => finish(await run(context, paths, flags)));
}

interface Flags extends Omit<RunOptions, 'paths' | 'reporters'> {
  readonly reports: string;
  readonly reporter: string;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Runs every trial, and prints the summary. */
export function run(context: Context, paths: readonly string[], flags: Flags): Promise<number> {
  return withSession(context, flags, async (session) => {
    const reporters = reportersOf(flags);
    const { reporter: _, quiet, debug: __, ...options } = flags;
    const outcome = await session.run({ ...options, paths, reporters });
    if (!quiet) {
      await printOutcome(context, outcome);
      const hasPage = reporters.some((name) => name.trim() === 'html');
      context.out.write(`reports: ${hasPage ? path.join(flags.reports, 'index.html') : flags.reports}\n`);
    }
    return outcome.exitCode;
  });
}

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
    .description('Ask every case, judge the replies, write the reports.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addBaseline(addReporting(addNarrowing(addEndpoint(command))))
    .option(
      '--concurrency <n|auto>',
      'trials in flight; auto finds how many help',
      concurrency,
      defaults.concurrency,
    )
    .option('--reports <dir>', 'folder for the reports', defaults.reports)
    .option(
      '--timeout <ms>',
      'bound on one attempt, from connecting to the last byte',
      wholeNumber(1),
      defaults.timeout,
    )
    .option('--connect-timeout <ms>', 'bound on making a connection (default: 10000)', wholeNumber(1))
    .option('--first-byte-timeout <ms>', 'bound on the wait for the head of a response', wholeNumber(1))
    .option('--idle-timeout <ms>', 'bound on the wait between two pieces of a response', wholeNumber(1))
    .option(
      '--retries <n>',
      'further attempts after a transient failure; 0 means none',
      wholeNumber(0),
      defaults.retries,
    )
    .option('--rpm <n>', 'at most this many requests a minute and model', wholeNumber(1))
    .option('--tpm <n>', 'at most this many input tokens a minute and model', wholeNumber(1))
    .option('--record <file>', 'keep replies in a cassette; what it holds already is not asked again')
    .option('--prune', 'with --record: drop what no suite uses any more')
    .option('--replay <file>', 'answer from a cassette alone: no key, no network')
    .option('--cache [dir]', 'keep replies in a cache, and use those it has (default folder: .assay/cache)')
    .option('--cache-age <days>', 'with --cache: older replies are asked again (default: 30)', wholeNumber(0))
    .option('--cache-all', 'with --cache: keep blocked replies too, and errors that a case asserts')
    .option('--max-cost <usd>', 'stop before this run could cost more (exit 3; --resume goes on)', amount)
    .option('--max-tokens <n>', 'stop before this run could use more tokens, in and out', wholeNumber(1))
    .option('--bail <n>', 'stop after this many failed cases', wholeNumber(1))
    .option(
      '--resume',
      'go on with the run whose journal is in the reports folder: nothing answered is asked again',
    )
    .option('--debug', 'print every attempt with its request and reply to stderr, without credentials')
    .option('--quiet', 'no progress and no summary; only what keeps a run from starting or ending is printed')
    .addHelpText(
      'after',
      `
Examples:
  assay run --emulator
  assay run suites/story.suite.yaml --concurrency 32
  assay run --filter backpack --config careful --repeats 5
  assay run --resume                     after an interruption, a crash, or exit 3
  assay run --concurrency auto --rpm 300
  assay run --baseline baselines         fail on what got worse
  assay run --last-failed                what did not pass, once more
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

/** Makes every trial, and prints the summary. */
function run(context: Context, paths: readonly string[], flags: Flags): Promise<number> {
  return withSession(context, flags, async (session) => {
    const reporters = reportersOf(flags);
    const outcome = await session.run({ ...flags, paths, reporters });
    if (!flags.quiet) {
      await printOutcome(context, outcome);
      const hasPage = reporters.some((name) => name.trim() === 'html');
      context.out.write(`reports: ${hasPage ? path.join(flags.reports, 'index.html') : flags.reports}\n`);
    }
    return outcome.exitCode;
  });
}

import { Command, CommanderError, Option } from 'commander';
import { version } from '../lib/version.ts';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { openOutput, printDiagnostics, UsageError, lookOf, type Context } from './context.ts';
import { addApprove, addCompare } from './describe-regression.ts';
import { addNarrowing, amount, concurrency, wholeNumber } from './options.ts';
import type { Finish } from './finish.ts';
import { hideKeys } from './secrets.ts';
import { WriteError } from '../lib/write-error.ts';

/** Runs one command line; resolves with the exit code. The exit codes are those of `assay --help`. */
export async function main(argv: readonly string[]): Promise<number> {
  hideKeys(process.env);
  const context: Context = {
    cwd: process.cwd(),
    env: process.env,
    argv,
    out: openOutput(process.stdout),
    err: openOutput(process.stderr),
  };
  // What nobody caught would be printed by Node, past the door that redacts.
  process.on('uncaughtException', (error) => void explain(context, error).then((code) => process.exit(code)));
  let code = 0;
  const finish: Finish = (result) => {
    code = result;
  };
  const program = describe(context);
  // Only the command that was asked for is described: the others' options would cost every start.
  const asked = argv[0] !== undefined && Object.hasOwn(commands, argv[0]) ? argv[0] : undefined;
  for (const [name, add] of Object.entries(commands))
    if (asked === undefined || name === asked) add(program, context, finish);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return await explain(context, error);
  }
}

async function explain(context: Context, error: unknown): Promise<number> {
  // Commander has printed its own message; --help and --version end with 0, a wrong line with 2.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    const { code, message, help } = error;
    await printUsage(context, { severity: 'error', code, message, ...(help === undefined ? {} : { help }) });
    return 2;
  }
  if (error instanceof DiagnosticError) {
    await printDiagnostics(context, error.diagnostics);
    return 2;
  }
  if (error instanceof WriteError) {
    const { tellUnwritten } = await import('./run-end.ts');
    await printDiagnostics(context, [tellUnwritten(error, context)]);
    return 3;
  }
  // A fault of ours: neither a pass nor a failed case.
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.err.write(
    `error[internal]: ${told}\n  = help: what was asked so far stands in the journal; please report this\n`,
  );
  return 3;
}

async function printUsage(context: Context, diagnostic: Diagnostic): Promise<void> {
  const { renderDiagnostic } = await import('../diagnostics/render.ts');
  context.err.write(`${renderDiagnostic(diagnostic, lookOf(context, context.err))}\n`);
}

const commands: Record<string, (program: Command, context: Context, finish: Finish) => void> = {
  run: addRun,
  validate: addValidate,
  plan: addPlan,
  compare: addCompare,
  approve: addApprove,
  report: addReport,
  emulator: addEmulator,
  models: addModels,
  schema: addSchema,
};

function describe(context: Context): Command {
  return new Command('assay')
    .description('A declarative prompt test harness for the Gemini REST API.')
    .version(version, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(assay COMMAND --help shows what there is)')
    .configureOutput({
      writeOut: context.out.write,
      writeErr: context.err.write,
      outputError: (text, write) => write(text.replace(/^error: /, 'error[usage]: ')),
    })
    .addHelpText(
      'after',
      `
Examples:
  assay run suites --emulator            try the suites without a key
  assay run suites/story.suite.yaml      run one suite against the API (GEMINI_API_KEY)
  assay validate                         check every suite, send nothing
  assay plan --tag smoke                 list the cases a run would ask
  assay approve                          make the results the baseline
  assay run --baseline baselines         fail on what got worse

Exit codes: 0 all passed, 1 a case failed or got worse, 2 usage or an invalid suite, 3 incomplete (a case errored,
or a report could not be written),
4 inconclusive, 130 interrupted. Where several apply: 130 > 2 > 3 > 1 > 4.`,
    );
}

const reporterHelp = 'reports to write: json, html, junit, ctrf, markdown, github, ./mine.mjs';

function addEndpoint(command: Command): Command {
  return command
    .option('--emulator', 'use the emulator that ships with Assay; no key, nothing leaves this machine')
    .option('--script <file>', "the emulator's scripted replies and faults (needs --emulator)")
    .option('--base-url <url>', 'another endpoint, with any path prefix; also env GOOGLE_GEMINI_BASE_URL');
}

function addRun(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('run')
    .description('Ask every case, judge the replies, write the reports.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addNarrowing(addEndpoint(command))
    .option('--concurrency <n|auto>', 'trials in flight; auto finds how many help', concurrency, 8)
    .option('--reports <dir>', 'folder for the reports', 'reports')
    .option('--reporter <list>', reporterHelp, 'json,html,junit')
    .option(
      '--timeout <ms>',
      'bound on one attempt, from connecting to the last byte',
      wholeNumber(1),
      120_000,
    )
    .option('--connect-timeout <ms>', 'bound on making a connection (default: 10000)', wholeNumber(1))
    .option('--first-byte-timeout <ms>', 'bound on the wait for the head of a response', wholeNumber(1))
    .option('--idle-timeout <ms>', 'bound on the wait between two pieces of a response', wholeNumber(1))
    .option('--retries <n>', 'further attempts after a transient failure; 0 means none', wholeNumber(0), 5)
    .option('--rpm <n>', 'at most this many requests a minute and model', wholeNumber(1))
    .option('--tpm <n>', 'at most this many input tokens a minute and model', wholeNumber(1))
    .option('--record <file>', 'keep replies in a cassette; what it holds already is not asked again')
    .option('--prune', 'with --record: drop what no suite uses any more')
    .option('--replay <file>', 'answer from a cassette alone: no key, no network')
    .option('--cache [dir]', 'keep replies in a cache, and use those it has (default folder: .assay/cache)')
    .option('--cache-age <days>', 'older replies are asked again', wholeNumber(0), 30)
    .option('--cache-all', 'cache blocked replies too, and errors that a case asserts')
    .option('--max-cost <usd>', 'stop before this run could cost more (exit 3; --resume goes on)', amount)
    .option('--max-tokens <n>', 'stop before this run could use more tokens, in and out', wholeNumber(1))
    .option('--bail <n>', 'stop after this many failed cases', wholeNumber(1))
    .option('--baseline <dir>', 'compare with approved results: only what fails now and did not exits 1')
    .option('--baseline-age <days>', 'warn of a baseline older than this', wholeNumber(1), 90)
    .option(
      '--resume',
      'go on with the run whose journal is in the reports folder: nothing answered is asked again',
    )
    .option('--debug', 'print every attempt with its request and reply to stderr, without credentials')
    .option('--quiet', 'no progress and no summary; faults are still printed')
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
  node --env-file=.env node_modules/.bin/assay run`,
    )
    .action(async (paths, flags) => finish(await (await import('./run.ts')).run(context, paths, flags)));
}

function addValidate(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('validate')
    .description('Check suites and their files; sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addNarrowing(command)
    .option('--quiet', 'print nothing when all is well')
    .addHelpText('after', '\nExample:\n  assay validate suites/story.suite.yaml')
    .action(async (paths, flags) =>
      finish(await (await import('./validate.ts')).validate(context, paths, flags)),
    );
}

function addPlan(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('plan')
    .description('List the cases a run would ask, and what they could cost at most; sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addNarrowing(addEndpoint(command))
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--count-tokens', 'have the endpoint count the input tokens of every case (free of charge)')
    .option('--timeout <ms>', 'bound on one count', wholeNumber(1), 30_000)
    .addHelpText(
      'after',
      `
Examples:
  assay plan --tag smoke
  assay plan --count-tokens --emulator
  assay plan --format json | jq length`,
    )
    .action(async (paths, flags) => finish(await (await import('./plan.ts')).plan(context, paths, flags)));
}

function addReport(program: Command, context: Context, finish: Finish): void {
  program
    .command('report')
    .description('Make the reports again from a journal; sends nothing. Ends with the exit code the run had.')
    .argument('[journal]', 'a reports folder or a journal (default: reports)', 'reports')
    .option('--reports <dir>', "folder for the reports (default: the journal's)")
    .option('--reporter <list>', reporterHelp, 'json,html,junit')
    .option('--baseline <dir>', 'compare with approved results, as assay run does')
    .option('--baseline-age <days>', 'warn of a baseline older than this', wholeNumber(1), 90)
    .option('--quiet', 'no summary')
    .addHelpText('after', '\nExample:\n  assay report reports --reporter html --reports public')
    .action(async (journal, flags) =>
      finish(await (await import('./report.ts')).report(context, journal, flags)),
    );
}

function addEmulator(program: Command, context: Context, finish: Finish): void {
  program
    .command('emulator')
    .description('Serve the Gemini API on this machine: for trying suites, and for testing clients.')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0), 0)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--script <file>', 'scripted replies and faults')
    .option('--rpm <n>', 'quota: requests a minute', wholeNumber(1))
    .option('--tpm <n>', 'quota: input tokens a minute', wholeNumber(1))
    .option('--seed <n>', 'seed of everything that varies', wholeNumber(0))
    .addHelpText('after', '\nExample:\n  assay emulator --port 8080 --script faults.yaml --rpm 300')
    .action(async (flags) => finish(await (await import('./emulator.ts')).emulator(context, flags)));
}

function addModels(program: Command, context: Context, finish: Finish): void {
  addEndpoint(program.command('models').description('List the models the endpoint offers.'))
    .option('--timeout <ms>', 'bound on the call', wholeNumber(1), 30_000)
    .addHelpText('after', '\nExample:\n  assay models --emulator')
    .action(async (flags) => finish(await (await import('./models.ts')).models(context, flags)));
}

function addSchema(program: Command, context: Context, finish: Finish): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the suite language, for editors.')
    .addHelpText('after', '\nExample:\n  assay schema > suite.schema.json')
    .action(async () => finish(await (await import('./schema.ts')).schema(context)));
}

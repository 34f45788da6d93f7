import { Command, CommanderError } from 'commander';
import { version } from '../lib/version.ts';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { printDiagnostics, lookOf, type Context } from './context.ts';
import { openOutput } from './output.ts';
import { addJudge, addMerge, addReport } from './describe-journal.ts';
import { addPlan, addValidate } from './describe-plan.ts';
import { addApprove, addCompare } from './describe-regression.ts';
import { addRun } from './describe-run.ts';
import { addEndpoint, nonEmpty, port, wholeNumber } from './options.ts';
import type { Finish } from './finish.ts';
import { hideKeys } from './secrets.ts';
import { WriteError } from '../lib/write-error.ts';

/** Runs the command line of this process; resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const context: Context = {
    cwd: process.cwd(),
    env: process.env,
    argv,
    out: openOutput(process.stdout),
    err: openOutput(process.stderr),
  };
  // Node would print an uncaught error without redaction.
  process.on('uncaughtException', (error) => void explain(context, error).then((code) => process.exit(code)));
  return runCommand(context);
}

/** Runs one command line in any surroundings; resolves with the exit code. The exit codes are those of `assay --help`. */
export async function runCommand(context: Context): Promise<number> {
  const { argv } = context;
  hideKeys(context.env);
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
  } catch (error) {
    code = await explain(context, error);
  }
  return printedAll(context, code);
}

/** The exit code, where standard output may not have taken everything: then something is missing, whatever came of it. */
async function printedAll(context: Context, code: number): Promise<number> {
  const failure = await context.out.failure();
  if (failure === undefined || code === 2 || code === 130) return code;
  const { tellOutput } = await import('./unwritten.ts');
  await printOne(context, tellOutput(failure, context));
  return 3;
}

async function explain(context: Context, error: unknown): Promise<number> {
  // Commander has printed its own message; --help and --version end with 0, a wrong line with 2.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DiagnosticError) {
    const [first, ...others] = error.diagnostics;
    // An error of usage stands alone, without a count.
    if (first && !first.place && !first.path && others.length === 0) await printOne(context, first);
    else await printDiagnostics(context, error.diagnostics);
    return 2;
  }
  if (error instanceof WriteError) {
    const { tellUnwritten } = await import('./unwritten.ts');
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

async function printOne(context: Context, diagnostic: Diagnostic): Promise<void> {
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
  judge: addJudge,
  merge: addMerge,
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

function addEmulator(program: Command, context: Context, finish: Finish): void {
  program
    .command('emulator')
    .description('Serve the Gemini API on this machine: for trying suites, and for testing clients.')
    .option('--port <n>', 'port to listen on; 0 takes a free one', port, 0)
    .option('--host <host>', 'address to listen on', nonEmpty, '127.0.0.1')
    .option('--script <file>', 'scripted replies and faults')
    .option('--rpm <n>', 'quota: requests a minute', wholeNumber(1))
    .option('--tpm <n>', 'quota: input tokens a minute', wholeNumber(1))
    .option('--seed <n>', 'seed of everything that varies', wholeNumber(0))
    .addHelpText(
      'after',
      `
Example:
  assay emulator --port 8080 --script faults.yaml --rpm 300

Its first line is where it listens. It serves until it is interrupted (Ctrl-C, SIGTERM), and ends with 0 then; 2 if it
cannot listen or its script is wrong.`,
    )
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

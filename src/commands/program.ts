import { Command, CommanderError } from 'commander';
import { version } from '../lib/version.ts';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostic } from '../diagnostics/render.ts';
import { printDiagnostics, renderOptions, type Context, type Finish } from './context.ts';
import { openOutput } from './output.ts';
import { hideKeys } from '../engine/secrets.ts';
import { createScope } from '../lib/scope.ts';
import { WriteError, writeProblem } from '../lib/system-error.ts';
import path from 'node:path';
import { resumeLine } from '../lib/shell-line.ts';
import { addRun } from './run.ts';
import { addValidate } from './validate.ts';
import { addPlan } from './plan.ts';
import { addCompare } from './compare.ts';
import { addApprove } from './approve.ts';
import { addReport } from './report.ts';
import { addInit } from './init.ts';
import { addJudge } from './judge.ts';
import { addMerge } from './merge.ts';
import { addCompletion } from './completion.ts';
import { addDemo } from './demo.ts';
import { addEmulator } from './emulator.ts';
import { addModels } from './models.ts';
import { addSchema } from './schema.ts';

/** Runs the command line of this process; resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const scope = createScope(process.env);
  const context: Context = {
    scope,
    cwd: process.cwd(),
    env: process.env,
    argv,
    out: openOutput(process.stdout, scope),
    err: openOutput(process.stderr, scope),
  };
  // Node would print an uncaught error without redaction.
  process.on('uncaughtException', (error) => void explain(context, error).then((code) => process.exit(code)));
  return runCommand(context);
}

/** Runs one command line in any surroundings; resolves with the exit code, one of those in `assay --help`. */
export function runCommand(context: Context): Promise<number> {
  return context.scope.run(() => runInScope(context));
}

async function runInScope(context: Context): Promise<number> {
  const { argv } = context;
  hideKeys(context.env);
  let code = 0;
  const finish: Finish = (result) => {
    code = result;
  };
  const program = describe(context);
  // Only the named command is loaded: the others would cost every start.
  const named = argv[0] !== undefined && Object.hasOwn(commands, argv[0]) ? argv[0] : undefined;
  for (const [name, add] of Object.entries(commands))
    // The script of a shell names them all.
    if (named === undefined || name === named || named === 'completion') add(program, context, finish);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    code = await explain(context, error);
  }
  return printedAll(context, code);
}

/** The exit code; 3 where standard output could not take everything. */
async function printedAll(context: Context, code: number): Promise<number> {
  const failure = await context.out.failure();
  if (failure === undefined || code === 2 || code === 130) return code;
  printOne(context, outputErrorDiagnostic(failure, context));
  return 3;
}

async function explain(context: Context, error: unknown): Promise<number> {
  // Commander has printed its own message; --help and --version end with 0, a wrong line with 2.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DiagnosticError) {
    const [first, ...others] = error.diagnostics;
    // A usage error is printed alone, without a count.
    if (first && !first.place && !first.path && others.length === 0) printOne(context, first);
    else printDiagnostics(context, error.diagnostics);
    return 2;
  }
  if (error instanceof WriteError) {
    printDiagnostics(context, [writeErrorDiagnostic(error, context)]);
    return 3;
  }
  // A bug of Assay: neither a pass nor a failed case.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.err.write(
    `error[internal]: ${text}\n  = help: replies so far are in the journal; please report this\n`,
  );
  return 3;
}

function printOne(context: Context, diagnostic: Diagnostic): void {
  context.err.write(`${renderDiagnostic(diagnostic, renderOptions(context, context.err))}\n`);
}

type AddCommand = (program: Command, context: Context, finish: Finish) => void;

const commands: Record<string, AddCommand> = {
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
  init: addInit,
  demo: addDemo,
  completion: addCompletion,
};

function describe(context: Context): Command {
  return new Command('assay')
    .description('A declarative prompt test harness for the Gemini REST API.')
    .version(version, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(assay COMMAND --help lists the options)')
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
  assay validate                         check every suite; send nothing
  assay plan --tag smoke                 list the cases of a run
  assay approve                          make the results the baseline
  assay run --baseline baselines         fail only on new failures

Exit codes: 0 all passed, 1 a case failed or got worse, 2 wrong usage or an invalid suite, 3 incomplete (a case
errored, or a report could not be written), 4 inconclusive, 130 interrupted. If several apply: 130 > 2 > 3 > 1 > 4.`,
    );
}

/** The diagnostic of a file that could not be written. */
function writeErrorDiagnostic({ path: file, code }: WriteError, { argv, cwd }: Context): Diagnostic {
  const displayPath = path.relative(cwd, file);
  if (code === 'ENOENT')
    return {
      severity: 'error',
      code: 'file-gone',
      message: `${displayPath} is gone: it, or its folder, was removed during the command`,
      help: 'its content is lost; do not remove the reports folder while a command runs',
    };
  return {
    severity: 'error',
    code: 'not-written',
    message: `${displayPath} could not be written: ${writeProblem(code)}`,
    help:
      argv[0] === 'run'
        ? `replies in the journal are kept; free some space, then continue with: assay ${resumeLine(argv)}`
        : 'free some space, or name another folder with --reports DIR',
  };
}

/** The diagnostic of a standard output that takes nothing more. */
function outputErrorDiagnostic(code: string, { argv }: Context): Diagnostic {
  const isHelp = argv.includes('--help') || argv.includes('-h');
  const writes = !isHelp && ['run', 'report', 'judge', 'merge'].includes(argv[0] ?? '');
  return {
    severity: 'error',
    code: 'output-not-written',
    message: `standard output could not be written: ${writeProblem(code)}`,
    help: writes
      ? 'the reports are written; --quiet prints no summary'
      : 'free some space where the output goes',
  };
}

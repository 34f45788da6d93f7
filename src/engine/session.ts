import type { Comparison } from '../compare/comparison.ts';
import { checkOptions, type Checks, required, text } from '../diagnostics/check-options.ts';
import { usageError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { isObject } from '../lib/json.ts';
import { createScope, type Scope } from '../lib/scope.ts';
import { plainResults, type PlainResults } from '../report/module/plain.ts';
import type { Approved, ApproveOptions } from './approve.ts';
import type { CompareOptions, ComparisonOutcome } from './compare.ts';
import type { Outcome } from './finish-run.ts';
import type { Context, SessionEvent } from './context.ts';
import type { JudgeOptions } from './judge.ts';
import type { MergeOptions } from './merge.ts';
import { listModels, type ListedModel, type ModelsOptions } from './models.ts';
import * as optionChecks from './option-checks.ts';
import { plan, validate, type PlanOptions, type PlanOutcome, type ValidateOptions } from './plan.ts';
import type { ReportOptions } from './report.ts';
import type { RunOptions } from './run.ts';
import { hideKeys } from './secrets.ts';

export interface SessionOptions {
  /** Paths are relative to it. */
  readonly cwd: string;
  /** The environment: keys, proxies, and the variables that suites name. The environment of the process is not read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When it aborts, calls in flight finish and no new ones begin. */
  readonly signal?: AbortSignal;
  /** Called with every event. */
  readonly on?: (event: SessionEvent) => void;
}

/** The outcome of a run, or of judging one again. */
export interface RunOutcome {
  /** The exit code of the command line: 0 all passed, 1 failed, 3 incomplete, 4 inconclusive, 130 interrupted. */
  readonly exitCode: 0 | 1 | 3 | 4 | 130;
  /** In the form that reporters get; valid until the session closes or runs again into the same folder. */
  readonly results: PlainResults;
  /** Present if a baseline was named. */
  readonly comparison?: Comparison;
}

/** The methods of a session; `O` is the outcome of a run. */
interface Methods<O> {
  /** Checks suites; sends nothing. */
  readonly validate: (
    options?: ValidateOptions,
  ) => Promise<{ readonly suites: number; readonly cases: number }>;
  /** Lists the cases of a run, and its highest possible cost; sends nothing. */
  readonly plan: (options?: PlanOptions) => Promise<PlanOutcome>;
  /** Runs every trial, judges the replies, and writes the reports. */
  readonly run: (options?: RunOptions) => Promise<O>;
  /** Judges the replies of a run with the current suites. */
  readonly judge: (options?: JudgeOptions) => Promise<O>;
  /** Writes the reports of a run again. */
  readonly report: (options?: ReportOptions) => Promise<O>;
  /** Joins the shards of a run. */
  readonly merge: (options: MergeOptions) => Promise<O>;
  /** Compares two results case by case. */
  readonly compare: (options: CompareOptions) => Promise<ComparisonOutcome>;
  /** Makes the results of a run the baseline. */
  readonly approve: (options?: ApproveOptions) => Promise<Approved>;
  /** Ends script workers, and closes the files that results read from. */
  readonly close: () => Promise<void>;
}

/**
 * A session of the engine. Errors in suites, options or files are thrown as a DiagnosticError; warnings are events. Two
 * sessions share nothing.
 */
export type Session = Methods<RunOutcome>;

/** A session for the command line: results in the form that reports read. */
export interface WorkingSession extends Methods<Outcome> {
  /** Lists the models of the endpoint, or says why that failed. */
  readonly models: (options?: ModelsOptions) => Promise<readonly ListedModel[] | Diagnostic>;
}

const work = () => import('./work.ts');

/** Opens a session that works in a scope. */
export function openSession(
  {
    cwd,
    env,
    signal,
    on = () => undefined,
    commandLine,
    settled,
  }: SessionOptions & Pick<Context, 'commandLine' | 'settled'>,
  scope: Scope,
): WorkingSession {
  const stop = new AbortController();
  const abort = (): void => scope.run(() => stop.abort());
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  scope.atEnd(() => signal?.removeEventListener('abort', abort));
  const context: Context = {
    cwd,
    env,
    signal: stop.signal,
    on,
    atClose: scope.atEnd,
    ...(commandLine ? { commandLine } : {}),
    ...(settled ? { settled } : {}),
  };
  scope.run(() => hideKeys(env));
  let isClosed = false;
  /** A method that checks its options before it does anything. */
  const method =
    <O extends object, T>(checks: Checks<O>, call: (options: O) => Promise<T>) =>
    (options: O = {} as O): Promise<T> =>
      scope.run(async () => {
        if (isClosed)
          throw usageError('session-closed', 'the session is closed', 'open another with createSession');
        return call(checkOptions(checks, options));
      });
  return {
    validate: method(optionChecks.validate, (options) => validate(context, options)),
    plan: method(optionChecks.plan, (options) => plan(context, options)),
    run: method(optionChecks.run, async (options) => (await work()).run(context, options)),
    judge: method(optionChecks.judge, async (options) => (await work()).judge(context, options)),
    report: method(optionChecks.report, async (options) => (await work()).report(context, options)),
    merge: method(optionChecks.merge, async (options) => (await work()).merge(context, options)),
    compare: method(optionChecks.compare, async (options) => (await work()).compare(context, options)),
    approve: method(optionChecks.approve, async (options) => (await work()).approve(context, options)),
    models: method(optionChecks.models, (options) => listModels(context, options)),
    close: () => {
      isClosed = true;
      return scope.end();
    },
  };
}

/** The options of `createSession`. */
const sessionChecks: Checks<SessionOptions> = {
  cwd: required(text),
  env: required({
    expected: 'an object of texts',
    accepts: (value) =>
      isObject(value) && Object.values(value).every((each) => each === undefined || typeof each === 'string'),
  }),
  signal: { expected: 'an AbortSignal', accepts: (value) => value instanceof AbortSignal },
  on: { expected: 'a function', accepts: (value) => typeof value === 'function' },
};

/** Opens a session. Throws a DiagnosticError for options that are unknown or have wrong values. */
export function createSession(given: SessionOptions): Session {
  const checked = checkOptions(sessionChecks, given);
  const scope = createScope(checked.env);
  const session = openSession(checked, scope);
  const plain = async ({ results, failures: _, ...outcome }: Outcome): Promise<RunOutcome> => {
    const { suites, ...facts } = plainResults(results);
    return {
      ...outcome,
      results: {
        ...facts,
        suites: suites.map((suite) => ({ ...suite, cases: () => inScope(scope, suite.cases()) })),
      },
    };
  };
  return {
    validate: session.validate,
    plan: session.plan,
    compare: session.compare,
    approve: session.approve,
    close: session.close,
    run: async (options) => plain(await session.run(options)),
    judge: async (options) => plain(await session.judge(options)),
    report: async (options) => plain(await session.report(options)),
    merge: async (options) => plain(await session.merge(options)),
  };
}

/** Runs each step of an iteration in the scope, although the caller is outside. */
async function* inScope<T>(scope: Scope, values: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const next = await scope.run(() => values.next());
    if (next.done) return;
    yield next.value;
  }
}

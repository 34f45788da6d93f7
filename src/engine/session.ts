import type { Comparison } from '../compare/comparison.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createScope, type Scope } from '../lib/scope.ts';
import { plainResults, type PlainResults } from '../report/module/plain.ts';
import type { Approved, ApproveOptions } from './approve.ts';
import type { CompareOptions, ComparisonOutcome } from './compare.ts';
import type { Outcome } from './finish-run.ts';
import type { Context, SessionEvent } from './context.ts';
import type { EndpointOptions } from './endpoint.ts';
import type { JudgeOptions } from './judge.ts';
import type { MergeOptions } from './merge.ts';
import { listModels, type ListedModel } from './models.ts';
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
  readonly models: (
    options?: EndpointOptions & { readonly timeout?: number },
  ) => Promise<readonly ListedModel[] | Diagnostic>;
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
  return {
    validate: (options = {}) => scope.run(() => validate(context, options)),
    plan: (options = {}) => scope.run(() => plan(context, options)),
    run: (options = {}) => scope.run(async () => (await work()).run(context, options)),
    judge: (options = {}) => scope.run(async () => (await work()).judge(context, options)),
    report: (options = {}) => scope.run(async () => (await work()).report(context, options)),
    merge: (options) => scope.run(async () => (await work()).merge(context, options)),
    compare: (options) => scope.run(async () => (await work()).compare(context, options)),
    approve: (options = {}) => scope.run(async () => (await work()).approve(context, options)),
    models: (options = {}) => scope.run(() => listModels(context, options)),
    close: scope.end,
  };
}

/** Opens a session. */
export function createSession(options: SessionOptions): Session {
  const scope = createScope(options.env);
  const session = openSession(options, scope);
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
    run: async (given) => plain(await session.run(given)),
    judge: async (given) => plain(await session.judge(given)),
    report: async (given) => plain(await session.report(given)),
    merge: async (given) => plain(await session.merge(given)),
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

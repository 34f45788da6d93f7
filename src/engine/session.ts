import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Approved, ApproveOptions } from './approve.ts';
import type { CompareOptions, ComparisonOutcome } from './compare.ts';
import type { Outcome } from './conclude.ts';
import type { Context, SessionEvent } from './context.ts';
import type { EndpointOptions } from './endpoint.ts';
import type { JudgeOptions } from './judge.ts';
import type { MergeOptions } from './merge.ts';
import type { ListedModel } from './models.ts';
import type { PlanningOptions } from './narrow.ts';
import type { PlanOptions, PlanOutcome } from './plan.ts';
import type { ReportOptions } from './report.ts';
import type { RunOptions } from './run.ts';
import { hideKeys } from './secrets.ts';

export interface SessionOptions {
  /** Paths are relative to it; the working directory of the process where nothing is given. */
  readonly cwd: string;
  /** The environment: keys, proxies, and the variables that suites name. */
  readonly env: Context['env'];
  /** Its abort lets the calls in flight end, and begins no more. */
  readonly signal?: AbortSignal;
  /** Is told of everything that happens meanwhile. */
  readonly on?: (event: SessionEvent) => void;
  /** The command line that asked for this, without `assay`: help that goes on with a run repeats it. */
  readonly commandLine?: readonly string[];
}

/**
 * One user of the engine. What is wrong with suites, options or files is thrown as a DiagnosticError with all errors
 * found; what does not keep it from going on is reported as an event.
 */
export interface Session {
  /** Checks suites; sends nothing. */
  readonly validate: (
    options?: Partial<PlanningOptions> & { readonly paths?: readonly string[] },
  ) => Promise<{ readonly suites: number; readonly cases: number }>;
  /** Lists the cases that a run would make. */
  readonly plan: (options?: PlanOptions) => Promise<PlanOutcome>;
  /** Makes every trial, judges the replies, and writes the reports. */
  readonly run: (options?: RunOptions) => Promise<Outcome>;
  /** Judges the replies of a run by the suites as they are now. */
  readonly judge: (options?: JudgeOptions) => Promise<Outcome>;
  /** Makes the reports of a run again. */
  readonly report: (options?: ReportOptions) => Promise<Outcome>;
  /** Makes one run of its shards. */
  readonly merge: (options: MergeOptions) => Promise<Outcome>;
  /** Compares two results, case by case. */
  readonly compare: (options: CompareOptions) => Promise<ComparisonOutcome>;
  /** Makes the results of a run the baseline. */
  readonly approve: (options?: ApproveOptions) => Promise<Approved>;
  /** Lists the models that the endpoint offers, or says why they could not be listed. */
  readonly models: (
    options?: EndpointOptions & { readonly timeout?: number },
  ) => Promise<readonly ListedModel[] | Diagnostic>;
  /** Closes the files that results read from. */
  readonly close: () => Promise<void>;
}

/** Opens a session. Each method loads what it needs. */
export function createSession({
  cwd,
  env,
  signal = new AbortController().signal,
  on = () => undefined,
  commandLine,
}: SessionOptions): Session {
  const closing: (() => unknown)[] = [];
  const context: Context = {
    cwd,
    env,
    signal,
    on,
    atClose: (work) => void closing.push(work),
    ...(commandLine ? { commandLine } : {}),
  };
  hideKeys(env);
  return {
    validate: async (options = {}) => (await import('./plan.ts')).validate(context, options),
    plan: async (options = {}) => (await import('./plan.ts')).plan(context, options),
    run: async (options = {}) => (await import('./run.ts')).run(context, options),
    judge: async (options = {}) => (await import('./judge.ts')).judge(context, options),
    report: async (options = {}) => (await import('./report.ts')).report(context, options),
    merge: async (options) => (await import('./merge.ts')).merge(context, options),
    compare: async (options) => (await import('./compare.ts')).compare(context, options),
    approve: async (options = {}) => (await import('./approve.ts')).approve(context, options),
    models: async (options = {}) => (await import('./models.ts')).listModels(context, options),
    close: async () => {
      for (const work of closing.splice(0)) await work();
    },
  };
}

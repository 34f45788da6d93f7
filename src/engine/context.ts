import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Settled } from '../report/module/load.ts';
import type { Exchange, GeminiRequest } from '../gemini/request.ts';

/** How far a run is, counted in trials. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly errored: number;
  readonly inFlight: number;
  /** The lowest rate limit of the calls, in words; absent if they wait for none. */
  readonly pace?: string;
}

/** What a session reports while it works. */
export type SessionEvent =
  /** Warnings, and errors that do not keep it from going on. */
  | { readonly type: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  /** A line about what it does: what of a journal is kept, where a file was moved. */
  | { readonly type: 'note'; readonly text: string }
  /** The calls of a run begin. */
  | { readonly type: 'started' }
  | { readonly type: 'progress'; readonly progress: RunProgress }
  /** A line about what slows the calls. */
  | { readonly type: 'slowed'; readonly text: string }
  /** An attempt at a call, with its request and reply: they may contain secrets. */
  | { readonly type: 'attempt'; readonly request: GeminiRequest; readonly exchange: Exchange }
  /** The calls of a run have ended; its reports follow. */
  | { readonly type: 'ended' }
  /** Text that a reporter has for standard output: the workflow commands of GitHub Actions. */
  | { readonly type: 'output'; readonly text: string }
  /** A plan is so large that memory will count. */
  | { readonly type: 'large' };

/** What the engine works in: it reads no other environment, and prints nothing. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its abort lets the calls in flight end, and begins no more. */
  readonly signal: AbortSignal;
  readonly on: (event: SessionEvent) => void;
  /** Has something done when the session closes. */
  readonly atClose: (work: () => unknown) => void;
  /** Awaits what a module of the user does. */
  readonly settled?: Settled;
  /** The command line that began this, without `assay`: help for continuing a run repeats it. */
  readonly commandLine?: readonly string[];
}

/** Reports diagnostics, if there are any. */
export function emit({ on }: Pick<Context, 'on'>, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) on({ type: 'diagnostics', diagnostics });
}

/** Reports warnings; throws all of the diagnostics if there is an error among them. */
export function refuseErrors(context: Pick<Context, 'on'>, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new DiagnosticError(diagnostics);
  emit(context, diagnostics);
}

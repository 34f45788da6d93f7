import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RenderOptions } from '../diagnostics/render-options.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Scope } from '../lib/scope.ts';
import type { Output } from './output.ts';

/** The world as a command sees it: results go to `out`, diagnostics and progress to `err`. */
export interface Context {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command line as typed, without `assay`. */
  readonly argv: readonly string[];
  /** What the command hides, caches and has to end: its session works in it. */
  readonly scope: Scope;
  readonly out: Output;
  readonly err: Output;
}

/** Whether to colour a stream: NO_COLOR and FORCE_COLOR win over the terminal's own word (no-color.org, force-color.org). */
function wantsColor(context: Context, stream: Output): boolean {
  const { NO_COLOR, FORCE_COLOR } = context.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY;
}

/** Prints diagnostics to `err`. */
export function printDiagnostics(context: Context, diagnostics: readonly Diagnostic[]): void {
  const text = renderDiagnostics(diagnostics, renderOptions(context, context.err));
  // All of them may be allowed warnings.
  if (text !== '') context.err.write(`${text}\n`);
}

/** Takes the exit code of the command that ran. */
export type Finish = (code: number) => void;

/** The colors and width of a stream. */
export function renderOptions(context: Context, stream: Output): RenderOptions {
  return { color: wantsColor(context, stream), columns: stream.isTTY ? stream.columns : undefined };
}

import { argumentsOf, compileEntry } from '../assertions/compile.ts';
import type { ArgumentProblem } from '../assertions/kind.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { templatesIn } from '../shape/walk.ts';
import type { AssertionEntry } from './suite.ts';

/** Compiles an assertion, so that an invalid pattern, path or schema is found before anything is sent. */
export async function checkEntry({ kind, args, entry }: AssertionEntry, report: Report): Promise<void> {
  // Arguments with templates are compiled when rendered.
  if (templatesIn(args, argumentsOf(kind)).length > 0) return;
  await compileEntry(kind, args, (error) => report(diagnosticOf(error, entry.at(kind))));
}

/** an argument error as a diagnostic at its value. */
export function diagnosticOf(error: ArgumentProblem, args: SourceNode): Diagnostic {
  const { severity, code, message, path, atKey, help } = error;
  const node = path.reduce((at: SourceNode, step) => at.at(step), args);
  const last = path.at(-1);
  const isKey = atKey || (typeof last === 'string' && last.startsWith('HARM_'));
  const place = isKey ? node.keyPlace : node.place;
  return { severity, code, message, place, ...(help === undefined ? {} : { help }) };
}

import { argumentsOf, compileEntry } from '../assertions/compile.ts';
import type { ArgumentProblem } from '../assertions/kind.ts';
import type { Diagnostic, Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { templatesIn } from '../shape/walk.ts';
import type { AssertionEntry } from './suite.ts';

/** Compiles an assertion, so that a pattern, path or schema that is none is found before anything is sent. */
export async function checkEntry(
  { kind, args, entry, place }: AssertionEntry,
  report: Report,
): Promise<void> {
  // With templates they are compiled once they are rendered.
  if (templatesIn(args, argumentsOf(kind)).length > 0) return;
  await compileEntry(kind, args, (fault) => report(diagnosticOf(fault, kind, entry, place)));
}

/** A fault in the arguments of a kind, shown at the value it is about; `entry` knows the places under the kind's key. */
export function diagnosticOf(fault: ArgumentProblem, kind: string, entry: object, place: Place): Diagnostic {
  const { severity, code, message, path, atKey, help } = fault;
  const at = placeAt(entry, [kind, ...path], atKey) ?? place;
  return { severity, code, message, place: at, ...(help === undefined ? {} : { help }) };
}

/** The place of the value a path leads to, or of the nearest thing above it that has one. */
function placeAt(container: object, path: readonly (string | number)[], atKey = false): Place | undefined {
  let at: unknown = container;
  let found: Place | undefined;
  for (const [index, given] of path.entries()) {
    if (typeof at !== 'object' || at === null) break;
    const step = Array.isArray(at) ? Number(given) : given;
    const isLast = index === path.length - 1;
    const isKey = isLast && (atKey || (typeof step === 'string' && step.startsWith('HARM_')));
    found = (isKey ? keyPlace(at, step) : valuePlace(at, step)) ?? found;
    at = (at as Record<string | number, unknown>)[step];
  }
  return found;
}

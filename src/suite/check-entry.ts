import { compileEntry } from '../assertions/compile.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import type { JsonValue } from '../lib/json.ts';
import type { AssertionEntry } from './suite.ts';

/** Whether arguments hold templates; those are compiled when they are rendered. */
function isTemplated(value: JsonValue): boolean {
  return JSON.stringify(value).includes('{{');
}

/** Compiles an assertion, so that a pattern, path or schema that is none is found before anything is sent. */
export async function checkEntry(
  { kind, args, entry, place }: AssertionEntry,
  report: Report,
): Promise<void> {
  if (isTemplated(args)) return;
  await compileEntry(kind, args, (fault) => {
    report({
      severity: fault.severity,
      code: fault.code,
      message: fault.message,
      place: placeAt(entry, [kind, ...fault.path]) ?? place,
      ...(fault.help === undefined ? {} : { help: fault.help }),
    });
  });
}

/** The place of the value a path leads to, or of the nearest thing above it that has one. */
function placeAt(container: object, path: readonly (string | number)[]): Place | undefined {
  let at: unknown = container;
  let found: Place | undefined;
  for (const [index, step] of path.entries()) {
    if (typeof at !== 'object' || at === null) break;
    const isKey = index === path.length - 1 && typeof step === 'string' && step.startsWith('HARM_');
    found = (isKey ? keyPlace(at, step) : valuePlace(at, step)) ?? found;
    at = (at as Record<string | number, unknown>)[step];
  }
  return found;
}

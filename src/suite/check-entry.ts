import { argumentsOf, compileEntry } from '../assertions/compile.ts';
import type { ArgumentFault } from '../assertions/kind.ts';
import type { Diagnostic, Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { visitTemplates } from '../shape/walk.ts';
import type { AssertionEntry } from './suite.ts';

/** Whether arguments hold templates; those are compiled when they are rendered. */
function isTemplated(kind: string, args: JsonValue): boolean {
  let found = false;
  visitTemplates(args, () => (found = true), argumentsOf(kind));
  return found;
}

/** Compiles an assertion, so that a pattern, path or schema that is none is found before anything is sent. */
export async function checkEntry(
  { kind, args, entry, place }: AssertionEntry,
  report: Report,
): Promise<void> {
  checkRanges({ [kind]: args }, report, place);
  if (isTemplated(kind, args)) return;
  await compileEntry(kind, args, (fault) => report(diagnosticOf(fault, kind, entry, place)));
}

/** A fault in the arguments of a kind, shown at the value it is about; `entry` knows the places under the kind's key. */
export function diagnosticOf(fault: ArgumentFault, kind: string, entry: object, place: Place): Diagnostic {
  const { severity, code, message, path, atKey, help } = fault;
  const at = placeAt(entry, [kind, ...path], atKey) ?? place;
  return { severity, code, message, place: at, ...(help === undefined ? {} : { help }) };
}

/** Not looked into for bounds: values to compare with, and kinds that look at theirs themselves. */
const withoutRanges = ['schema', 'equals', 'contains', 'args', 'with', 'editDistance', 'rouge'];

/** Tells of bounds that nothing can keep. */
export function checkRanges(value: JsonValue, report: Report, place: Place): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) {
    const { min, max, equals } = value;
    if (typeof min === 'number' && typeof max === 'number' && min > max)
      report({
        severity: 'error',
        code: 'empty-range',
        message: `nothing is at least ${min} and at most ${max}`,
        place: valuePlace(value, 'min') ?? place,
        help: 'min is the lower bound, max the upper one',
      });
    const isBelow = typeof min === 'number' && Number(equals) < min;
    const isAbove = typeof max === 'number' && Number(equals) > max;
    if (typeof equals === 'number' && (isBelow || isAbove))
      report({
        severity: 'error',
        code: 'empty-range',
        message: `${equals} is not within the bounds beside it`,
        place: valuePlace(value, 'equals') ?? place,
        help: 'a value that is just one number needs no other bounds',
      });
  }
  for (const [key, inner] of Object.entries(value))
    if (!withoutRanges.includes(key)) checkRanges(inner, report, place);
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

import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import type { Variable, VarMap } from './suite.ts';

/** Words that mean something else in a template. */
const reservedNames: readonly string[] = [
  'if',
  'unless',
  'each',
  'with',
  'lookup',
  'log',
  'else',
  'this',
  'env',
];

/** Reads `vars:`; a `{ file: path }` is the file's value, and no template. */
export async function readVars(
  vars: JsonObject | undefined,
  files: SuiteFiles,
  report: Report,
): Promise<VarMap> {
  const map = new Map<string, Variable>();
  for (const [name, value] of Object.entries(vars ?? {})) {
    const place = vars && valuePlace(vars, name);
    checkName(name, vars && keyPlace(vars, name), report);
    const reference = fileReference(value);
    const read = reference === undefined || !place ? value : await files.value(reference, place);
    if (read !== undefined) map.set(name, variable(read, place, reference === undefined));
  }
  return map;
}

/** A variable; a number or flag keeps the text it was written as (0123 stays 0123). */
export function variable(value: JsonValue, place: Place | undefined, template: boolean): Variable {
  const written =
    place && (typeof value === 'number' || typeof value === 'boolean')
      ? place.file.text.slice(place.start, place.end)
      : undefined;
  return {
    value,
    template,
    ...(written === undefined ? {} : { text: written }),
    ...(place ? { place } : {}),
  };
}

export function checkName(name: string, place: Place | undefined, report: Report): void {
  if (!reservedNames.includes(name)) return;
  report({
    severity: 'error',
    code: 'reserved-name',
    message: `a variable may not be named ${JSON.stringify(name)}: it is a word of the template language`,
    ...(place ? { place } : {}),
    help: 'give it another name',
  });
}

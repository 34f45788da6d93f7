import type { Diagnostic, Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
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
  for (const name of Object.keys(vars ?? {})) {
    if (!vars) break;
    checkName(name, keyPlace(vars, name), report);
    map.set(name, await readVariable(vars, name, true, files));
  }
  return map;
}

/** The variable that an entry of a map gives. */
export async function readVariable(
  from: JsonObject,
  name: string,
  template: boolean,
  files: SuiteFiles,
): Promise<Variable> {
  const value = from[name] ?? null;
  const place = valuePlace(from, name);
  const reference = fileReference(value);
  const nameAt = keyPlace(from, name);
  const at = { ...(place ? { place } : {}), ...(nameAt ? { nameAt } : {}) };
  if (reference === undefined || !place) {
    const text = writtenText(from, name);
    return { value, template, ...(text === undefined ? {} : { text }), ...at };
  }
  const inFile = isObject(value) ? (valuePlace(value, 'file') ?? place) : place;
  const read = await files.value(reference, inFile);
  if (read === undefined) return { value: null, template: false, ...at };
  if (typeof read !== 'number' && typeof read !== 'boolean') return { value: read, template: false, ...at };
  // A file that is nothing but a number is written as it is.
  const source = await files.source(reference, inFile);
  return { value: read, template: false, ...(source ? { text: source.text.trim() } : {}), ...at };
}

/** Whether an environment variable holds the API key, which no template may read. */
export function isKeyName(name: string): boolean {
  return name === 'GEMINI_API_KEY' || name === 'GOOGLE_API_KEY';
}

/** Why a template may not read such a variable. */
export function keyInTemplate(name: string): Pick<Diagnostic, 'severity' | 'code' | 'message' | 'help'> {
  return {
    severity: 'error',
    code: 'key-in-template',
    message: `${name} holds the API key, which no template may read`,
    help: 'the key is sent as a header, and stands in no prompt, report or file',
  };
}

/** Reads `env:`, the environment variables that templates may read; the API key is none of them. */
export function readEnv(names: JsonValue | undefined, report: Report): string[] {
  if (!Array.isArray(names)) return [];
  return names.map((name, index) => {
    const place = valuePlace(names, index);
    if (typeof name === 'string' && isKeyName(name))
      report({ ...keyInTemplate(name), ...(place ? { place } : {}) });
    return typeof name === 'string' ? name : '';
  });
}

/** Reports a name that no variable may have. */
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

import path from 'node:path';
import { kindOf, kinds } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { setPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';

/** Locates the scripts that an assertion's arguments name, nested ones too: each is read, and counts as part of the suite. */
export async function locateScripts(
  kind: string,
  args: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  const nested = async (entry: JsonValue, at = place): Promise<JsonValue> => {
    const inner = isObject(entry) ? kindOf(entry) : undefined;
    if (!isObject(entry) || inner === undefined) return entry;
    return mapEntries(entry, async (value, key, keyAt = at) =>
      key === inner ? locateScripts(inner, value, keyAt, files, report) : value,
    );
  };
  const { moduleArgument, nests } = kinds[kind] ?? {};
  if (moduleArgument !== undefined) return locateScript(args, moduleArgument, place, files, report);
  if (nests?.takes === 'one') return nested(args);
  return nests && Array.isArray(args) ? mapItems(args, nested) : args;
}

/** Puts the path of a script from the root in, so that it is the same on every machine. */
async function locateScript(
  args: JsonValue,
  argument: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  const map: JsonObject = isObject(args) ? args : { [argument]: args };
  const file = map[argument];
  if (typeof file !== 'string') return args;
  const at = valuePlace(map, argument) ?? place;
  const withFile = (named: string): JsonObject => {
    const made: JsonObject = { ...map, [argument]: named };
    for (const key of Object.keys(map)) setPlace(made, key, valuePlace(map, key) ?? at);
    return made;
  };
  const fault = (code: string, message: string, help: string): JsonValue => {
    report({ severity: 'error', code, message, place: at, help });
    // What stands beside the path is looked at further, the path is not.
    return withFile(file.replaceAll(/[{}]/g, ''));
  };
  if (file.includes('{{'))
    return fault(
      'template-in-path',
      'the path of a script holds no templates',
      'name one script, and give it what differs under `with`',
    );
  if (path.extname(file) !== '.mjs')
    return fault(
      'wrong-format',
      `a script is an .mjs file, this one is ${JSON.stringify(path.basename(file))}`,
      'rename it to .mjs: a module that exports a function',
    );
  const read = await files.source(file, at);
  if (!read) return map;
  return withFile(path.relative(files.root, read.absolute).split(path.sep).join('/'));
}

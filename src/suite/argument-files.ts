import path from 'node:path';
import { kindOf } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, setPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';

/** Resolves the files that an assertion's arguments name, nested ones too: a schema is read, a script located. */
export async function resolveArgumentFiles(
  kind: string,
  args: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  if (kind === 'script') return locateScript(args, place, files, report);
  if (Array.isArray(args)) {
    const items = await Promise.all(
      args.map((entry, index) => resolveNested(entry, valuePlace(args, index) ?? place, files, report)),
    );
    return withPlaces(args, items);
  }
  if (kind === 'not') return resolveNested(args, place, files, report);
  const reference = isObject(args) ? fileReference(args.schema) : undefined;
  if (!isObject(args) || reference === undefined) return args;
  const at = valuePlace(args, 'schema') ?? place;
  return replaced(args, 'schema', (await files.value(reference, at)) ?? null, at);
}

/** Of a list, only those of `any` and `all` hold entries; texts and the like stay as they are. */
async function resolveNested(
  entry: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  const kind = isObject(entry) ? kindOf(entry) : undefined;
  if (!isObject(entry) || kind === undefined) return entry;
  const at = valuePlace(entry, kind) ?? place;
  const args = entry[kind] ?? null;
  const resolved = await resolveArgumentFiles(kind, args, at, files, report);
  return resolved === args ? entry : replaced(entry, kind, resolved, at);
}

/** Puts the path of a script from the root in, so that it is the same on every machine; what it holds counts as part of the suite. */
async function locateScript(
  args: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  const map: JsonObject = isObject(args) ? args : { file: args };
  const { file } = map;
  if (typeof file !== 'string') return args;
  const at = isObject(args) ? (valuePlace(args, 'file') ?? place) : place;
  const fault = (code: string, message: string, help: string): JsonValue => {
    report({ severity: 'error', code, message, place: at, help });
    return map;
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
  const fromRoot = path.relative(files.root, read.absolute).split(path.sep).join('/');
  return isObject(args) ? replaced(args, 'file', fromRoot, at) : { file: fromRoot };
}

function replaced(map: JsonObject, key: string, value: JsonValue, place: Place): JsonObject {
  const copy: JsonObject = { ...map, [key]: value };
  for (const each of Object.keys(map)) copyPlace(map, each, copy, each);
  setPlace(copy, key, place);
  return copy;
}

function withPlaces(list: readonly JsonValue[], items: JsonValue[]): JsonValue {
  if (items.every((item, index) => item === list[index])) return list as JsonValue[];
  for (const index of items.keys()) copyPlace(list, index, items, index);
  return items;
}

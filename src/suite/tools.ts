import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';

/** What reading files takes. */
interface Reading {
  readonly files: SuiteFiles;
  readonly report: Report;
}

/** The schemas of a function declaration, in both spellings that the API reads. */
const schemas = new Set([
  'parameters',
  'parametersJsonSchema',
  'parameters_json_schema',
  'response',
  'responseJsonSchema',
  'response_json_schema',
]);

/** Tools with their files put in: for an entry, a function declaration, or a schema of one. A file may hold several entries. */
export async function readTools(value: JsonValue, place: Place, reading: Reading): Promise<JsonValue> {
  const tools = await resolve(value, place, reading);
  const list = Array.isArray(tools) ? tools : [tools];
  return mapItems(
    list,
    async (tool, at) => {
      const resolved = await resolve(tool, at ?? place, reading);
      return Array.isArray(resolved)
        ? mapItems(resolved, (each) => readTool(each, place, reading))
        : readTool(resolved, place, reading);
    },
    Array.isArray,
  );
}

async function readTool(tool: JsonValue, place: Place, reading: Reading): Promise<JsonValue> {
  if (!isObject(tool)) return tool;
  return mapEntries(tool, async (value, key, at = place) => {
    if (key !== 'functionDeclarations' && key !== 'function_declarations') return value;
    const declarations = await resolve(value, at, reading);
    if (!Array.isArray(declarations)) return readDeclaration(declarations, at, reading);
    return mapItems(
      declarations,
      async (each, eachAt = at) => {
        const resolved = await resolve(each, eachAt, reading);
        return Array.isArray(resolved)
          ? mapItems(resolved, (inner) => readDeclaration(inner, at, reading))
          : readDeclaration(resolved, at, reading);
      },
      Array.isArray,
    );
  });
}

async function readDeclaration(value: JsonValue, place: Place, reading: Reading): Promise<JsonValue> {
  if (!isObject(value)) return value;
  return mapEntries(value, async (inner, key, at = place) =>
    schemas.has(key) ? resolve(inner, at, reading) : inner,
  );
}

/** A value, or what the file that stands for it holds; an unread file was reported, and leaves an empty map. */
async function resolve(value: JsonValue, place: Place, reading: Reading): Promise<JsonValue> {
  const reference = fileReference(value);
  if (reference === undefined) return value;
  const at = valuePlace(value as JsonObject, 'file') ?? place;
  const found = (await reading.files.value(reference, at)) ?? {};
  if (Array.isArray(found)) return found;
  return isObject(found) ? found : notOfForm(reference, found, at, reading);
}

/** The map that a file holds; an empty one where that is at fault, and told. */
export async function readMap(reference: string, place: Place, reading: Reading): Promise<JsonObject> {
  const found = (await reading.files.value(reference, place)) ?? {};
  return isObject(found) ? found : notOfForm(reference, found, place, reading);
}

function notOfForm(reference: string, found: JsonValue, place: Place, { report }: Reading): JsonObject {
  report({
    severity: 'error',
    code: 'wrong-type',
    message: `expected a map, ${JSON.stringify(reference)} holds a ${typeName(found)}`,
    place,
    help: 'it is read from a .yaml or .json file, and from no text file',
  });
  return {};
}

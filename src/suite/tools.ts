import type { Place } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';

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
export async function readTools(value: JsonValue, place: Place, files: SuiteFiles): Promise<JsonValue> {
  const tools = await resolve(value, place, files);
  const list = Array.isArray(tools) ? tools : [tools];
  return mapItems(
    list,
    async (tool, at) => {
      const resolved = await resolve(tool, at ?? place, files);
      return Array.isArray(resolved)
        ? mapItems(resolved, (each) => readTool(each, place, files))
        : readTool(resolved, place, files);
    },
    Array.isArray,
  );
}

async function readTool(tool: JsonValue, place: Place, files: SuiteFiles): Promise<JsonValue> {
  if (!isObject(tool)) return tool;
  return mapEntries(tool, async (value, key, at = place) => {
    if (key !== 'functionDeclarations' && key !== 'function_declarations') return value;
    const declarations = await resolve(value, at, files);
    if (!Array.isArray(declarations)) return readDeclaration(declarations, at, files);
    return mapItems(
      declarations,
      async (each, eachAt = at) => {
        const resolved = await resolve(each, eachAt, files);
        return Array.isArray(resolved)
          ? mapItems(resolved, (inner) => readDeclaration(inner, at, files))
          : readDeclaration(resolved, at, files);
      },
      Array.isArray,
    );
  });
}

async function readDeclaration(value: JsonValue, place: Place, files: SuiteFiles): Promise<JsonValue> {
  if (!isObject(value)) return value;
  return mapEntries(value, async (inner, key, at = place) =>
    schemas.has(key) ? resolve(inner, at, files) : inner,
  );
}

/** A value, or what the file that stands for it holds; an unread file was reported, and leaves an empty map. */
async function resolve(value: JsonValue, place: Place, files: SuiteFiles): Promise<JsonValue> {
  const reference = fileReference(value);
  if (reference === undefined) return value;
  const at = valuePlace(value as JsonObject, 'file') ?? place;
  return (await files.value(reference, at)) ?? {};
}

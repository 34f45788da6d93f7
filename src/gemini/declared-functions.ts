import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { Body } from './request.ts';

/** The functions that a request declares, by name, each with the schema of its arguments. */
export type DeclaredFunctions = ReadonlyMap<string, ArgumentSchema>;

/** A schema of arguments; undefined: the function takes none. */
type ArgumentSchema = JsonObject | undefined;

/** Tools beside function declarations that bring no functions of their own. */
const withoutFunctions = new Set(
  'googleSearch googleSearchRetrieval codeExecution urlContext googleMaps fileSearch enterpriseWebSearch retrieval exaAiSearch parallelAiSearch'.split(
    ' ',
  ),
);

const camel = (key: string): string =>
  key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The functions that a request declares; undefined where not all are known: a cache may hold tools, and some tools bring their own. */
export function functionsOf(body: Body | undefined): DeclaredFunctions | undefined {
  if (!body || body.cachedContent !== undefined) return undefined;
  const tools = body.tools as JsonValue | undefined;
  const declared = new Map<string, ArgumentSchema>();
  for (const tool of Array.isArray(tools) ? tools : tools == null ? [] : [tools]) {
    if (!isObject(tool)) return undefined;
    for (const [key, value] of Object.entries(tool)) {
      if (camel(key) === 'functionDeclarations') {
        for (const each of Array.isArray(value) ? value : [value]) {
          if (!isObject(each) || typeof each.name !== 'string') return undefined;
          declared.set(each.name, schemaOf(each));
        }
      } else if (!withoutFunctions.has(camel(key))) return undefined;
    }
  }
  return declared;
}

function schemaOf(declaration: JsonObject): ArgumentSchema {
  const schema =
    declaration.parameters ?? declaration.parametersJsonSchema ?? declaration.parameters_json_schema;
  return isObject(schema) ? schema : undefined;
}

/** Keywords by which a schema may allow names that its `properties` do not list. */
const open = [
  '$ref',
  '$dynamicRef',
  'ref',
  'allOf',
  'anyOf',
  'any_of',
  'oneOf',
  'if',
  'patternProperties',
  'dependentSchemas',
];

/** The names that a schema allows in a map; undefined where it may allow any. */
function namesIn(schema: ArgumentSchema): string[] | undefined {
  if (schema === undefined) return [];
  const { properties, additionalProperties = schema.additional_properties } = schema;
  if (open.some((key) => schema[key] !== undefined)) return undefined;
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined;
  return isObject(properties) ? Object.keys(properties) : additionalProperties === false ? [] : undefined;
}

/** The schema of a key of a map, or of the items of a list; undefined where nothing is said of it. */
function schemaAt(schema: JsonObject, key: string | number): JsonObject | undefined {
  const { properties, items } = schema;
  const found = typeof key === 'number' ? items : isObject(properties) ? ownOf(properties, key) : undefined;
  return isObject(found) ? found : undefined;
}

const ownOf = (map: JsonObject, key: string): JsonValue | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** A name that a schema does not have, the way to it, and the names that it has there. */
export interface Undeclared {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly known: readonly string[];
}

/** The first name in arguments that their schema does not have. */
export function undeclaredIn(
  value: JsonValue | undefined,
  schema: ArgumentSchema,
  path: readonly (string | number)[] = [],
): Undeclared | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const known = isObject(value) ? namesIn(schema) : undefined;
  for (const [name, inner] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    if (known && !known.includes(name)) return { name, path: [...path, key], known };
    const below = schema && schemaAt(schema, key);
    const found = below && undeclaredIn(inner, below, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** The steps at the head of a JSONPath that are plain names, indexes or `*`. */
const step = /\.([\p{L}_][\p{L}\p{N}_]*)|\[\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d+|\*))\s*\]/uy;

/** The first name at the head of a JSONPath that the schema does not have. */
export function undeclaredInPath(query: string, schema: ArgumentSchema): Undeclared | undefined {
  let at: ArgumentSchema = schema;
  step.lastIndex = 1;
  for (let first = true; first || at; first = false) {
    const found = step.exec(query);
    if (!found) return undefined;
    const [, dotted, single, double, index] = found;
    const name = dotted ?? single ?? double;
    const known = name === undefined ? undefined : namesIn(at);
    if (name !== undefined && known && !known.includes(name)) return { name, path: [], known };
    at =
      at && (name === undefined ? (index === undefined ? undefined : schemaAt(at, 0)) : schemaAt(at, name));
  }
  return undefined;
}

import { copyPlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { isObject, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { isAltered, setWritten } from '../lib/written-number.ts';
import { templatePattern } from './shape.ts';

/** The schemas that a schema refers to, by the name after `#/$defs/`. */
export type Definitions = (name: string) => JsonObject;

const number = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/**
 * Turns scalars into what is due at their place: a number where only a text may stand into the text it was written as,
 * and a text that reads as a number or flag (rows of CSV hold nothing but texts) where only those may stand.
 * What fits neither way stays as it is. The same object comes back where nothing changed.
 */
export function coerce(
  value: JsonValue,
  schema: JsonObject,
  definitions: Definitions,
  written?: string,
): JsonValue {
  if (value === null) return value;
  const meant = branches(schema, jsonType(value), definitions);
  if (typeof value === 'string') return fromText(value, meant);
  if (typeof value !== 'object')
    return meant.some(takesText) && !meant.some((each) => takesOnlyNumbers(each))
      ? (written ?? String(value))
      : value;
  return inside(value, meant, definitions);
}

function inside(
  value: JsonObject | JsonValue[],
  meant: readonly JsonObject[],
  definitions: Definitions,
): JsonValue {
  const isList = Array.isArray(value);
  const copy: JsonObject | JsonValue[] = isList ? [] : emptyMap(Object.keys(value));
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    const key = isList ? Number(name) : name;
    const schema = isList
      ? child(meant, ['items'])
      : child(meant, ['properties', name], 'additionalProperties');
    const text = writtenText(value, key);
    const made = schema ? coerce(inner, schema, definitions, text) : inner;
    changed ||= made !== inner;
    setOwn(copy as JsonObject, name, made);
    copyPlace(value, key, copy, key);
    if (text !== undefined && made === inner) setWritten(copy, key, text);
  }
  return changed ? copy : value;
}

/** The first schema found at the end of the steps, or under the other keyword. */
function child(
  schemas: readonly JsonObject[],
  steps: readonly string[],
  other?: string,
): JsonObject | undefined {
  for (const schema of schemas) {
    let at: JsonValue | undefined = schema;
    for (const step of steps) at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    const found: JsonValue | undefined = at ?? (other === undefined ? undefined : schema[other]);
    if (isObject(found)) return found;
  }
  return undefined;
}

/** A schema, references followed, with the branches that a value of this type takes. */
function branches(schema: JsonObject, type: string, definitions: Definitions): JsonObject[] {
  if (typeof schema.$ref === 'string')
    return branches(definitions(schema.$ref.replace('#/$defs/', '')), type, definitions);
  const conditional = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [];
  const taken = conditional.flatMap(({ if: condition, then }) =>
    isObject(condition) && condition.type === type && isObject(then) ? branches(then, type, definitions) : [],
  );
  return [...taken, schema];
}

const typesOf = (schema: JsonObject): JsonValue[] => [schema.type ?? []].flat();
const takesText = (schema: JsonObject): boolean =>
  typesOf(schema).includes('string') && schema.pattern !== templatePattern;
const takesNumbers = (schema: JsonObject): boolean =>
  typesOf(schema).some((type) => type === 'number' || type === 'integer');
const takesOnlyNumbers = (schema: JsonObject): boolean => takesNumbers(schema) && !takesText(schema);

function fromText(value: string, meant: readonly JsonObject[]): JsonValue {
  // The innermost branch says what a text may be.
  const [schema = {}] = meant;
  if (typesOf(schema).length === 0 || takesText(schema)) return value;
  // A number that would become another one stays a text, which does not fit.
  if (takesNumbers(schema) && number.test(value) && !isAltered(value.trim())) return Number(value);
  if (typesOf(schema).includes('boolean') && /^(?:true|false)$/.test(value.trim()))
    return value.trim() === 'true';
  return value;
}

function jsonType(value: JsonValue): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

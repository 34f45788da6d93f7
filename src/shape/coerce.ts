import type { SourceNode } from '../diagnostics/source-node.ts';
import { setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { isAltered } from '../lib/written-number.ts';
import { templatePattern } from './shape.ts';
import { entryOf, schemasFor, type Described } from './walk.ts';

const number = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/**
 * Converts scalars to the type that the schema allows: a number to its source text, and a text such as "3" or "true" to
 * a number or flag (CSV has only texts). Other values stay. Returns the same object if nothing changed.
 */
export function coerce(node: SourceNode, described: Described): JsonValue {
  const { value } = node;
  if (value === null) return value;
  const meant = schemasFor(value, described);
  if (typeof value === 'string') return fromText(value, meant);
  if (typeof value !== 'object')
    return meant.some(takesText) && !meant.some((each) => takesOnlyNumbers(each))
      ? (node.text ?? String(value))
      : value;
  return inside(node, value, meant, described);
}

function inside(
  node: SourceNode,
  value: JsonObject | JsonValue[],
  meant: readonly JsonObject[],
  described: Described,
): JsonValue {
  const isList = Array.isArray(value);
  const copy: JsonObject | JsonValue[] = isList ? [] : emptyMap(Object.keys(value));
  let changed = false;
  for (const [name, inner] of node.entries()) {
    const entry = entryOf(described, meant, isList ? Number(name) : name);
    const made = entry ? coerce(inner, entry) : inner.value;
    changed ||= made !== inner.value;
    setOwn(copy as JsonObject, name, made);
  }
  return changed ? copy : value;
}

const typesOf = (schema: JsonObject): JsonValue[] => [schema.type ?? []].flat();
const takesText = (schema: JsonObject): boolean =>
  typesOf(schema).includes('string') && schema.pattern !== templatePattern;
const takesNumbers = (schema: JsonObject): boolean =>
  typesOf(schema).some((type) => type === 'number' || type === 'integer');
const takesOnlyNumbers = (schema: JsonObject): boolean => takesNumbers(schema) && !takesText(schema);

function fromText(value: string, meant: readonly JsonObject[]): JsonValue {
  // The innermost branch decides.
  const [schema = {}] = meant;
  if (typesOf(schema).length === 0 || takesText(schema)) return value;
  // A number that a double cannot represent stays a text, and fails.
  if (takesNumbers(schema) && number.test(value) && !isAltered(value.trim())) return Number(value);
  if (typesOf(schema).includes('boolean') && /^(?:true|false)$/.test(value.trim()))
    return value.trim() === 'true';
  return value;
}

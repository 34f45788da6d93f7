/** Makes a value that fits an OpenAPI or JSON schema, without chance but for a salt. */
import { isObject, ownValue, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { mapOf } from '../lib/ordered-map.ts';
import { pick } from './chance.ts';
import { makeString } from './made-string.ts';

/** What a value is made from. */
export interface Making {
  /** The schema that `$ref` looks into. */
  readonly root: JsonValue;
  /** Draws the value of an enum. */
  readonly salt: string;
  /** Names and numbers of the prompt, each used once, for the arguments of a call. */
  readonly names?: string[];
  readonly numbers?: number[];
  /** How many values may still be made: lists within lists would else fill the memory. */
  readonly room: { left: number };
}

/** Room for a value of any sensible size. */
export const roomy = (): Making['room'] => ({ left: 20_000 });

/** Beyond this depth only what is required is made, so that schemas that hold themselves end. */
const deep = 4;
const deepest = 24;

/** A value for a schema; `name` is the property it is for. */
export function makeValue(schema: JsonValue | undefined, name: string, making: Making, depth = 0): JsonValue {
  if (making.room.left-- <= 0) return null;
  if (!isObject(schema) || depth > deepest) return schema === false ? null : name;
  if (typeof schema.$ref === 'string') {
    const { $ref, ...beside } = schema;
    const target = resolve($ref, making.root);
    return makeValue(isObject(target) ? { ...target, ...beside } : target, name, making, depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0)
    return pick(schema.enum, making.salt, name) ?? null;
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const { [key]: choices, ...rest } = schema;
    if (Array.isArray(choices) && choices.length > 0) {
      const usable = choices.filter(isObject);
      const parts = key === 'allOf' ? usable : [chooseOne(usable, depth)];
      return makeValue(merge([rest, ...parts]), name, making, depth + 1);
    }
  }
  switch (typeOf(schema)) {
    case 'OBJECT':
      return makeMap(schema, making, depth);
    case 'ARRAY':
      return makeList(schema, name, making, depth);
    case 'INTEGER':
      return makeNumber(schema, true, making.numbers);
    case 'NUMBER':
      return makeNumber(schema, false, making.numbers);
    case 'BOOLEAN':
      return true;
    case 'NULL':
      return null;
    default:
      return makeString(schema, name, making.names);
  }
}

/** Where a schema may be null or hold itself, the branch that ends. */
function chooseOne(branches: readonly JsonObject[], depth: number): JsonObject {
  const ends = branches.find((branch) => branch.$ref === undefined && typeOf(branch) !== 'NULL');
  const nothing = branches.find((branch) => typeOf(branch) === 'NULL');
  const first = branches.find((branch) => typeOf(branch) !== 'NULL') ?? branches[0] ?? {};
  return depth > deep ? (nothing ?? ends ?? first) : first;
}

function merge(schemas: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = {};
  for (const schema of schemas) {
    const { properties, required, ...rest } = schema;
    Object.assign(merged, rest);
    if (isObject(properties))
      merged.properties = { ...(isObject(merged.properties) ? merged.properties : {}), ...properties };
    if (Array.isArray(required))
      merged.required = [...(Array.isArray(merged.required) ? merged.required : []), ...required];
  }
  return merged;
}

function resolve(reference: string, root: JsonValue): JsonValue | undefined {
  let at: JsonValue | undefined = root;
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) ? ownValue(at, key) : Array.isArray(at) ? at[Number(key)] : undefined;
  }
  return at;
}

/** The type, or what the keywords say it must be. */
function typeOf(schema: JsonObject): string {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).map((type) =>
    plainText(type).toUpperCase(),
  );
  const named = types.find((type) => type !== '' && type !== 'NULL') ?? types[0] ?? '';
  if (named !== '') return named;
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'OBJECT';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'ARRAY';
  return schema.minimum !== undefined || schema.maximum !== undefined ? 'NUMBER' : 'STRING';
}

function makeMap(schema: JsonObject, making: Making, depth: number): JsonValue {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(
    Array.isArray(schema.required) ? schema.required.map((name) => plainText(name)) : [],
  );
  const ordered = Array.isArray(schema.propertyOrdering)
    ? schema.propertyOrdering.map((name) => plainText(name)).filter((name) => Object.hasOwn(properties, name))
    : [];
  const names = [...new Set([...ordered, ...Object.keys(properties), ...required])];
  const entries = names
    .filter((name) => depth <= deep || required.has(name))
    .slice(0, Math.max(required.size, Number(schema.maxProperties ?? Infinity)))
    .map((name): [string, JsonValue] => [
      name,
      makeValue(ownValue(properties, name), name, making, depth + 1),
    ]);
  const more = isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
  const least = Number(schema.minProperties ?? (more && entries.length === 0 ? 1 : 0));
  for (let index = entries.length; index < least && making.room.left > 0; index++)
    entries.push([`key${index + 1}`, makeValue(more, `key${index + 1}`, making, depth + 1)]);
  return mapOf(entries);
}

function makeList(schema: JsonObject, name: string, making: Making, depth: number): JsonValue {
  const fixed = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const usual = depth > deep || schema.items === false ? 0 : Math.max(1, fixed.length);
  const count = Math.min(Math.max(usual, Number(schema.minItems ?? 0)), Number(schema.maxItems ?? Infinity));
  return Array.from({ length: Math.min(count, Math.max(0, making.room.left)) }, (_, index) =>
    makeValue(fixed[index] ?? schema.items, count > 1 ? `${name} ${index + 1}` : name, making, depth + 1),
  );
}

function makeNumber(schema: JsonObject, whole: boolean, numbers: number[] = []): number {
  const step = Number(schema.multipleOf ?? (whole ? 1 : 0));
  const [above, below] = [
    Number(schema.exclusiveMinimum ?? -Infinity),
    Number(schema.exclusiveMaximum ?? Infinity),
  ];
  // Off an exclusive bound by a little, or by half of what lies between two.
  const nudge = Math.min(whole ? 1 : 0.5, (below - above) / 2);
  const least = Number(schema.minimum ?? above + nudge);
  const most = Number(schema.maximum ?? below - nudge);
  const fits = (value: number): boolean =>
    value >= least && value <= most && (step === 0 || Number.isInteger(value / step));
  const given = numbers.findIndex(fits);
  if (given >= 0) return numbers.splice(given, 1)[0] ?? 0;
  let value = least > 1 ? least : Math.min(1, most);
  if (step !== 0) value = Math.ceil(value / step) * step;
  if (value > most && step !== 0) value = Math.floor(most / step) * step;
  return value;
}

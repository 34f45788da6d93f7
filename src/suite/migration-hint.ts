import { kinds } from '../assertions/registry.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { SchemaError } from '../shape/schema-error.ts';
import { schemaOf } from '../shape/error-words.ts';

/** Keys under which other tools write what an assertion is, and what it takes. */
const kindKeys = ['type', 'kind', 'metric', 'assertion'];
const valueKeys = ['value', 'values', 'expected', 'threshold'];

/** Words of other tools for what a kind here asks, and the arguments where the value alone is none. */
const words: Readonly<Record<string, { kind: string; args?: (value: JsonValue) => JsonValue }>> = {
  equal: { kind: 'equals' },
  exact: { kind: 'equals' },
  'exact-match': { kind: 'equals' },
  icontains: { kind: 'contains', args: (text) => ({ text, ignoreCase: true }) },
  'contains-all': { kind: 'contains' },
  'contains-any': { kind: 'any', args: (texts) => [texts].flat().map((contains) => ({ contains })) },
  regex: { kind: 'matches' },
  'is-json': { kind: 'json', args: asSchema },
  'is-valid-json': { kind: 'json', args: asSchema },
  'contains-json': { kind: 'json', args: asSchema },
  cost: { kind: 'cost', args: (max) => ({ max }) },
  latency: { kind: 'latency', args: (max) => ({ total: { max } }) },
  levenshtein: { kind: 'editDistance', args: (to) => ({ to, max: 5 }) },
  'rouge-n': { kind: 'rouge', args: (to) => ({ to, min: 0.75 }) },
  javascript: { kind: 'script', args: () => 'checks/mine.mjs' },
};

function asSchema(schema: JsonValue): JsonValue {
  return isObject(schema) ? { schema } : {};
}

/**
 * How to write an assertion of another tool's form, `{ type: contains, value: x }`; undefined for other errors.
 */
export function migrationHint(error: SchemaError, value: unknown): string | undefined {
  const key = error.params['additionalProperty'];
  if (schemaOf(error)['title'] !== 'an assertion' || typeof key !== 'string' || !isObject(value))
    return undefined;
  const named = kindKeys.find((each) => typeof value[each] === 'string');
  const word = named === undefined ? undefined : value[named];
  if (typeof word !== 'string' || ![...kindKeys, ...valueKeys].includes(key)) return undefined;
  const given = valueKeys.find((each) => value[each] !== undefined);
  const here = translated(word, given === undefined ? undefined : value[given]);
  return here === undefined
    ? `the kind is the key here, { KIND: value }; the kinds are ${Object.keys(kinds).join(', ')}`
    : `the kind is the key here: ${flow(here)}`;
}

function translated(word: string, value: JsonValue | undefined): JsonObject | undefined {
  const plain = word.toLowerCase();
  if (plain.startsWith('not-')) {
    const not = translated(plain.slice('not-'.length), value);
    return not && { not };
  }
  const known = Object.hasOwn(words, plain) ? words[plain] : undefined;
  const kind = known?.kind ?? nearest(plain.replaceAll(/[-_]/g, ''), Object.keys(kinds), 2, 0.3);
  if (kind === undefined) return undefined;
  const example = kinds[kind]?.example ?? '…';
  if (known?.args && (value !== undefined || known.args === asSchema))
    return { [kind]: known.args(value ?? null) };
  return { [kind]: value ?? example };
}

/** A value as one line of YAML. */
function flow(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' && /^[A-Za-z][\w ./-]*$/.test(value) ? value : JSON.stringify(value);
}

/** Makes a value that fits an OpenAPI or JSON schema, the same one for the same seed. */
import { isObject, ownValue, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { mapOf } from '../lib/ordered-map.ts';
import { compilePattern } from '../lib/pattern.ts';
import { pick } from './random.ts';

/** Deeper than this only required properties are made, so that recursive schemas end. */
const deep = 4;
const deepest = 24;
/** Limits on what a request can make the server build: values in all, characters of a text. */
const maxValues = 20_000;
const maxCharacters = 10_000;

const formats: Record<string, string> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  duration: 'PT5M',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/page',
  url: 'https://example.com/page',
  'uri-reference': '/page',
  uuid: '3f2b8c1e-5d4a-4e6f-8a7b-9c0d1e2f3a4b',
};

/** Texts and numbers of a prompt, for the arguments of a call: each is used once, where it fits. */
export interface PromptWords {
  readonly texts: string[];
  readonly numbers: number[];
}

/** A value for `schema`; `seed` draws among the values of an enum. */
export function fakeValue(schema: JsonValue, seed: string, words?: PromptWords): JsonValue {
  let left = maxValues;

  /** A value for a schema inside; `name` is its property. */
  function make(inner: JsonValue | undefined, name: string, depth: number): JsonValue {
    if (left-- <= 0) return null;
    if (!isObject(inner) || depth > deepest) return inner === false ? null : name;
    if (typeof inner.$ref === 'string') {
      const { $ref, ...rest } = inner;
      const target = resolve($ref, schema);
      return make(isObject(target) ? { ...target, ...rest } : target, name, depth + 1);
    }
    if (inner.const !== undefined) return inner.const;
    if (Array.isArray(inner.enum) && inner.enum.length > 0) return pick(inner.enum, seed, name) ?? null;
    const choices = listOf(inner.anyOf ?? inner.oneOf).filter(isObject);
    const all = listOf(inner.allOf).filter(isObject);
    if (choices.length > 0 || all.length > 0) {
      const { anyOf: _a, oneOf: _b, allOf: _c, ...rest } = inner;
      return make(
        merge([rest, ...all, ...(choices.length > 0 ? [chooseOne(choices, depth)] : [])]),
        name,
        depth + 1,
      );
    }
    switch (typeOf(inner)) {
      case 'OBJECT':
        return makeMap(inner, depth);
      case 'ARRAY':
        return makeList(inner, name, depth);
      case 'INTEGER':
        return fakeNumber(inner, true, words?.numbers);
      case 'NUMBER':
        return fakeNumber(inner, false, words?.numbers);
      case 'BOOLEAN':
        return true;
      case 'NULL':
        return null;
      default:
        return fakeText(inner, name, words?.texts);
    }
  }

  function makeMap(inner: JsonObject, depth: number): JsonValue {
    const properties = isObject(inner.properties) ? inner.properties : {};
    const required = new Set(listOf(inner.required).map((name) => plainText(name)));
    const ordered = listOf(inner.propertyOrdering).map((name) => plainText(name));
    const names = new Set([
      ...ordered.filter((name) => Object.hasOwn(properties, name)),
      ...Object.keys(properties),
      ...required,
    ]);
    const entries = [...names]
      .filter((name) => depth <= deep || required.has(name))
      .slice(0, Math.max(required.size, Number(inner.maxProperties ?? Infinity)))
      .map((name): [string, JsonValue] => [name, make(ownValue(properties, name), name, depth + 1)]);
    const more = isObject(inner.additionalProperties) ? inner.additionalProperties : undefined;
    const least = Number(inner.minProperties ?? (more && entries.length === 0 ? 1 : 0));
    for (let n = entries.length + 1; n <= least && left > 0; n++)
      entries.push([`key${n}`, make(more, `key${n}`, depth + 1)]);
    return mapOf(entries);
  }

  function makeList(inner: JsonObject, name: string, depth: number): JsonValue {
    const first = listOf(inner.prefixItems);
    const usual = depth > deep || inner.items === false ? 0 : Math.max(1, first.length);
    const count = Math.min(Math.max(usual, Number(inner.minItems ?? 0)), Number(inner.maxItems ?? Infinity));
    return Array.from({ length: Math.min(count, Math.max(0, left)) }, (_, index) =>
      make(first[index] ?? inner.items, count > 1 ? `${name} ${index + 1}` : name, depth + 1),
    );
  }

  return make(schema, 'value', 0);
}

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

/** The first branch that is not null; deep inside, one that ends the recursion. */
function chooseOne(branches: readonly JsonObject[], depth: number): JsonObject {
  const isNull = (branch: JsonObject): boolean => typeOf(branch) === 'NULL';
  const first = branches.find((branch) => !isNull(branch)) ?? branches[0] ?? {};
  if (depth <= deep) return first;
  return branches.find(isNull) ?? branches.find((branch) => branch.$ref === undefined) ?? first;
}

function merge(schemas: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = {};
  for (const { properties, required, ...rest } of schemas) {
    Object.assign(merged, rest);
    if (isObject(properties))
      merged.properties = { ...(isObject(merged.properties) ? merged.properties : {}), ...properties };
    if (Array.isArray(required)) merged.required = [...listOf(merged.required), ...required];
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

/** The type in capitals, or the one that the other keywords imply. */
function typeOf(schema: JsonObject): string {
  const types = [schema.type ?? ''].flat().map((type) => plainText(type).toUpperCase());
  const named = types.find((type) => type !== 'NULL') ?? 'NULL';
  if (named !== '') return named;
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'OBJECT';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'ARRAY';
  return schema.minimum !== undefined || schema.maximum !== undefined ? 'NUMBER' : 'STRING';
}

function fakeNumber(schema: JsonObject, whole: boolean, numbers: number[] = []): number {
  const step = Number(schema.multipleOf ?? (whole ? 1 : 0));
  const above = Number(schema.exclusiveMinimum ?? -Infinity);
  const below = Number(schema.exclusiveMaximum ?? Infinity);
  // An exclusive limit is passed by a little, or by half of what lies between two.
  const nudge = Math.min(whole ? 1 : 0.5, (below - above) / 2);
  const least = Number(schema.minimum ?? above + nudge);
  const most = Number(schema.maximum ?? below - nudge);
  const fits = (value: number): boolean =>
    value >= least && value <= most && (step === 0 || Number.isInteger(value / step));
  const given = numbers.findIndex(fits);
  if (given >= 0) return numbers.splice(given, 1)[0] ?? 0;
  const value = Math.max(least, Math.min(1, most));
  if (step === 0) return value;
  const up = Math.ceil(value / step) * step;
  return up <= most ? up : Math.floor(most / step) * step;
}

function fakeText(schema: JsonObject, name: string, texts: string[] = []): string {
  const format = ownValue(formats, plainText(schema.format));
  if (format !== undefined) return format;
  const matching = typeof schema.pattern === 'string' ? fakeMatch(schema.pattern) : undefined;
  if (matching !== undefined) return matching;
  const least = Math.min(Number(schema.minLength ?? 0), maxCharacters);
  const most = Number(schema.maxLength ?? Infinity);
  const given = texts.findIndex(({ length }) => length >= least && length <= most);
  let text = given >= 0 ? (texts.splice(given, 1)[0] ?? name) : name;
  while ([...text].length < least) text += text === '' ? 'text' : ` ${text}`;
  // Lengths count code points.
  return [...text].slice(0, most).join('');
}

/** A short text that an ordinary regular expression matches; undefined for one with other constructs. */
function fakeMatch(pattern: string): string | undefined {
  const tokens =
    pattern.match(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?:\{\d+(?:,\d*)?\}|[?*+])\??|\(\?:|[^]/gsu) ?? [];
  let at = 0;

  /** The text of the first alternative, up to the end of the group. */
  function readGroup(): string {
    const alternatives = [''];
    for (; at < tokens.length && tokens[at] !== ')'; at++) {
      const token = tokens[at] ?? '';
      if (token === '|') {
        alternatives.push('');
        continue;
      }
      let text = token;
      if (token === '(' || token === '(?:') {
        at++;
        text = readGroup();
      } else text = fakeCharacter(token);
      const quantifier = /^(?:[?*+]|\{(\d+).*\})\??$/.exec(tokens[at + 1] ?? '');
      if (quantifier) at++;
      const least = quantifier ? Number(quantifier[1] ?? (quantifier[0].startsWith('+') ? 1 : 0)) : 1;
      const last = alternatives.length - 1;
      alternatives[last] = (alternatives[last] + text.repeat(Math.min(least, 1000))).slice(0, 1000);
    }
    return alternatives[0] ?? '';
  }

  try {
    const text = readGroup();
    return compilePattern(pattern).find(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A character that one token of a regular expression matches, itself where it has no special meaning. */
function fakeCharacter(token: string): string {
  if (token === '^' || token === '$' || token === '\\b') return '';
  if (/^(?:\.|\\.|\[.+)$/s.test(token)) {
    const expression = compilePattern(token);
    const samples = ['a', '0', ' ', 'A', '-'];
    const own = token[1] ?? '';
    const candidates = /^\[[^^]/.test(token) ? [own, ...samples] : [...samples, own];
    return candidates.find((each) => expression.fullMatch(each)) ?? '';
  }
  return token;
}

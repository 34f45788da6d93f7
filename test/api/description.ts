/** Reads the compact description of the API's requests, and finds in a body what does not fit it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { isObject, type JsonValue } from '../../src/lib/json.ts';

type Nested = readonly (string | readonly string[])[];
interface Described {
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly oneOf: Readonly<Record<string, Nested>>;
  readonly enums: Readonly<Record<string, Nested>>;
}

const described = parse(readFileSync(path.join(import.meta.dirname, 'requests.yaml'), 'utf8')) as Described;

/** The messages: field → type. */
export const messages = described.messages;

/** Enum → its values, later ones last. */
export const enums: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(described.enums).map(([name, values]) => [name, values.flat()]),
);

const whole = (value: JsonValue, bits: number): boolean =>
  (typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value))) &&
  Number.isInteger(Number(value)) &&
  Math.abs(Number(value)) <= 2 ** (bits - 1);
const like = (pattern: RegExp) => (value: JsonValue) => typeof value === 'string' && pattern.test(value);
const scalars: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int32: (value) => whole(value, 32),
  int64: (value) => whole(value, 64),
  float: (value) => typeof value === 'number',
  double: (value) => typeof value === 'number',
  bytes: like(/^[A-Za-z0-9+/]*={0,2}$/),
  duration: like(/^\d+(?:\.\d{1,9})?s$/),
  timestamp: like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/),
  object: isObject,
  any: () => true,
};

/** What in a body does not fit a message, as `path: what`; strict: no other spelling, no single object for a list. */
export function misfits(message: string, body: JsonValue, at = ''): string[] {
  const fields = messages[message];
  if (!fields) throw new Error(`no message ${message} in the description`);
  if (!isObject(body)) return [`${at}: no object`];
  const under = (key: string): string => (at === '' ? key : `${at}.${key}`);
  const found = Object.entries(body).flatMap(([key, value]) => {
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return type === undefined
      ? [`${under(key)}: unknown field`]
      : misfit(type.replace('!', ''), value, under(key));
  });
  for (const [key, type] of Object.entries(fields))
    if (type.endsWith('!') && body[key] === undefined) found.push(`${under(key)}: missing`);
  for (const names of groupsOf(message)) {
    const given = names.filter((name) => body[name] !== undefined);
    if (given.length > 1) found.push(`${at}: ${given.join(' and ')} together`);
  }
  return found;
}

function misfit(type: string, value: JsonValue, at: string): string[] {
  const list = /^(.*)\[\]$/.exec(type)?.[1];
  if (list !== undefined)
    return Array.isArray(value)
      ? value.flatMap((each, index) => misfit(list, each, `${at}[${index}]`))
      : [`${at}: no list`];
  const map = /^map<(.*)>$/.exec(type)?.[1];
  if (map !== undefined)
    return isObject(value)
      ? Object.entries(value).flatMap(([key, each]) => misfit(map, each, `${at}[${key}]`))
      : [`${at}: no map`];
  const values = enums[type];
  if (values) return values.some((each) => each === value) ? [] : [`${at}: no ${type}`];
  const fits = scalars[type];
  if (fits) return fits(value) ? [] : [`${at}: no ${type}`];
  return misfits(type, value, at);
}

function groupsOf(message: string): (readonly string[])[] {
  const groups = described.oneOf[message] ?? [];
  const nested = groups.filter((each): each is readonly string[] => typeof each !== 'string');
  return nested.length > 0 ? nested : [groups.filter((each): each is string => typeof each === 'string')];
}

/** The message that a method's body is; undefined for a method without one. */
export function messageOfMethod(method: string): string | undefined {
  return {
    generateContent: 'GenerateContentRequest',
    streamGenerateContent: 'GenerateContentRequest',
    countTokens: 'CountTokensRequest',
    embedContent: 'EmbedContentRequest',
    batchEmbedContents: 'BatchEmbedContentsRequest',
  }[method];
}

/** Every message, field and enum that the description names is described. */
export function holes(): string[] {
  const known = new Set([...Object.keys(messages), ...Object.keys(enums), ...Object.keys(scalars)]);
  const types = Object.values(messages).flatMap((fields) => Object.values(fields));
  const inner = types.map((type) => type.replace(/!|\[\]|^map<|>$/g, ''));
  return [...new Set(inner)].filter((type) => !known.has(type));
}

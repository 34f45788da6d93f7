/** Reads JSON as a message of the API, as leniently as the service: names in camelCase or snake_case, enums by name or number. */
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { mapOf } from '../lib/ordered-map.ts';
import { invalidJson, badRequest, type ApiError, type Violation } from './errors.ts';
import { enumTable, messageTable } from './message-table.ts';

interface Field {
  readonly name: string;
  readonly snake: string;
  readonly type: string;
  readonly shape: 'one' | 'list' | 'map';
  readonly oneof?: string;
}

/** A message that was read: camelCase names, enums by name, lists as lists; `error` names all that could not be read. */
export interface Message {
  readonly fields: JsonObject;
  readonly error?: ApiError;
}

const snakeOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** The limit of protocol buffers. */
const maxDepth = 100;

/** The fields of each message by both spellings of their names. */
const messages = new Map(Object.entries(messageTable).map(([name, fields]) => [name, readFieldList(fields)]));

function readFieldList(list: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  let oneof: string | undefined;
  for (const token of list.match(/\w+\(|\)|[^\s()]+/g) ?? []) {
    if (token.endsWith('(')) oneof = token.slice(0, -1);
    else if (token === ')') oneof = undefined;
    else {
      const [name = '', type = ''] = token.split(':');
      const shape = type.startsWith('[') ? 'list' : type.startsWith('{') ? 'map' : 'one';
      const field: Field = {
        name,
        snake: snakeOf(name),
        type: shape === 'one' ? type : type.slice(1, -1),
        shape,
        ...(oneof === undefined ? {} : { oneof }),
      };
      fields.set(field.name, field).set(field.snake, field);
    }
  }
  return fields;
}

/** The values of each enum in the order of their numbers. */
export const enumValues: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(enumTable).map(([name, list]) => {
    const [first = '', ...rest] = list.split(' ');
    return [name, first.endsWith('_') ? rest.map((word) => first + word) : [first, ...rest]];
  }),
);

/** Reads a body as a message of the table; `version` is named in errors. */
export function readMessage(message: string, body: JsonValue, version: string): Message {
  const violations: Violation[] = [];
  const report = (field: string, description: string): undefined =>
    void violations.push({ ...(field === '' ? {} : { field }), description });
  const typeUrl = (name: string): string =>
    `type.googleapis.com/google.ai.generativelanguage.${version}.${name}`;
  const invalidValue = (path: string, type: string, words: string): undefined =>
    report(path, `Invalid value at '${path}' (${type}), ${words}`);
  const unknownName = (name: string, path: string, why: string): undefined =>
    report(
      path,
      `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}${path === '' ? '' : ` at '${path}'`}: ${why}`,
    );

  let depth = 0;

  function readFields(type: string, value: JsonObject, path: string): JsonObject {
    if (depth >= maxDepth) throw invalidJson('Message too deep.');
    depth++;
    const fields = messages.get(type);
    const read: JsonObject = {};
    const chosen: Record<string, string> = {};
    for (const [name, inner] of Object.entries(value)) {
      const field = fields?.get(name);
      if (!field) {
        unknownName(name, path, 'Cannot find field.');
        continue;
      }
      if (inner === null && field.type !== 'Value') continue;
      if (field.oneof !== undefined) {
        const before = (chosen[field.oneof] ??= field.name);
        if (before !== field.name) {
          invalidValue(path, 'oneof', `oneof field '${field.oneof}' is already set. Cannot set '${name}'`);
          continue;
        }
      }
      const at = path === '' ? field.snake : `${path}.${field.snake}`;
      const got = readField(field, inner, at, name, path);
      if (got !== undefined) read[field.name] = got;
    }
    depth--;
    return read;
  }

  function readField(
    field: Field,
    value: JsonValue,
    at: string,
    name: string,
    path: string,
  ): JsonValue | undefined {
    if (field.shape === 'map') {
      if (!isObject(value)) return invalidValue(at, 'Map', JSON.stringify(value));
      const entries = Object.entries(value).map(
        ([key, each], index) => [key, readOne(field.type, each, `${at}[${index}].value`)] as const,
      );
      return mapOf(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
    }
    if (!Array.isArray(value)) {
      const one = readOne(field.type, value, at);
      return one === undefined || field.shape === 'one' ? one : [one];
    }
    if (field.shape === 'list')
      return value
        .map((each, index) => readOne(field.type, each, `${at}[${index}]`))
        .filter((each) => each !== undefined);
    if (field.type === 'Value') return value;
    return unknownName(name, path, 'Proto field is not repeating, cannot start list.');
  }

  function readOne(type: string, value: JsonValue, at: string): JsonValue | undefined {
    if (type === 'Value') return value;
    if (type === 'Struct')
      return isObject(value)
        ? value
        : invalidValue(at, 'type.googleapis.com/google.protobuf.Struct', JSON.stringify(value));
    if (type.startsWith('#')) return readEnum(type.slice(1), value, at);
    if (Object.hasOwn(scalars, type)) {
      const [typeName, read] = scalars[type as keyof typeof scalars];
      const received = JSON.stringify(value);
      const isText = type === 'bytes' && typeof value === 'string';
      return (
        read(value) ??
        invalidValue(at, typeName, isText ? `Base64 decoding failed for ${received}` : received)
      );
    }
    return isObject(value)
      ? readFields(type, value, at)
      : invalidValue(at, typeUrl(type), JSON.stringify(value));
  }

  function readEnum(name: string, value: JsonValue, at: string): JsonValue | undefined {
    const values = enumValues.get(name) ?? [];
    if (typeof value === 'number' && values[value] !== undefined) return values[value];
    if (typeof value === 'string') {
      if (values.includes(value)) return value;
      const upper = value.toUpperCase().replaceAll('-', '_');
      // Any case is accepted, but the service was seen to refuse "null" as a Type.
      if (values.includes(upper) && upper !== 'NULL') return upper;
    }
    return invalidValue(at, typeUrl(name), JSON.stringify(value));
  }

  let fields: JsonObject = {};
  if (isObject(body)) fields = readFields(message, body, '');
  else unknownName('', '', 'Root element must be a message.');
  return violations.length === 0 ? { fields } : { fields, error: badRequest(violations) };
}

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const duration = /^-?\d+(?:\.\d{1,9})?s$/;
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

type Reader = (value: JsonValue) => JsonValue | undefined;

/** The scalar types: the name in errors, and what reads a value. Numbers and flags may come as texts. */
const scalars = {
  string: ['TYPE_STRING', (value) => (typeof value === 'string' ? value : undefined)],
  bool: ['TYPE_BOOL', readFlag],
  int32: ['TYPE_INT32', (value) => readInteger(value, 2 ** 31)],
  int64: ['TYPE_INT64', (value) => readInteger(value, 2 ** 63)],
  float: ['TYPE_FLOAT', readNumber],
  double: ['TYPE_DOUBLE', readNumber],
  bytes: ['TYPE_BYTES', (value) => readText(value, base64)],
  Duration: ['type.googleapis.com/google.protobuf.Duration', (value) => readText(value, duration)],
  Timestamp: ['type.googleapis.com/google.protobuf.Timestamp', (value) => readText(value, timestamp)],
} satisfies Record<string, readonly [string, Reader]>;

function readFlag(value: JsonValue): boolean | undefined {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'boolean' ? value : undefined;
}

function readText(value: JsonValue, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function readNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : undefined;
}

function readInteger(value: JsonValue, limit: number): number | undefined {
  const number = readNumber(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  return number >= -limit && number < limit ? number : undefined;
}

/** Reads one scalar of a message: numbers may come as texts, bytes come as base64. */
import type { JsonValue } from '../lib/json.ts';

/** The scalar types and the words for them in errors. */
export const scalarTypes = {
  string: 'TYPE_STRING',
  bool: 'TYPE_BOOL',
  int32: 'TYPE_INT32',
  int64: 'TYPE_INT64',
  float: 'TYPE_FLOAT',
  double: 'TYPE_DOUBLE',
  bytes: 'TYPE_BYTES',
  Duration: 'type.googleapis.com/google.protobuf.Duration',
  Timestamp: 'type.googleapis.com/google.protobuf.Timestamp',
};
export type Scalar = keyof typeof scalarTypes;

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The value, or what the service says of one that does not fit. */
export function readScalar(type: Scalar, value: JsonValue): { value?: JsonValue; fault?: string } {
  const read = readers[type](value);
  if (read !== undefined) return { value: read };
  const shown = JSON.stringify(value);
  return {
    fault: type === 'bytes' && typeof value === 'string' ? `Base64 decoding failed for ${shown}` : shown,
  };
}

const readers: Record<Scalar, (value: JsonValue) => JsonValue | undefined> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : truths.get(value)),
  int32: (value) => readInteger(value, 2 ** 31),
  int64: (value) => readInteger(value, 2 ** 63),
  float: readNumber,
  double: readNumber,
  bytes: (value) => matched(value, base64),
  Duration: (value) => matched(value, /^-?\d+(?:\.\d{1,9})?s$/),
  Timestamp: (value) => matched(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/),
};
const truths = new Map<JsonValue, boolean>([
  ['true', true],
  ['false', false],
]);

function matched(value: JsonValue, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function readNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : undefined;
}

function readInteger(value: JsonValue, bound: number): number | undefined {
  const number = readNumber(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  return number >= -bound && number < bound ? number : undefined;
}

import { isObject, typeName } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { cut } from '../lib/redact.ts';
import type { SchemaError } from './schema-error.ts';
import { synonymOf } from './synonyms.ts';

/** The message of a schema error, and whether it is about a key or a value. */
export interface ErrorWords {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  /** The wrong key. */
  readonly key?: string;
  /** Show the error at the key of the value: something is missing in it. */
  readonly atKey?: boolean;
}

/** Longest list of valid words that is printed whole. */
export const maxListed = 24;

const received: Record<string, string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  list: 'a list',
  map: 'a map',
};

/** A value as a message shows it: a scalar as JSON, cut; of a list or map only the type. */
export function quoted(value: unknown): string {
  if (typeof value === 'object' || value === undefined) return received[typeName(value)] ?? 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${cut(json, 57)}…"` : json;
}

function offer(word: string, known: readonly string[], title: string): string {
  const near = synonymOf(word, known) ?? nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length > 0 ? `${title}: ${known.join(', ')}` : 'remove it';
}

/** The schema with the keyword that failed. */
export const schemaOf = (error: SchemaError): Record<string, unknown> =>
  isObject(error.parentSchema) ? error.parentSchema : {};

/** Describes an unknown key. */
export function unknownKey(error: SchemaError, path: readonly string[]): ErrorWords {
  const key = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
  const { properties, patternProperties, title } = schemaOf(error);
  const known = isObject(properties) ? Object.keys(properties) : [];
  const patterns = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  const where =
    typeof title === 'string'
      ? title
      : path
          .map((step) => (/^\d+$/.test(step) ? `[${step}]` : step))
          .join('.')
          .replaceAll('.[', '[');
  const near = offer(key, known, 'known keys');
  const isListed = near.startsWith('known keys') && patterns.length > 0;
  const help = isListed ? `${near}, and names that match ${patterns.join(' or ')}` : near;
  return {
    code: 'unknown-key',
    message: `unknown key "${key}"${where === '' ? '' : ` in ${where}`}`,
    key,
    help,
  };
}

/** Describes a value that is not in a closed set. */
export function unknownValue(value: unknown, allowed: readonly unknown[]): ErrorWords {
  const help = offer(typeof value === 'string' ? value : quoted(value), allowed.map(String), 'known values');
  return {
    code: 'unknown-value',
    message: `unknown value ${quoted(value)}`,
    help,
  };
}

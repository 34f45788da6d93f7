import { isObject, typeName } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { cut } from '../lib/redact.ts';
import type { SchemaFault } from './schema-fault.ts';
import { synonymOf } from './synonyms.ts';

/** What a schema error says to a user, and whether it is about a key rather than a value. */
export interface FaultWords {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  /** The key of the value that is at fault. */
  readonly key?: string;
  /** The fault is shown at the key that leads to the value: something is absent from it. */
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

/** A value in a message: scalars as JSON, cut; of containers only what they are. */
export function shown(value: unknown): string {
  if (typeof value === 'object' || value === undefined) return received[typeName(value)] ?? 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${cut(json, 57)}…"` : json;
}

function offer(word: string, known: readonly string[], title: string): string {
  const near = synonymOf(word, known) ?? nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length > 0 ? `${title}: ${known.join(', ')}` : 'remove it';
}

/** The schema that holds the keyword at fault. */
export const schemaOf = (fault: SchemaFault): Record<string, unknown> =>
  isObject(fault.parentSchema) ? fault.parentSchema : {};

/** A key that a map does not have. */
export function unknownKey(fault: SchemaFault, path: readonly string[]): FaultWords {
  const key = String(fault.params['additionalProperty'] ?? fault.params['unevaluatedProperty']);
  const { properties, patternProperties, title } = schemaOf(fault);
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

/** A value that is none of a closed set. */
export function unknownValue(value: unknown, allowed: readonly unknown[]): FaultWords {
  const help = offer(typeof value === 'string' ? value : shown(value), allowed.map(String), 'known values');
  return {
    code: 'unknown-value',
    message: `unknown value ${shown(value)}`,
    help,
  };
}

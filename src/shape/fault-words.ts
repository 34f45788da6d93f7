import { isObject, typeName } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { SchemaFault } from './schema-fault.ts';

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

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a map',
};
/** Longest list of valid words that is printed whole. */
const maxListed = 24;

const received: Record<string, string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  list: 'a list',
  map: 'a map',
};

const or = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function shown(value: unknown): string {
  if (typeof value === 'object' || value === undefined) return received[typeName(value)] ?? 'nothing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…"` : json;
}

function offer(word: string, known: readonly string[], title: string): string | undefined {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length > 0 && known.length <= maxListed ? `${title}: ${known.join(', ')}` : undefined;
}

const schemaOf = (fault: SchemaFault): Record<string, unknown> =>
  isObject(fault.parentSchema) ? fault.parentSchema : {};

function wrongType(fault: SchemaFault, value: unknown, types: readonly string[]): FaultWords {
  const expected = or(types.map((type) => typeWords[type] ?? type));
  const isFraction = typeof value === 'number' && types.includes('integer');
  const message = `expected ${expected}, received ${isFraction ? value : (received[typeName(value)] ?? 'nothing')}`;
  const code = 'wrong-type';
  const takesNumber = types.includes('number') || types.includes('integer');
  const quoted =
    typeof value === 'string' &&
    ((takesNumber && value.trim() !== '' && Number.isFinite(Number(value))) ||
      (types.includes('boolean') && /^(true|false)$/.test(value)));
  if (quoted) return { code, message, help: 'write it without quotes' };
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (typeof value === 'string' && types.includes('array') && !types.includes('string'))
    return { code, message, help: `write a list: [${value}]` };
  if (scalar && types.includes('string')) return { code, message, help: `quote it: "${value}"` };
  if (value === null) return { code, message, atKey: true, help: 'write a value, or remove the key' };
  return { code, message };
}

function pattern(fault: SchemaFault, value: unknown): FaultWords {
  const { type } = schemaOf(fault);
  const others = Array.isArray(type) ? type.map(String).filter((name) => name !== 'string') : [];
  // A number or flag that may also be a template: the pattern is that of a template.
  if (others.length > 0) return wrongType(fault, value, others);
  return {
    code: 'wrong-format',
    message: `expected a text like ${String(fault.params['pattern'])}, received ${shown(value)}`,
  };
}

function outOfRange(fault: SchemaFault, value: unknown): FaultWords {
  const { minimum, maximum, type } = schemaOf(fault);
  const noun = [type].flat().includes('integer') ? 'a whole number' : 'a number';
  const bounds: Record<string, string> = {
    '>=': 'of at least',
    '<=': 'of at most',
    '>': 'above',
    '<': 'below',
  };
  const range =
    minimum !== undefined && maximum !== undefined
      ? `from ${shown(minimum)} to ${shown(maximum)}`
      : `${bounds[String(fault.params['comparison'])] ?? ''} ${String(fault.params['limit'])}`;
  return { code: 'out-of-range', message: `expected ${noun} ${range}, received ${shown(value)}` };
}

const counted = (limit: unknown, one: string, many: string): string =>
  `${String(limit)} ${limit === 1 ? one : many}`;

function size(fault: SchemaFault, value: unknown): FaultWords {
  const { keyword, params } = fault;
  const few = keyword.startsWith('min');
  const code = few ? 'too-few' : 'too-many';
  const bound = few ? 'at least' : 'at most';
  if (keyword.endsWith('Length')) {
    const message =
      few && params['limit'] === 1
        ? 'expected a text that is not empty'
        : `expected a text of ${bound} ${counted(params['limit'], 'character', 'characters')}`;
    return { code: few ? 'too-short' : 'too-long', message };
  }
  const isList = keyword.endsWith('Items');
  const noun = isList
    ? counted(params['limit'], 'entry', 'entries')
    : counted(params['limit'], 'key', 'keys');
  const has = Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
  return { code, message: `expected ${bound} ${noun}, received ${has === 0 ? 'none' : has}`, atKey: true };
}

function unknownKey(fault: SchemaFault, path: readonly string[]): FaultWords {
  const key = String(fault.params['additionalProperty'] ?? fault.params['unevaluatedProperty']);
  const { properties, title } = schemaOf(fault);
  const known = isObject(properties) ? Object.keys(properties) : [];
  const where =
    typeof title === 'string'
      ? title
      : path
          .map((step) => (/^\d+$/.test(step) ? `[${step}]` : step))
          .join('.')
          .replaceAll('.[', '[');
  const help = offer(key, known, 'known keys');
  return {
    code: 'unknown-key',
    message: `unknown key "${key}"${where === '' ? '' : ` in ${where}`}`,
    key,
    ...(help === undefined ? {} : { help }),
  };
}

function unknownValue(value: unknown, allowed: readonly unknown[]): FaultWords {
  const help = offer(typeof value === 'string' ? value : shown(value), allowed.map(String), 'known values');
  return {
    code: 'unknown-value',
    message: `unknown value ${shown(value)}`,
    ...(help === undefined ? {} : { help }),
  };
}

/** Puts one schema error into words; `value` is the value it is about, `path` the keys that lead there. */
export function describeFault(fault: SchemaFault, value: unknown, path: readonly string[]): FaultWords {
  const { keyword, params } = fault;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(fault, path);
    case 'type': {
      const types = [params['type']].flat().map(String);
      const orTemplate = types.length > 1 && schemaOf(fault)['pattern'] !== undefined;
      return wrongType(fault, value, orTemplate ? types.filter((type) => type !== 'string') : types);
    }
    case 'enum':
      return unknownValue(value, [params['allowedValues']].flat());
    case 'const':
      return {
        code: 'unknown-value',
        message: `expected ${shown(params['allowedValue'])}, received ${shown(value)}`,
      };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return outOfRange(fault, value);
    case 'required':
    case 'dependentRequired': {
      const key = String(params['missingProperty']);
      return { code: 'missing-key', message: `missing key "${key}"`, atKey: true, help: `add "${key}"` };
    }
    case 'pattern':
      return pattern(fault, value);
    case 'propertyNames': {
      const key = String(params['propertyName']);
      const names = isObject(fault.schema) ? fault.schema['pattern'] : undefined;
      const like =
        typeof names === 'string'
          ? `expected a name like ${names}, received "${key}"`
          : `"${key}" is no valid name here`;
      return { code: 'wrong-name', message: like, key };
    }
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
    case 'minLength':
    case 'maxLength':
      return size(fault, value);
    default:
      return { code: 'invalid-value', message: fault.message ?? `does not fit the schema (${keyword})` };
  }
}

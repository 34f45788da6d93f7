import { isObject } from '../lib/json.ts';
import type { SchemaError } from './schema-error.ts';
import { defaultHelp } from './default-help.ts';
import { maxListed, schemaOf, quoted, unknownKey, unknownValue, type ErrorWords } from './error-words.ts';

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a map',
};
/** Words before a value of the wrong type. */
const kindWord: Record<string, string> = { string: 'the text ', number: 'the number ' };

const or = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function wrongType(
  error: SchemaError,
  value: unknown,
  types: readonly string[],
  written = quoted(value),
): ErrorWords {
  // null only removes a default: a user who wrote a value did not mean that.
  const allowed = types.length > 1 ? types.filter((type) => type !== 'null') : types;
  const expected = or(allowed.map((type) => typeWords[type] ?? type));
  const message = `expected ${expected}, received ${kindWord[typeof value] ?? ''}${written}`;
  const code = 'wrong-type';
  const takesNumber = types.includes('number') || types.includes('integer');
  const hasQuotes =
    typeof value === 'string' &&
    ((takesNumber && value.trim() !== '' && Number.isFinite(Number(value))) ||
      (types.includes('boolean') && /^(true|false)$/.test(value)));
  if (hasQuotes) return { code, message, help: 'write it without quotes' };
  if (typeof value === 'string') {
    if (types.includes('boolean') && /^(?:yes|no|on|off)$/i.test(value))
      return { code, message, help: 'write true or false: YAML 1.2 knows no other words for them' };
    if (allowed.length === 1 && types.includes('array'))
      return { code, message, help: `write a list: [${value}]` };
    if (types.includes('object') && /^[\w-]+:\S/.test(value))
      return { code, message, help: 'a key needs a space behind its ":"' };
  }
  if (typeof value === 'number' && types.includes('string') && !(allowed.length > 1 && expectsPath(error)))
    return { code, message, help: `quote it: "${written}"` };
  if (value === null) return { code, message, atKey: true, help: 'write a value, or remove the key' };
  return { code, message };
}

/** Whether the schema expects a path: quoting a number does not help there. */
function expectsPath(error: SchemaError): boolean {
  const [example] = [schemaOf(error)['examples']].flat();
  return typeof example === 'string' && /\w\/\w.*\.\w+$/.test(example);
}

function pattern(error: SchemaError, value: unknown): ErrorWords {
  const { type } = schemaOf(error);
  const others = Array.isArray(type) ? type.map(String).filter((name) => name !== 'string') : [];
  // A number or flag that may also be a template: the pattern is that of a template.
  if (others.length > 0) return wrongType(error, value, others);
  return {
    code: 'wrong-format',
    message: `expected a text that matches ${String(error.params['pattern'])}, received ${quoted(value)}`,
  };
}

function outOfRange(error: SchemaError, value: unknown): ErrorWords {
  const { minimum, maximum, type } = schemaOf(error);
  const noun = [type].flat().includes('integer') ? 'a whole number' : 'a number';
  const bounds: Record<string, string> = {
    '>=': 'of at least',
    '<=': 'of at most',
    '>': 'above',
    '<': 'below',
  };
  const range =
    minimum !== undefined && maximum !== undefined
      ? `from ${quoted(minimum)} to ${quoted(maximum)}`
      : `${bounds[String(error.params['comparison'])] ?? ''} ${String(error.params['limit'])}`;
  return { code: 'out-of-range', message: `expected ${noun} ${range}, received ${quoted(value)}` };
}

const counted = (limit: unknown, one: string, many: string): string =>
  `${String(limit)} ${limit === 1 ? one : many}`;

function size(error: SchemaError, value: unknown): ErrorWords {
  const { keyword, params } = error;
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
  const { properties } = schemaOf(error);
  const known = !isList && few && isObject(properties) ? Object.keys(properties) : [];
  return {
    code,
    message: `expected ${bound} ${noun}, received ${has === 0 ? 'none' : has}`,
    atKey: true,
    ...(known.length > 0 && known.length <= maxListed ? { help: `known keys: ${known.join(', ')}` } : {}),
  };
}

/** The schema's description of a key: the help if there is no better one. */
function purpose(error: SchemaError, path: readonly string[]): string | undefined {
  const { description } = schemaOf(error);
  if (typeof description !== 'string') return undefined;
  const key = path.at(-1);
  const named = key === undefined || /^\d+$/.test(key) ? '' : `${key}: `;
  return `${named}${description.replace(/\.$/, '')}`;
}

/**
 * Describes a schema error. `value` is the wrong value, `path` the keys that lead to it, `written` the source text of a
 * scalar.
 */
export function describeError(
  error: SchemaError,
  value: unknown,
  path: readonly string[],
  written?: string,
): ErrorWords {
  const words = wordsOf(error, value, path, written);
  if (words.help !== undefined || ['unknown-key', 'missing-key'].includes(words.code)) return words;
  return { ...words, help: purpose(error, path) ?? defaultHelp(error, value, words) };
}

function wordsOf(error: SchemaError, value: unknown, path: readonly string[], written?: string): ErrorWords {
  const { keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(error, path);
    case 'type': {
      const types = [params['type']].flat().map(String);
      const orTemplate = types.length > 1 && schemaOf(error)['pattern'] !== undefined;
      return wrongType(error, value, orTemplate ? types.filter((type) => type !== 'string') : types, written);
    }
    case 'enum':
      return unknownValue(value, [params['allowedValues']].flat());
    case 'const':
      return {
        code: 'unknown-value',
        message: `expected ${quoted(params['allowedValue'])}, received ${quoted(value)}`,
      };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return outOfRange(error, value);
    case 'required':
    case 'dependentRequired': {
      const key = String(params['missingProperty']);
      return { code: 'missing-key', message: `missing key "${key}"`, atKey: true, help: `add "${key}"` };
    }
    case 'pattern':
      return pattern(error, value);
    case 'propertyNames': {
      const key = String(params['propertyName']);
      const names = isObject(error.schema) ? error.schema['pattern'] : undefined;
      const like =
        typeof names === 'string'
          ? `expected a name that matches ${names}, received "${key}"`
          : `"${key}" is no valid name here`;
      return { code: 'wrong-name', message: like, key };
    }
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
    case 'minLength':
    case 'maxLength':
      return size(error, value);
    default:
      return { code: 'invalid-value', message: error.message ?? `does not fit the schema (${keyword})` };
  }
}

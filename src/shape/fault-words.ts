import { isObject } from '../lib/json.ts';
import type { SchemaFault } from './schema-fault.ts';
import { usualHelp } from './usual-help.ts';
import { maxListed, schemaOf, shown, unknownKey, unknownValue, type FaultWords } from './words.ts';

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a map',
};
/** Put before a value that is shown, where the kind of value is what is wrong. */
const kindWord: Record<string, string> = { string: 'the text ', number: 'the number ' };

const or = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function wrongType(
  fault: SchemaFault,
  value: unknown,
  types: readonly string[],
  written = shown(value),
): FaultWords {
  // Nothing is allowed where it removes a default: no one who wrote a value meant that.
  const due = types.length > 1 ? types.filter((type) => type !== 'null') : types;
  const expected = or(due.map((type) => typeWords[type] ?? type));
  const message = `expected ${expected}, received ${kindWord[typeof value] ?? ''}${written}`;
  const code = 'wrong-type';
  const takesNumber = types.includes('number') || types.includes('integer');
  const quoted =
    typeof value === 'string' &&
    ((takesNumber && value.trim() !== '' && Number.isFinite(Number(value))) ||
      (types.includes('boolean') && /^(true|false)$/.test(value)));
  if (quoted) return { code, message, help: 'write it without quotes' };
  if (typeof value === 'string') {
    if (types.includes('boolean') && /^(?:yes|no|on|off)$/i.test(value))
      return { code, message, help: 'write true or false: YAML 1.2 knows no other words for them' };
    if (due.length === 1 && types.includes('array'))
      return { code, message, help: `write a list: [${value}]` };
    if (types.includes('object') && /^[\w-]+:\S/.test(value))
      return { code, message, help: 'a key needs a space behind its ":"' };
  }
  if (typeof value === 'number' && types.includes('string') && !(due.length > 1 && isPathDue(fault)))
    return { code, message, help: `quote it: "${written}"` };
  if (value === null) return { code, message, atKey: true, help: 'write a value, or remove the key' };
  return { code, message };
}

/** Whether the text that may stand here is a path: a number is none, quoted or not. */
function isPathDue(fault: SchemaFault): boolean {
  const [example] = [schemaOf(fault)['examples']].flat();
  return typeof example === 'string' && /\w\/\w.*\.\w+$/.test(example);
}

function pattern(fault: SchemaFault, value: unknown): FaultWords {
  const { type } = schemaOf(fault);
  const others = Array.isArray(type) ? type.map(String).filter((name) => name !== 'string') : [];
  // A number or flag that may also be a template: the pattern is that of a template.
  if (others.length > 0) return wrongType(fault, value, others);
  return {
    code: 'wrong-format',
    message: `expected a text that matches ${String(fault.params['pattern'])}, received ${shown(value)}`,
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
  const { properties } = schemaOf(fault);
  const known = !isList && few && isObject(properties) ? Object.keys(properties) : [];
  return {
    code,
    message: `expected ${bound} ${noun}, received ${has === 0 ? 'none' : has}`,
    atKey: true,
    ...(known.length > 0 && known.length <= maxListed ? { help: `known keys: ${known.join(', ')}` } : {}),
  };
}

/** What a key is for, as the schema describes it: the help where there is no better one. */
function purpose(fault: SchemaFault, path: readonly string[]): string | undefined {
  const { description } = schemaOf(fault);
  if (typeof description !== 'string') return undefined;
  const key = path.at(-1);
  const named = key === undefined || /^\d+$/.test(key) ? '' : `${key}: `;
  return `${named}${description.replace(/\.$/, '')}`;
}

/**
 * Puts one schema error into words; `value` is the value it is about, `path` the keys that lead there, `written` the
 * text of a scalar as it stands in the file.
 */
export function describeFault(
  fault: SchemaFault,
  value: unknown,
  path: readonly string[],
  written?: string,
): FaultWords {
  const words = wordsOf(fault, value, path, written);
  if (words.help !== undefined || ['unknown-key', 'missing-key'].includes(words.code)) return words;
  return { ...words, help: purpose(fault, path) ?? usualHelp(fault, value, words) };
}

function wordsOf(fault: SchemaFault, value: unknown, path: readonly string[], written?: string): FaultWords {
  const { keyword, params } = fault;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(fault, path);
    case 'type': {
      const types = [params['type']].flat().map(String);
      const orTemplate = types.length > 1 && schemaOf(fault)['pattern'] !== undefined;
      return wrongType(fault, value, orTemplate ? types.filter((type) => type !== 'string') : types, written);
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
      return size(fault, value);
    default:
      return { code: 'invalid-value', message: fault.message ?? `does not fit the schema (${keyword})` };
  }
}

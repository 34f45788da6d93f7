import { isObject } from '../lib/json.ts';
import type { SchemaError } from './schema-error.ts';
import { maxListed, schemaOf, type ErrorWords } from './error-words.ts';

const write: Record<string, string> = {
  string: 'write one text',
  number: 'write one number',
  integer: 'write one whole number',
  boolean: 'write true or false',
  array: 'write a list: [ … ], or a line with "- " for each entry',
  object: 'write a map: { key: value }, or a line with "key: value" for each',
};

/** The help for a key whose schema has no description: what type of value to write. */
export function defaultHelp(error: SchemaError, value: unknown, { code }: ErrorWords): string {
  const schema = schemaOf(error);
  switch (code) {
    case 'wrong-type':
      return rightType(schema, [error.params['type'] ?? schema['type'] ?? []].flat().map(String), value);
    case 'wrong-name':
      return nameHelp(error);
    case 'too-few':
      return Number(error.params['limit']) > 1 ? 'write more of them' : 'write one, or remove the key';
    case 'too-many':
    case 'too-long':
      return 'leave some of it out';
    case 'too-short':
      return 'write a text, or remove it';
    case 'wrong-format':
      return 'write it in that form';
    case 'out-of-range':
      return 'write a number within the bounds, or remove the key';
    default:
      return 'write what is expected, or remove the key';
  }
}

function rightType(schema: Record<string, unknown>, types: readonly string[], value: unknown): string {
  const orTemplate = types.length > 1 && schema['pattern'] !== undefined;
  const expected = types.filter((type) => type !== 'null' && !(orTemplate && type === 'string'));
  if (Array.isArray(value) && !expected.includes('array') && value.length === 1 && isObject(value[0]))
    return 'write the entry itself, without the list around it';
  if (Array.isArray(value) && expected.includes('string')) return 'write each entry by itself';
  if (isObject(value) && expected.includes('array')) return 'write a list: begin each entry with "- "';
  const { properties, title } = schema;
  const known = isObject(properties) ? Object.keys(properties) : [];
  if (
    expected.includes('object') &&
    typeof title === 'string' &&
    known.length > 0 &&
    known.length <= maxListed
  )
    return `${title} is a map with some of the keys ${known.join(', ')}`;
  return expected.map((type) => write[type] ?? `write ${type}`).join('; or ');
}

/** The help for a wrong name; names the prefix if the pattern is one. */
function nameHelp(error: SchemaError): string {
  const pattern = isObject(error.schema) ? error.schema['pattern'] : undefined;
  const [, beginning] = (typeof pattern === 'string' && /^\^(\w+)$/.exec(pattern)) || [];
  return beginning === undefined ? 'rename it' : `the names here begin with ${beginning}`;
}

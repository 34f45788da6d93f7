/** Finds what reads well and makes no sense in an OpenAPI schema. */
import { isObject, type JsonObject } from '../lib/json.ts';
import type { Slip } from './fail.ts';

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Every slip of a schema, in the order of its fields; `path` says where it stands in the request. */
export function schemaFaults(schema: JsonObject, path: string): Slip[] {
  const { type } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const faults: Slip[] = [];
  const add = (field: string, words: string): void => void faults.push([`${path}.${field}`, words]);
  if (type === 'ARRAY' && schema.items === undefined && schema.anyOf === undefined)
    add('items', 'missing field.');
  if (schema.enum !== undefined && type !== undefined && type !== 'STRING')
    add('enum', 'only allowed for STRING type');
  for (const [index, value] of asList(schema.enum).entries())
    if (value === '') add(`enum[${index}]`, 'cannot be empty');
  if (schema.properties !== undefined && type !== undefined && type !== 'OBJECT')
    add('properties', 'only allowed for OBJECT type');
  for (const [name, inner] of Object.entries(properties))
    if (isObject(inner)) faults.push(...schemaFaults(inner, `${path}.properties[${name}]`));
  for (const [index, name] of asList(schema.required).entries())
    if (!Object.hasOwn(properties, String(name))) add(`required[${index}]`, 'property is not defined');
  if (isObject(schema.items)) faults.push(...schemaFaults(schema.items, `${path}.items`));
  for (const [index, inner] of asList(schema.anyOf).entries())
    if (isObject(inner)) faults.push(...schemaFaults(inner, `${path}.any_of[${index}]`));
  return faults;
}

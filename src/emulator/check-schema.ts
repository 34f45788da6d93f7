/** Refuses an OpenAPI schema that reads well and makes no sense. */
import { isObject, type JsonObject } from '../lib/json.ts';
import { broken } from './fail.ts';

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Throws the failure of the first slip; `path` says where the schema stands in the request. */
export function checkSchema(schema: JsonObject, path: string): void {
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (schema.type === 'ARRAY' && schema.items === undefined && schema.anyOf === undefined)
    throw broken(`${path}.items`, 'missing field.');
  if (schema.enum !== undefined && schema.type !== undefined && schema.type !== 'STRING')
    throw broken(`${path}.enum`, 'only allowed for STRING type');
  if (schema.properties !== undefined && schema.type !== undefined && schema.type !== 'OBJECT')
    throw broken(`${path}.properties`, 'only allowed for OBJECT type');
  for (const [index, name] of asList(schema.required).entries())
    if (!Object.hasOwn(properties, String(name)))
      throw broken(`${path}.required[${index}]`, 'property is not defined');
  for (const [name, inner] of Object.entries(properties))
    if (isObject(inner)) checkSchema(inner, `${path}.properties[${name}]`);
  if (isObject(schema.items)) checkSchema(schema.items, `${path}.items`);
  for (const [index, inner] of asList(schema.anyOf).entries())
    if (isObject(inner)) checkSchema(inner, `${path}.any_of[${index}]`);
}

import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { templateKeyword, type TemplateMode } from './shape.ts';

/** The schemas that a schema refers to, by the name after `#/$defs/`. */
type Definitions = (name: string) => JsonObject;

/** A schema, with the definitions that it refers to. */
export interface Described {
  readonly schema: JsonObject;
  readonly definitions: Definitions;
}

/** The schemas that speak of a value: references followed, the branch for its JSON type chosen; the innermost first. */
export function schemasFor(value: JsonValue, { schema, definitions }: Described): JsonObject[] {
  return branches(schema, Array.isArray(value) ? 'array' : typeof value, definitions);
}

function branches(schema: JsonObject, type: string, definitions: Definitions): JsonObject[] {
  if (typeof schema.$ref === 'string')
    return branches(definitions(schema.$ref.replace('#/$defs/', '')), type, definitions);
  const conditional = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [];
  const taken = conditional.flatMap(({ if: condition, then }) =>
    isObject(condition) && condition.type === type && isObject(then) ? branches(then, type, definitions) : [],
  );
  return [...taken, schema];
}

/** The schema of an entry of a list or map, the first that one of the schemas gives it. */
function schemaOfEntry(schemas: readonly JsonObject[], key: string | number): JsonObject | undefined {
  for (const { items, properties, additionalProperties } of schemas) {
    const own =
      isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    const found = typeof key === 'number' ? items : own;
    if (isObject(found)) return found;
  }
  return undefined;
}

/** How templates apply to a value of which these schemas speak. */
export function templateMode(schemas: readonly JsonObject[]): TemplateMode {
  const marked = schemas.find((schema) => schema[templateKeyword] !== undefined);
  return (marked?.[templateKeyword] ?? 'value') as TemplateMode;
}

/** Calls back for each text in a value that may be a template, whatever it stands in; without a description, for every text. */
export function visitTemplates(
  value: JsonValue | undefined,
  visit: (text: string) => void,
  described?: Described,
): void {
  if (value === undefined) return;
  const schemas = described ? schemasFor(value, described) : [];
  if (templateMode(schemas) === 'literal') return;
  if (typeof value === 'string') {
    if (value.includes('{{')) visit(value);
  } else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      visitTemplates(inner, visit, entryOf(described, schemas, Array.isArray(value) ? Number(key) : key));
}

/** The description of an entry, where its container has one. */
export function entryOf(
  described: Described | undefined,
  schemas: readonly JsonObject[],
  key: string | number,
): Described | undefined {
  const schema = described && schemaOfEntry(schemas, key);
  return schema && { schema, definitions: described.definitions };
}

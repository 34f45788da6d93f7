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

/** A text in a value: how templates apply to it, and the keys that lead to it. */
interface TextFound {
  readonly text: string;
  readonly mode: TemplateMode;
  readonly path: readonly (string | number)[];
}

/** Every text in a value; without a description, each of them may be a template. */
export function* textsIn(
  value: JsonValue | undefined,
  described?: Described,
  path: TextFound['path'] = [],
  within?: 'literal',
): Generator<TextFound> {
  if (value === undefined) return;
  const schemas = described ? schemasFor(value, described) : [];
  const mode = within ?? templateMode(schemas);
  if (typeof value === 'string') yield { text: value, mode, path };
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      const key = Array.isArray(value) ? Number(name) : name;
      const literal = mode === 'literal' ? mode : undefined;
      yield* textsIn(inner, entryOf(described, schemas, key), [...path, key], literal);
    }
}

/** The texts in a value that contain templates. */
export function templatesIn(value: JsonValue | undefined, described?: Described): string[] {
  return Array.from(textsIn(value, described)).flatMap(({ text, mode }) =>
    mode !== 'literal' && text.includes('{{') ? [text] : [],
  );
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

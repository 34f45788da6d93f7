import { isObject, type JsonObject, type JsonValue } from './json.ts';

type Path = readonly (string | number)[];

/** A schema within a schema, and the way to it. */
interface Found {
  readonly schema: JsonObject;
  readonly path: Path;
}

/** Keywords whose value is a schema, or a list of them (JSON Schema 2020-12 and draft 7). */
const single = new Set(
  (
    'additionalItems additionalProperties contains contentSchema else if items not propertyNames then ' +
    'unevaluatedItems unevaluatedProperties allOf anyOf oneOf prefixItems'
  ).split(' '),
);
/** Keywords whose value is a map from names, of the writer's choice, to schemas. */
const named = new Set(
  '$defs definitions dependencies dependentSchemas patternProperties properties'.split(' '),
);

/** All keywords of both drafts. */
export const keywords: readonly string[] = [
  ...single,
  ...named,
  ...(
    '$anchor $comment $dynamicAnchor $dynamicRef $id $recursiveAnchor $recursiveRef $ref $schema $vocabulary const ' +
    'contentEncoding contentMediaType default dependentRequired deprecated description enum examples exclusiveMaximum ' +
    'exclusiveMinimum format maxContains maxItems maxLength maxProperties maximum minContains minItems minLength ' +
    'minProperties minimum multipleOf nullable pattern readOnly required title type uniqueItems writeOnly propertyOrdering'
  ).split(' '),
];

/** A schema and all schemas in it; `const`, `enum`, `default` and `examples` hold values. */
export function* schemasIn(schema: JsonValue | undefined, path: Path = []): Generator<Found> {
  if (Array.isArray(schema)) {
    for (const [index, item] of schema.entries()) yield* schemasIn(item, [...path, index]);
    return;
  }
  if (!isObject(schema)) return;
  yield { schema, path };
  for (const [key, value] of Object.entries(schema)) {
    if (single.has(key)) yield* schemasIn(value, [...path, key]);
    else if (named.has(key) && isObject(value))
      for (const [name, inner] of Object.entries(value)) yield* schemasIn(inner, [...path, key, name]);
  }
}

import type { JsonObject, JsonValue } from '../lib/json.ts';

/**
 * A shape makes the TypeScript type and the JSON Schema of a value together, so that the two cannot part.
 * `T` exists only for the type checker.
 */
export interface Shape<T> {
  readonly schema: JsonObject;
  /** Never set; carries the type. */
  readonly type?: T;
}

/** A key that may be left out of a map. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

/** The type a shape describes. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

/** What every described key says of itself in editors and docs: one sentence, and an example value. */
export interface Doc {
  readonly doc?: string;
  readonly example?: JsonValue;
}

type Fields = Record<string, Shape<unknown> | Optional<unknown>>;
type Simplify<T> = { [K in keyof T]: T[K] };
type ObjectOf<F extends Fields> = Simplify<
  {
    [K in keyof F as F[K] extends Optional<unknown> ? never : K]: F[K] extends Shape<infer T> ? T : never;
  } & {
    [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer T> ? T : never;
  }
>;

/** A value that is only `{{name}}` takes the variable's type, so it is allowed for a number or boolean. */
export const templatePattern = '^\\s*\\{\\{[^{}]*\\}\\}\\s*$';

/** The type of a value that a text which is only `{{name}}` may stand for. */
const orTemplate = (type: string, template = false): JsonObject =>
  template ? { type: [type, 'string'], pattern: templatePattern } : { type };

function described(schema: JsonObject, { doc, example }: Doc): JsonObject {
  return {
    ...(doc === undefined ? {} : { description: doc }),
    ...schema,
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

/**
 * How templates apply to a text: `value`, it is one; `pattern`, it is one, and what takes a name's place is quoted as text
 * of a regular expression; `literal`, braces are braces, in the whole value.
 */
export type TemplateMode = 'value' | 'pattern' | 'literal';

/** The keyword for the {@link TemplateMode} of a schema, if it is not `value`. */
export const templateKeyword = 'x-templates';

/** The same shape, in which templates apply in another way. */
function withTemplates<T>({ schema }: Shape<T>, mode: TemplateMode): Shape<T> {
  return { schema: { ...schema, [templateKeyword]: mode } };
}

/** A regular expression in RE2 syntax: what a template brings into it is taken literally. */
export function pattern(options: Doc & { minLength?: number } = {}): Shape<string> {
  return withTemplates(text(options), 'pattern');
}

/** The same shape, in which braces are no templates. */
export function literal<T>(shape: Shape<T>): Shape<T> {
  return withTemplates(shape, 'literal');
}

/** Any text. `minLength` counts code points. */
export function text(options: Doc & { minLength?: number; pattern?: string } = {}): Shape<string> {
  const { minLength, pattern: expression, ...doc } = options;
  return {
    schema: described(
      {
        type: 'string',
        ...(minLength === undefined ? {} : { minLength }),
        ...(expression === undefined ? {} : { pattern: expression }),
      },
      doc,
    ),
  };
}

/** A number within inclusive bounds; with `template`, also a text that is only `{{name}}`. */
export function number(
  options: Doc & { min?: number; max?: number; integer?: boolean; template?: boolean } = {},
): Shape<number> {
  const { min, max, integer, template, ...doc } = options;
  const bounds: JsonObject = {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
  const type = integer ? 'integer' : 'number';
  return {
    schema: described({ ...orTemplate(type, template), ...bounds }, doc),
  };
}

/** true or false; with `template`, also a text that is only `{{name}}`. */
export function flag(options: Doc & { template?: boolean } = {}): Shape<boolean> {
  const { template, ...doc } = options;
  return { schema: described(orTemplate('boolean', template), doc) };
}

/** A text with a template; its value is checked once it is rendered. */
export const templateInside = '\\{\\{';

/** One of a closed set of texts or numbers: anything else is an error; with `template`, also a text with a template in it. */
export function choice<const T extends string | number>(
  values: readonly T[],
  options: Doc & { template?: boolean } = {},
): Shape<T> {
  const { template, ...doc } = options;
  const closed = { enum: [...values] };
  return {
    schema: described(
      template ? { type: 'string', anyOf: [closed, { pattern: templateInside }] } : closed,
      doc,
    ),
  };
}

/**
 * A value of an API enum. The set grows, so the schema only offers the known values. Whether an unknown one is a
 * typo or new is decided with the enum's name (see `gemini/enums.ts`).
 */
export function apiEnum(known: readonly string[], doc: Doc = {}): Shape<string> {
  return { schema: described({ type: 'string', anyOf: [{ enum: [...known] }, { type: 'string' }] }, doc) };
}

/** A list of one shape; with `template`, also a text that is only `{{name}}`. */
export function list<T>(
  item: Shape<T>,
  options: Doc & { min?: number; max?: number; template?: boolean } = {},
): Shape<T[]> {
  const { min, max, template, ...doc } = options;
  return {
    schema: described(
      {
        ...orTemplate('array', template),
        items: item.schema,
        ...(min === undefined ? {} : { minItems: min }),
        ...(max === undefined ? {} : { maxItems: max }),
      },
      doc,
    ),
  };
}

/** A map from free names to one shape; with `template`, also a text that is only `{{name}}`. */
export function mapOf<T>(
  value: Shape<T>,
  options: Doc & { keys?: string; min?: number; template?: boolean } = {},
): Shape<Record<string, T>> {
  const { keys, min, template, ...doc } = options;
  return {
    schema: described(
      {
        ...orTemplate('object', template),
        additionalProperties: value.schema,
        ...(keys === undefined ? {} : { propertyNames: { pattern: keys } }),
        ...(min === undefined ? {} : { minProperties: min }),
      },
      doc,
    ),
  };
}

/** Marks a key of {@link object} that may be left out. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

/** A map with these keys and no others, unless `others` gives their shape. */
export function object<F extends Fields>(
  fields: F,
  options: Doc & { min?: number; patterns?: Record<string, Shape<unknown>>; others?: Shape<unknown> } = {},
): Shape<ObjectOf<F>> {
  const { min, patterns, others, ...doc } = options;
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const [key, field] of Object.entries(fields)) {
    if ('optional' in field) properties[key] = field.optional.schema;
    else {
      properties[key] = field.schema;
      required.push(key);
    }
  }
  return {
    schema: described(
      {
        type: 'object',
        properties,
        ...(patterns === undefined
          ? {}
          : {
              patternProperties: Object.fromEntries(Object.entries(patterns).map(([k, s]) => [k, s.schema])),
            }),
        additionalProperties: others?.schema ?? false,
        ...(required.length > 0 ? { required } : {}),
        ...(min === undefined ? {} : { minProperties: min }),
      },
      doc,
    ),
  };
}

const jsonTypes = {
  text: 'string',
  number: 'number',
  flag: 'boolean',
  none: 'null',
  list: 'array',
  map: 'object',
} as const;
type ByType = Partial<Record<keyof typeof jsonTypes, Shape<unknown>>>;

/**
 * A value whose JSON type says which shape it has. Written as if/then, so that a validator's errors are those of
 * the one branch that is meant and never of its neighbours.
 */
export function byType<B extends ByType>(branches: B, doc: Doc = {}): Shape<TypeOf<B[keyof B]>> {
  const entries = Object.entries(branches) as [keyof typeof jsonTypes, Shape<unknown>][];
  // A branch that asks for nothing but its type says no more than `type` does.
  const further = entries.filter(([, { schema }]) => Object.keys(schema).some((key) => key !== 'type'));
  return {
    schema: described(
      {
        type: entries.map(([name]) => jsonTypes[name]),
        ...(further.length === 0
          ? {}
          : {
              // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword, never awaited
              allOf: further.map(([name, shape]) => ({ if: { type: jsonTypes[name] }, then: shape.schema })),
            }),
      },
      doc,
    ),
  };
}

/** Anything JSON can carry. */
export function anything(doc: Doc = {}): Shape<JsonValue> {
  return { schema: described({}, doc) };
}

/** A shape defined once under `$defs/name` of the schema that uses it. */
export function reference<T>(name: string, doc: Doc = {}): Shape<T> {
  return { schema: described({ $ref: `#/$defs/${name}` }, doc) };
}

/** The same shape with another description. */
export function describe<T>(shape: Shape<T>, doc: Doc): Shape<T> {
  return { schema: { ...shape.schema, ...described({}, doc) } };
}

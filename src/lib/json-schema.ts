import { Ajv, type ValidateFunction } from 'ajv';
import type { RegExpLike } from 'ajv/dist/types/index.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formats } from './formats.ts';
import { isObject, type JsonValue } from './json.ts';
import { schemasIn } from './json-schema-walk.ts';
import { compilePattern, PatternError, type Pattern } from './pattern.ts';
import {
  metaFaults,
  pathsTo,
  patternFaults,
  stepsOf,
  without,
  withoutReference,
  type FaultInSchema,
} from './json-schema-faults.ts';

/** A JSON Schema that is none, with all that is wrong in it. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly faults: readonly FaultInSchema[];
  constructor(faults: readonly FaultInSchema[]) {
    super(faults.map(({ message }) => message).join('; '));
    this.faults = faults;
  }
}

/** The engine of patterns for ajv; of one that is none `tell` learns, and the rest of the schema is looked at. */
const engineWith = (tell: (error: PatternError, pattern: string) => void) =>
  Object.assign(
    (pattern: string): RegExpLike => {
      const compiled = compiledPattern(pattern, tell);
      // ajv shares patterns by their text form: without one, all would be the first.
      return { test: compiled?.find ?? (() => false), toString: () => `/${pattern}/` } as RegExpLike;
    },
    { code: 'assayPattern' },
  );

function compiledPattern(
  pattern: string,
  tell: (error: PatternError, pattern: string) => void,
): Pattern | undefined {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    tell(error, pattern);
    return undefined;
  }
}

/** A JSON Schema, ready to check values. */
export interface CompiledSchema {
  /** What is wrong with a value, [] if nothing. */
  readonly check: (value: unknown) => string[];
  /** Formats that nothing is known of, and so are not checked, each with the path of its keyword. */
  readonly unknownFormats: readonly { readonly name: string; readonly path: readonly string[] }[];
}

/** How ajv tells of a format that it does not know; it gives neither as a value. */
const formatNews = /^unknown format "(.*)" ignored in schema at path "#\/?(.*)"$/s;

/** Compiles a JSON Schema (draft 7 where it says so, else 2020-12). Throws a {@link SchemaError}. */
export function compileSchema(schema: unknown): CompiledSchema {
  const draft7 =
    typeof schema === 'object' &&
    schema !== null &&
    '$schema' in schema &&
    String(schema.$schema).includes('draft-07');
  const unknownFormats: { name: string; path: string[] }[] = [];
  const seen = new Set<string>();
  const warn = (...words: unknown[]): void => {
    const [, name, path] = formatNews.exec(String(words[0])) ?? [];
    // It tells of each twice.
    if (name === undefined || path === undefined || seen.has(path)) return;
    seen.add(path);
    unknownFormats.push({ name, path: [...stepsOf(path === '' ? '' : `/${path}`), 'format'] });
  };
  const badPatterns = new Map<string, string>();
  const options = {
    allErrors: true,
    // What every object inherits (constructor, toString) is no property of an answer.
    ownProperties: true,
    strict: false,
    formats: { ...formats },
    logger: { log: () => undefined, warn, error: () => undefined },
    code: { regExp: engineWith((error, pattern) => badPatterns.set(pattern, error.message)) },
  };
  const makeAjv = (): Ajv => {
    const known = { ...options, validateSchema: false };
    return draft7 ? new Ajv(known) : new Ajv2020(known);
  };
  const read = readFaults(makeAjv(), schema);
  const { validate, unknown, other } = compileWithout(makeAjv, without(schema, read));
  const faults = [
    ...unreachable(schema),
    ...read,
    ...unknown,
    ...patternFaults(schema, badPatterns),
    ...(read.length > 0 ? [] : other),
  ];
  if (faults.length > 0 || !validate) throw new SchemaError(faults);
  const check = (value: unknown): string[] =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(
          (fault) => `${fault.instancePath || 'the value'} ${fault.message ?? fault.keyword}`,
        );
  return { check, unknownFormats };
}

/** The schemas of a property named `__proto__`, which ajv passes over. */
function unreachable(schema: unknown): FaultInSchema[] {
  return [...schemasIn(schema as JsonValue)].flatMap(({ schema: inner, path }) =>
    (['properties', 'dependencies'] as const).flatMap((keyword) =>
      isObject(inner[keyword]) && Object.hasOwn(inner[keyword], '__proto__')
        ? [
            {
              message: 'a property named __proto__ cannot be checked',
              path: [...path.map(String), keyword, '__proto__'],
              atKey: true as const,
              help: "use patternProperties: { '^__proto__$': … }",
            },
          ]
        : [],
    ),
  );
}

/** What the meta-schema says of a schema; one that names a meta-schema other than those two is refused as well. */
function readFaults(ajv: Ajv, schema: unknown): FaultInSchema[] {
  try {
    return ajv.validateSchema(schema as object) === false ? metaFaults(ajv.errors ?? [], schema) : [];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const help = 'leave $schema out, or name https://json-schema.org/draft/2020-12/schema';
    return [{ message: `draft-07 and 2020-12 are known: ${words}`, path: ['$schema'], help }];
  }
}

/** So many references that lead nowhere are looked for. */
const mostReferences = 20;

/** Compiles a schema; references that lead nowhere are taken out one by one, so that all of them are found. */
function compileWithout(
  makeAjv: () => Ajv,
  schema: unknown,
): { validate?: ValidateFunction; unknown: FaultInSchema[]; other: FaultInSchema[] } {
  const unknown: FaultInSchema[] = [];
  let rest = schema;
  while (unknown.length < mostReferences) {
    try {
      const validate = makeAjv().compile(rest as object);
      const other =
        '$async' in validate
          ? [{ message: '$async is no keyword of JSON Schema', path: ['$async'], help: 'remove it' }]
          : [];
      return { validate, unknown, other };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const [, reference] = /^can't resolve reference (.*) from id /s.exec(message) ?? [];
      const paths = reference === undefined ? [] : pathsTo(schema, '$ref', (value) => value === reference);
      // What no meta-schema sees, and has no keyword of its own.
      if (reference === undefined || paths.length === 0) return { unknown, other: [{ message, path: [] }] };
      unknown.push(
        ...paths.map((path) => ({
          message: `${path.join('.')} leads nowhere: ${reference}`,
          path,
          help: 'a $ref leads to a part of the same schema: #/$defs/name',
        })),
      );
      rest = withoutReference(rest, reference);
    }
  }
  return { unknown, other: [] };
}

import { Ajv, type ValidateFunction } from 'ajv';
import type { RegExpLike } from 'ajv/dist/types/index.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formats } from './formats.ts';
import type { JsonValue } from './json.ts';
import { keywordErrors, metaErrors, stepsOf, type ErrorInSchema } from './json-schema-errors.ts';
import { compilePattern } from './pattern.ts';

/** An invalid JSON Schema, with all that is wrong in it. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly errors: readonly ErrorInSchema[];
  constructor(errors: readonly ErrorInSchema[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.errors = errors;
  }
}

/** The engine of patterns for ajv. */
const engine = Object.assign(
  // ajv shares patterns by their text form: without one, all would be the first.
  (pattern: string): RegExpLike =>
    ({ test: compilePattern(pattern).find, toString: () => `/${pattern}/` }) as RegExpLike,
  { code: 'assayPattern' },
);

/** A JSON Schema, ready to check values. */
export interface CompiledSchema {
  /** What is wrong with a value, [] if nothing. */
  readonly check: (value: unknown) => string[];
  /** Unknown formats, which are not checked, each with the path of its keyword. */
  readonly unknownFormats: readonly { readonly name: string; readonly path: readonly string[] }[];
}

/** How ajv reports a format that it does not know; it gives neither name nor path as a value. */
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
    // ajv reports each twice.
    if (name === undefined || path === undefined || seen.has(path)) return;
    seen.add(path);
    unknownFormats.push({ name, path: [...stepsOf(path === '' ? '' : `/${path}`), 'format'] });
  };
  const options = {
    allErrors: true,
    // What every object inherits (constructor, toString) is no property of an answer.
    ownProperties: true,
    strict: false,
    validateSchema: false,
    formats: { ...formats },
    logger: { log: () => undefined, warn, error: () => undefined },
    code: { regExp: engine },
  };
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  const errors = [...schemaErrors(ajv, schema), ...keywordErrors(schema as JsonValue)];
  if (errors.length > 0) throw new SchemaError(errors);
  const validate = compile(ajv, schema);
  const check = (value: unknown): string[] =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(
          (error) => `${error.instancePath || 'the value'} ${error.message ?? error.keyword}`,
        );
  return { check, unknownFormats };
}

/** What the meta-schema says of a schema; one that names a meta-schema other than those two is refused as well. */
function schemaErrors(ajv: Ajv, schema: unknown): ErrorInSchema[] {
  try {
    return ajv.validateSchema(schema as object) === false ? metaErrors(ajv.errors ?? [], schema) : [];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const help = 'leave $schema out, or name https://json-schema.org/draft/2020-12/schema';
    return [{ message: `draft-07 and 2020-12 are known: ${words}`, path: ['$schema'], help }];
  }
}

function compile(ajv: Ajv, schema: unknown): ValidateFunction {
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema as object);
  } catch (error) {
    throw new SchemaError([{ message: error instanceof Error ? error.message : String(error), path: [] }]);
  }
  if ('$async' in validate)
    throw new SchemaError([
      { message: '$async is no keyword of JSON Schema', path: ['$async'], help: 'remove it' },
    ]);
  return validate;
}

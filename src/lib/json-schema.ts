import { Ajv } from 'ajv';
import type { RegExpLike } from 'ajv/dist/types/index.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compilePattern } from './pattern.ts';

/** A JSON Schema that is none. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const engine = Object.assign(
  (pattern: string): RegExpLike => {
    const compiled = compilePattern(pattern);
    // ajv shares patterns by their text form: without one, all would be the first.
    return { test: compiled.find, toString: () => `/${pattern}/` } as RegExpLike;
  },
  { code: 'assayPattern' },
);

/** Compiles a JSON Schema (draft 7 where it says so, else 2020-12): the check gives what is wrong, [] if nothing. Throws a {@link SchemaError}. */
export function compileSchema(schema: unknown): (value: unknown) => string[] {
  const draft7 =
    typeof schema === 'object' &&
    schema !== null &&
    '$schema' in schema &&
    String(schema.$schema).includes('draft-07');
  const options = {
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false as const,
    code: { regExp: engine },
  };
  try {
    const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
    const validate = ajv.compile(schema as object);
    return (value) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map(
            (fault) => `${fault.instancePath || 'the value'} ${fault.message ?? fault.keyword}`,
          );
  } catch (error) {
    throw new SchemaError(error instanceof Error ? error.message : String(error));
  }
}

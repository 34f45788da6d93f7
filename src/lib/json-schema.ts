import { Ajv, type ErrorObject } from 'ajv';
import type { RegExpLike } from 'ajv/dist/types/index.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compilePattern } from './pattern.ts';

/** A JSON Schema that is none; `path` leads to what is wrong in it. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly path: readonly string[];
  constructor(message: string, path: readonly string[] = []) {
    super(message);
    this.path = path;
  }
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
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  if (isUnreadable(ajv, schema)) throw metaFault(ajv.errors ?? []);
  try {
    const validate = ajv.compile(schema as object);
    if ('$async' in validate) throw new SchemaError('$async is no keyword of JSON Schema', ['$async']);
    return (value) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map(
            (fault) => `${fault.instancePath || 'the value'} ${fault.message ?? fault.keyword}`,
          );
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    // What no meta-schema sees: a $ref that leads nowhere, a pattern that is none.
    throw new SchemaError(error instanceof Error ? error.message : String(error));
  }
}

/** Whether the meta-schema refuses a schema; one that names a meta-schema other than those two is refused as well. */
function isUnreadable(ajv: Ajv, schema: unknown): boolean {
  try {
    return ajv.validateSchema(schema as object) === false;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`draft-07 and 2020-12 are known: ${words}`, ['$schema']);
  }
}

/** Of what the meta-schema says, the deepest: the faults above it only follow from it. */
function metaFault(errors: readonly ErrorObject[]): SchemaError {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  const error =
    errors.find((each) => depth(each) === deepest && each.keyword === 'enum') ??
    errors.find((each) => depth(each) === deepest);
  const path = (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const allowed: unknown = error?.params.allowedValues;
  const what = Array.isArray(allowed)
    ? `must be one of ${allowed.join(', ')}`
    : (error?.message ?? 'is none');
  return new SchemaError(`${path.length > 0 ? path.join('.') : 'it'} ${what}`, path);
}

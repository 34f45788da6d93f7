import { Ajv, type ErrorObject } from 'ajv';
import type { RegExpLike } from 'ajv/dist/types/index.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formats } from './formats.ts';
import { nearest } from './nearest.ts';
import { compilePattern } from './pattern.ts';

/** A JSON Schema that is none; `path` leads to what is wrong in it, `help` says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly path: readonly string[];
  readonly help: string;
  constructor(message: string, help: string, path: readonly string[] = []) {
    super(message);
    this.path = path;
    this.help = help;
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
  const options = {
    allErrors: true,
    strict: false,
    formats: { ...formats },
    logger: { log: () => undefined, warn, error: () => undefined },
    code: { regExp: engine },
  };
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  if (isUnreadable(ajv, schema)) throw metaFault(ajv.errors ?? [], schema);
  try {
    const validate = ajv.compile(schema as object);
    if ('$async' in validate)
      throw new SchemaError('$async is no keyword of JSON Schema', 'remove it', ['$async']);
    const check = (value: unknown): string[] =>
      validate(value)
        ? []
        : (validate.errors ?? []).map(
            (fault) => `${fault.instancePath || 'the value'} ${fault.message ?? fault.keyword}`,
          );
    return { check, unknownFormats };
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    // What no meta-schema sees: a $ref that leads nowhere, a pattern that is none.
    const words = error instanceof Error ? error.message : String(error);
    throw new SchemaError(
      words,
      'a $ref leads to a part of the same schema, and a pattern is an RE2 expression',
    );
  }
}

/** Whether the meta-schema refuses a schema; one that names a meta-schema other than those two is refused as well. */
function isUnreadable(ajv: Ajv, schema: unknown): boolean {
  try {
    return ajv.validateSchema(schema as object) === false;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const help = 'leave $schema out, or name https://json-schema.org/draft/2020-12/schema';
    throw new SchemaError(`draft-07 and 2020-12 are known: ${words}`, help, ['$schema']);
  }
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(schema: unknown, path: readonly string[]): unknown {
  let at = schema;
  for (const step of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  return at;
}

/** Of what the meta-schema says, the deepest: the faults above it only follow from it. */
function metaFault(errors: readonly ErrorObject[], schema: unknown): SchemaError {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  const error =
    errors.find((each) => depth(each) === deepest && each.keyword === 'enum') ??
    errors.find((each) => depth(each) === deepest);
  const path = stepsOf(error?.instancePath ?? '');
  const allowed: unknown = error?.params.allowedValues;
  const what = Array.isArray(allowed)
    ? `must be one of ${allowed.join(', ')}`
    : (error?.message ?? 'is none');
  const word = valueAt(schema, path);
  const near =
    Array.isArray(allowed) && typeof word === 'string' ? nearest(word, allowed.map(String)) : undefined;
  const help =
    near === undefined
      ? 'write it as JSON Schema 2020-12 has it, or draft 7 where its $schema names that'
      : `did you mean ${JSON.stringify(near)}?`;
  return new SchemaError(`${path.length > 0 ? path.join('.') : 'it'} ${what}`, help, path);
}

import type { ErrorObject } from 'ajv';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { schemasIn } from './json-schema-walk.ts';
import { nearest } from './nearest.ts';
import { compilePattern, PatternError } from './pattern.ts';

/** Something wrong in a JSON Schema; `path` leads to it. */
export interface ErrorInSchema {
  readonly message: string;
  readonly path: readonly string[];
  /** Set where the key is wrong, not its value. */
  readonly atKey?: true;
  /** What to do, if more is known than that it must be JSON Schema. */
  readonly help?: string;
}

/** The keys that lead to a place, from a JSON Pointer. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Keywords of the meta-schema that only sum up other errors. */
const composites = new Set(['anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref', '$dynamicRef']);

/** What a meta-schema says, once each; if a value has an error inside, not that it is no other kind of value. */
export function metaErrors(errors: readonly ErrorObject[], schema: unknown): ErrorInSchema[] {
  const plain = errors.filter(({ keyword }) => !composites.has(keyword));
  const paths = new Set(plain.map(({ instancePath }) => instancePath));
  const isAbove = (path: string): boolean => [...paths].some((other) => other.startsWith(`${path}/`));
  const closed = new Set(plain.filter(({ keyword }) => keyword === 'enum').map((each) => each.instancePath));
  const useful = plain.filter(({ keyword, instancePath }) => {
    if (keyword === 'enum') return !isAbove(instancePath);
    return keyword !== 'type' || !(closed.has(instancePath) || isAbove(instancePath));
  });
  const byWords = new Map((useful.length > 0 ? useful : errors).map((error) => [wordsOf(error), error]));
  return [...byWords].map(([message, error]) => {
    const path = stepsOf(error.instancePath);
    const near = nearestAllowed(error, valueAt(schema, path));
    return {
      message,
      path,
      ...(near === undefined ? {} : { help: `did you mean ${JSON.stringify(near)}?` }),
    };
  });
}

function nearestAllowed({ params }: ErrorObject, word: unknown): string | undefined {
  const allowed: unknown = params.allowedValues;
  return Array.isArray(allowed) && typeof word === 'string' ? nearest(word, allowed.map(String)) : undefined;
}

function valueAt(schema: unknown, path: readonly string[]): unknown {
  let at = schema;
  for (const step of path)
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined;
  return at;
}

function wordsOf({ instancePath, params, message }: ErrorObject): string {
  const path = stepsOf(instancePath).join('.');
  const allowed: unknown = params.allowedValues;
  const what = Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : (message ?? 'is invalid');
  return `${path === '' ? 'it' : path} ${what}`;
}

/** What no meta-schema sees: patterns that are not RE2, references that lead nowhere, properties that ajv passes over. */
export function keywordErrors(root: JsonValue): ErrorInSchema[] {
  const all = [...schemasIn(root)];
  // Below an $id a reference begins there.
  const hasIds = all.some(({ schema, path }) => path.length > 0 && schema.$id !== undefined);
  return all.flatMap(({ schema, path }) => {
    const steps = path.map(String);
    return [
      ...patternErrors(schema, steps),
      ...(hasIds ? [] : referenceErrors(schema, steps, root)),
      ...unreachable(schema, steps),
    ];
  });
}

const patternHelp = 'a pattern is an RE2 expression: no lookaround, no backreferences';

function patternErrors(schema: JsonObject, path: readonly string[]): ErrorInSchema[] {
  const { pattern, patternProperties } = schema;
  const found: ErrorInSchema[] = [];
  const check = (source: string, at: readonly string[], keys: readonly string[], atKey?: true): void => {
    try {
      compilePattern(source);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const message = `${at.join('.')}: ${error.message}`;
      found.push({ message, path: [...at, ...keys], help: patternHelp, ...(atKey ? { atKey } : {}) });
    }
  };
  if (typeof pattern === 'string') check(pattern, [...path, 'pattern'], []);
  if (isObject(patternProperties))
    for (const key of Object.keys(patternProperties)) check(key, [...path, 'patternProperties'], [key], true);
  return found;
}

function referenceErrors({ $ref }: JsonObject, path: readonly string[], root: JsonValue): ErrorInSchema[] {
  if (typeof $ref !== 'string' || !$ref.startsWith('#/')) return [];
  let pointer = $ref.slice(1);
  try {
    pointer = decodeURIComponent(pointer);
  } catch {
    // Not percent-encoded: it is read as it is.
  }
  if (valueAt(root, stepsOf(pointer)) !== undefined) return [];
  const at = [...path, '$ref'];
  return [
    {
      message: `${at.join('.')} leads nowhere: ${$ref}`,
      path: at,
      help: 'a $ref leads to a part of the same schema: #/$defs/name',
    },
  ];
}

/** The schemas of a property named `__proto__`, which ajv passes over. */
function unreachable(schema: JsonObject, path: readonly string[]): ErrorInSchema[] {
  return (['properties', 'dependencies'] as const).flatMap((keyword) => {
    const properties = schema[keyword];
    if (!isObject(properties) || !Object.hasOwn(properties, '__proto__')) return [];
    return [
      {
        message: 'a property named __proto__ cannot be checked',
        path: [...path, keyword, '__proto__'],
        atKey: true as const,
        help: "use patternProperties: { '^__proto__$': … }",
      },
    ];
  });
}

import type { ErrorObject } from 'ajv';
import { isObject } from './json.ts';
import { nearest } from './nearest.ts';

/** Something wrong in a JSON Schema; `path` leads to it. */
export interface FaultInSchema {
  readonly message: string;
  readonly path: readonly string[];
  /** Set where the key is at fault, not its value. */
  readonly atKey?: true;
  /** What to do, where more is known than that it is to be JSON Schema. */
  readonly help?: string;
}

/** The keys that lead to a place, from a JSON Pointer. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Keywords of the meta-schema that only sum up other faults. */
const composites = new Set(['anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref', '$dynamicRef']);

/** What a meta-schema says, once each; of a value that has a fault inside, not that it is no other kind of value. */
export function metaFaults(errors: readonly ErrorObject[], schema: unknown): FaultInSchema[] {
  const plain = errors.filter(({ keyword }) => !composites.has(keyword));
  const paths = new Set(plain.map(({ instancePath }) => instancePath));
  const isAbove = (path: string): boolean => [...paths].some((other) => other.startsWith(`${path}/`));
  const closed = new Set(plain.filter(({ keyword }) => keyword === 'enum').map((each) => each.instancePath));
  const told = plain.filter(({ keyword, instancePath }) => {
    if (keyword === 'enum') return !isAbove(instancePath);
    return keyword !== 'type' || !(closed.has(instancePath) || isAbove(instancePath));
  });
  const byWords = new Map((told.length > 0 ? told : errors).map((error) => [wordsOf(error), error]));
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
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  return at;
}

function wordsOf({ instancePath, params, message }: ErrorObject): string {
  const path = stepsOf(instancePath).join('.');
  const allowed: unknown = params.allowedValues;
  const what = Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : (message ?? 'is none');
  return `${path === '' ? 'it' : path} ${what}`;
}

/** Under these keys stand values, and no schemas. */
const values = new Set(['const', 'enum', 'default', 'examples']);

/** The paths to a keyword with a text as its value. */
export function pathsTo(
  schema: unknown,
  keyword: string,
  isMeant: (value: string) => boolean,
  path: readonly string[] = [],
): string[][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    const at = [...path, key];
    if (typeof inner === 'string') return key === keyword && isMeant(inner) ? [at] : [];
    return values.has(key) && !['properties', '$defs', 'definitions'].includes(path.at(-1) ?? '')
      ? []
      : pathsTo(inner, keyword, isMeant, at);
  });
}

/** A copy of a schema without the keywords that have a fault, so that the rest can be compiled. */
export function without(schema: unknown, faults: readonly FaultInSchema[]): unknown {
  if (faults.length === 0) return schema;
  const copy: unknown = JSON.parse(JSON.stringify(schema));
  for (const { path } of faults) {
    let at: unknown = copy;
    let keyword: (() => void) | undefined;
    for (const step of path) {
      if (isObject(at)) {
        const map = at;
        keyword = () => delete map[step];
      }
      if (typeof at !== 'object' || at === null) break;
      at = (at as Record<string, unknown>)[step];
    }
    keyword?.();
  }
  return copy;
}

/** A copy of a schema without a reference, wherever it stands. */
export function withoutReference(schema: unknown, reference: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withoutReference(item, reference));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === '$ref' && value === reference))
      .map(([key, value]) => [key, withoutReference(value, reference)]),
  );
}

const patternHelp = 'a pattern is an RE2 expression: no lookaround, no backreferences';

/** The patterns that are none, each at its keyword, or at its key among `patternProperties`. */
export function patternFaults(schema: unknown, bad: ReadonlyMap<string, string>): FaultInSchema[] {
  return [...bad].flatMap(([pattern, message]) => [
    ...pathsTo(schema, 'pattern', (value) => value === pattern).map((path) => ({
      message: `${path.join('.')}: ${message}`,
      path,
      help: patternHelp,
    })),
    ...keysOf(schema, pattern).map((path) => ({
      message: `${path.slice(0, -1).join('.')}: ${message}`,
      path,
      help: patternHelp,
      atKey: true as const,
    })),
  ]);
}

function keysOf(schema: unknown, pattern: string, path: readonly string[] = []): string[][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    const own = path.at(-1) === 'patternProperties' && key === pattern ? [[...path, key]] : [];
    return [...own, ...(values.has(key) ? [] : keysOf(inner, pattern, [...path, key]))];
  });
}

import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** The value if it is a text; a field of the wrong type is treated as absent. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a number. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The value if it is a count: 1e999 in JSON is infinite, and 1e300 is no count of anything. */
export function countOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** The value if it is true or false. */
export function flagOf(value: JsonValue | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The maps in a list; the API's lenient spelling of a list of one is not taken in replies. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** `{ key: value }`, or nothing where there is no value: optional fields are left out, never undefined. */
export function present<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

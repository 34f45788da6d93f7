/** A value as JSON can carry it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON map. */
export type JsonObject = { [key: string]: JsonValue };

/** True for a map: neither null, nor a list, nor a scalar. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a key that a map has itself: `constructor` and the like, which every object inherits, are no entries. */
export function ownValue<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets a key as the map's own, also where it is named `__proto__`. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}

/** A scalar as text; a list or map as JSON; nothing as `otherwise`. */
export function plainText(value: JsonValue | undefined, otherwise = ''): string {
  if (value === undefined || value === null) return otherwise;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The word a user would use for the type of a JSON value: `text`, `number`, `boolean`, `null`, `list` or `map`. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'map' : typeof value;
}

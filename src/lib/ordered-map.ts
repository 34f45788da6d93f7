import { setOwn, type JsonObject, type JsonValue } from './json.ts';

/** Keys that JavaScript sorts and moves to the front of an object, wherever they were written (ECMA-262, OrdinaryOwnPropertyKeys). */
const index = /^\d{1,10}$/;

/** Keeps the keys of its target in the order in which they were set: for JSON.stringify, Object.keys and `in` alike. */
class KeyOrder implements ProxyHandler<JsonObject> {
  readonly #keys = new Set<string | symbol>();

  ownKeys(): (string | symbol)[] {
    return [...this.#keys];
  }

  defineProperty(target: JsonObject, key: string | symbol, attributes: PropertyDescriptor): boolean {
    this.#keys.add(key);
    return Reflect.defineProperty(target, key, attributes);
  }

  deleteProperty(target: JsonObject, key: string | symbol): boolean {
    this.#keys.delete(key);
    return Reflect.deleteProperty(target, key);
  }
}

/**
 * An empty map that is to hold these keys in the order in which they will be set, also those that look like numbers:
 * a plain object where none does. Whatever copies a map that is sent begins its copy with this.
 */
export function emptyMap(keys: readonly string[]): JsonObject {
  return keys.some((key) => index.test(key)) ? new Proxy<JsonObject>({}, new KeyOrder()) : {};
}

/** A map of these entries, in their order. */
export function mapOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  const map = emptyMap(entries.map(([key]) => key));
  for (const [key, value] of entries) setOwn(map, key, value);
  return map;
}

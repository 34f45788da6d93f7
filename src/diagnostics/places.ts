import type { Place } from './diagnostic.ts';

interface Entry {
  readonly key: Place | undefined;
  readonly value: Place;
}

/**
 * Where each entry of a container (map or list) read from a file was written.
 * Keyed by the container's identity, so values keep their places when they are passed on, aliased or shared
 * between files; a copy made by merging carries them over with {@link copyPlace}.
 */
const places = new WeakMap<object, Map<string | number, Entry>>();

/** Records where `container[key]` stands: the place of its value and, in maps, of its key. */
export function setPlace(container: object, key: string | number, value: Place, keyAt?: Place): void {
  let entries = places.get(container);
  if (!entries) places.set(container, (entries = new Map()));
  entries.set(key, { key: keyAt, value });
}

/** Where the value `container[key]` stands, if it was read from a file. */
export function valuePlace(container: object, key: string | number): Place | undefined {
  return places.get(container)?.get(key)?.value;
}

/** Where the key of `container[key]` stands; for list entries, the value. */
export function keyPlace(container: object, key: string | number): Place | undefined {
  const entry = places.get(container)?.get(key);
  return entry?.key ?? entry?.value;
}

/** Carries the place of `from[fromKey]` over to `to[toKey]`. */
export function copyPlace(from: object, fromKey: string | number, to: object, toKey: string | number): void {
  const entry = places.get(from)?.get(fromKey);
  if (entry) setPlace(to, toKey, entry.value, entry.key);
}

const lessened = new WeakMap<object, Set<string>>();

/** Stands for a lost key that resembles none: what the map seems to lack may have been meant by it. */
const anyKey = '*';

/**
 * Marks a map that lacks what was written in it, since that had a fault; `keys` are those that were meant, none where
 * the key resembled no known one.
 */
export function markLost(value: object, keys: readonly string[] = [anyKey]): void {
  const lost = lessened.get(value) ?? new Set();
  for (const key of keys) lost.add(key);
  lessened.set(value, lost);
}

/** Marks a copy of a marked value likewise. */
export function copyLost(from: object, to: object): void {
  const lost = lessened.get(from);
  if (lost) markLost(to, [...lost]);
}

/** Whether a map lost one of its keys: what it seems to lack may have been told already. */
export function hasLost(value: object): boolean {
  return lessened.has(value);
}

/** Whether a map lost what one of these keys said, by that key or by another that may have been meant for it. */
export function mayHaveLost(value: object, ...keys: readonly string[]): boolean {
  const lost = lessened.get(value);
  if (!lost) return false;
  return keys.some((key) => lost.has(key)) || (lost.has(anyKey) && keys.every((key) => !(key in value)));
}

import { distance } from 'fastest-levenshtein';

/** This many pairs of units are compared in some 15 ms. */
export const mostPairs = 100_000_000;

/**
 * Levenshtein's distance: how many units must be inserted, deleted or replaced to make one list of the other.
 * The work is the product of the lengths; the caller bounds it by {@link mostPairs}.
 */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  const [shorter, longer] = from.length < to.length ? [from, to] : [to, from];
  // The library compares UTF-16 code units: each unit of the shorter list becomes one of those. What is in the longer
  // list alone equals nothing, and needs none of its own.
  const codes = new Map<string, string>();
  for (const unit of shorter) if (!codes.has(unit)) codes.set(unit, String.fromCharCode(codes.size + 1));
  const encode = (list: readonly string[]): string => list.map((unit) => codes.get(unit) ?? '\0').join('');
  return distance(encode(shorter), encode(longer));
}

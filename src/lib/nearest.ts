import { distance } from 'fastest-levenshtein';

/**
 * The candidate nearest to a mistyped word by edits, whatever the case of letters; undefined where none is near.
 * At most the share `mayDiffer` of the longer word may differ, so that short words do not suggest each other.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  maxDistance = 3,
  mayDiffer = 0.5,
): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestEdits = maxDistance + 1;
  for (const candidate of candidates) {
    const bound = Math.min(maxDistance, Math.floor(Math.max(word.length, candidate.length) * mayDiffer));
    if (Math.abs(word.length - candidate.length) > bound) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits <= bound && edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

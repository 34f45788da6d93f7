import { distance } from 'fastest-levenshtein';

/**
 * The candidate nearest to a mistyped word by edits, whatever the case of letters; undefined where none is near.
 * At least half of the longer word must stay, so that short words do not suggest each other.
 */
export function nearest(word: string, candidates: Iterable<string>, maxDistance = 3): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestEdits = maxDistance + 1;
  for (const candidate of candidates) {
    const bound = Math.min(maxDistance, Math.floor(Math.max(word.length, candidate.length) / 2));
    if (Math.abs(word.length - candidate.length) > bound) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits <= bound && edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

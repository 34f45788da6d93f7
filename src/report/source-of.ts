import type { Place } from '../diagnostics/diagnostic.ts';
import { position } from '../diagnostics/position.ts';

/** Places in words: the cases of a suite share few. */
const sources = new WeakMap<Place, string>();

/** `suites/a.yaml:12:5`. */
export function sourceOf(place: Place): string {
  let words = sources.get(place);
  if (words === undefined) {
    const { line, column } = position(place);
    words = `${place.file.path}:${line}:${column}`;
    sources.set(place, words);
  }
  return words;
}

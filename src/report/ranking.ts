/** The most important of a long stream, in order; equals stay in the order in which they came. */
export interface Ranked<T> {
  readonly top: () => readonly T[];
  /** How many were added. */
  readonly count: () => number;
}

/** A {@link Ranked} being filled. */
export interface Ranking<T> extends Ranked<T> {
  readonly add: (item: T) => void;
}

/** Keeps at most `most` items; `order` is that of Array.sort, the most important first. */
export function createRanking<T>(most: number, order: (a: T, b: T) => number): Ranking<T> {
  const kept: T[] = [];
  let count = 0;
  return {
    add: (item) => {
      count++;
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = kept[middle];
        if (other !== undefined && order(other, item) <= 0) low = middle + 1;
        else high = middle;
      }
      if (low >= most) return;
      kept.splice(low, 0, item);
      if (kept.length > most) kept.pop();
    },
    top: () => kept,
    count: () => count,
  };
}

/** How many trials may be in flight. */
export interface Concurrency {
  readonly limit: () => number;
  /** A call ended: refused for its quota, or not. */
  readonly settled: (refused: boolean) => void;
}

/** A fixed number, whatever happens. */
export function fixedConcurrency(limit: number): Concurrency {
  return { limit: () => limit, settled: () => undefined };
}

const start = 8;
const most = 256;
/** More in flight helps if it brings at least so much more throughput. */
const worthwhile = 1.05;
/** Windows to wait after a step that did not help. */
const restWindows = 8;

/**
 * Grows while it helps, by half, judged by the throughput of one window of completions after the other; goes one step
 * back when it does not. Halves on a quota refusal, once for all calls that were in flight then. `now` in ms.
 */
export function autoConcurrency(now: () => number): Concurrency {
  let limit = start;
  let before = { limit: 0, rate: 0 };
  let since = now();
  let done = 0;
  let rest = 0;
  /** Calls that were in flight at the last refusal: their refusals say nothing new. */
  let ignored = 0;
  const restart = (): void => {
    since = now();
    done = 0;
  };
  return {
    limit: () => limit,
    settled: (refused) => {
      if (ignored > 0) ignored--;
      else if (refused) {
        ignored = limit;
        limit = Math.max(1, Math.floor(limit / 2));
        before = { limit: 0, rate: 0 };
        rest = restWindows;
        restart();
        return;
      }
      if (++done < Math.max(limit, start)) return;
      const rate = done / Math.max(1, now() - since);
      restart();
      if (rest > 0) {
        rest--;
        return;
      }
      if (before.limit > 0 && before.limit < limit && rate < before.rate * worthwhile) {
        limit = before.limit;
        before = { limit: 0, rate: 0 };
        rest = restWindows;
        return;
      }
      before = { limit, rate };
      limit = Math.min(most, Math.ceil(limit * 1.5));
    },
  };
}

/** How many trials may be in flight. */
export interface Concurrency {
  readonly limit: () => number;
  /** A trial's last call ended: refused for its quota, or not. */
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
/** After a step that did not help, so many windows pass before the next is tried. */
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
  /** Completions until another refusal is news: those in flight were sent before we slowed down. */
  let deaf = 0;
  const restart = (): void => {
    since = now();
    done = 0;
  };
  return {
    limit: () => limit,
    settled: (refused) => {
      if (deaf > 0) deaf--;
      else if (refused) {
        deaf = limit;
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

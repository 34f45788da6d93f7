/** Full-jitter exponential backoff (AWS Architecture Blog, "Exponential Backoff And Jitter"): uniform in 0 to base × 2^n, capped. */
const backoffBaseMs = 500;
const backoffCapMs = 30_000;
/** Added to the wait that the server asked for, so that calls with the same wait do not return at the same moment. */
const retryAfterJitter = 0.1;

/** Milliseconds to wait before retry number `retry` (from 0): what the server asked for and a little more, else a backoff. `random` is uniform in [0, 1). */
export function waitBefore(retry: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined) return Math.ceil(retryAfterMs * (1 + retryAfterJitter * random));
  return Math.round(random * Math.min(backoffCapMs, backoffBaseMs * 2 ** retry));
}

/** The retries that all trials of a run share. */
export interface RetryBudget {
  /** A call succeeded: half a retry more. */
  readonly earn: () => void;
  /** Takes one retry; false when there is none left. */
  readonly take: () => boolean;
}

/** Half of the successes, plus a floor: in an outage, where nothing succeeds, load stays what it was. */
export function createRetryBudget(floor: number): RetryBudget {
  let left = floor;
  return {
    earn: () => void (left += 0.5),
    take: () => {
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}

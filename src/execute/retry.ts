/** Full-jitter exponential backoff (AWS Architecture Blog, "Exponential Backoff And Jitter"): uniform in 0 to base × 2^n, capped. */
const backoffBaseMs = 500;
const backoffCapMs = 30_000;
/** Over what the server told, so that those who were told the same do not come back at the same moment. */
const toldJitter = 0.1;

/** Milliseconds to wait before retry number `retry` (from 0): what the server told and a little more, else a backoff. `random` is uniform in [0, 1). */
export function waitBefore(retry: number, toldMs: number | undefined, random: number): number {
  if (toldMs !== undefined) return Math.ceil(toldMs * (1 + toldJitter * random));
  return Math.round(random * Math.min(backoffCapMs, backoffBaseMs * 2 ** retry));
}

/** The retries that all trials of a run may make together. */
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

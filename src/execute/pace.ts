import type { Clock } from './clock.ts';

/** Requests and input tokens a minute. */
export interface Rate {
  readonly rpm?: number;
  readonly tpm?: number;
}

/** Lets calls of one model start no faster than its rate. */
export interface Pacer {
  /** Waits until a request of so many tokens may start. */
  readonly take: (tokens: number, signal: AbortSignal) => Promise<void>;
  /** Settles what was taken with what the server counted. */
  readonly settle: (taken: number, counted: number) => void;
}

/**
 * A token bucket per resource, filled continuously. A bucket of calls holds one less than the service's own burst of
 * max(2, rpm/60): calls that left evenly arrive a little unevenly, and the one in hand keeps them from being refused.
 * `full: false` starts with nothing, as after a refusal.
 */
export function createPacer({ rpm, tpm }: Rate, clock: Clock, full = true): Pacer {
  const open = (perMinute: number, burst: number, tokens: boolean) =>
    bucket({ perMinute, burst, tokens, level: full ? burst : 0 }, clock);
  const buckets = [
    ...(rpm === undefined ? [] : [open(rpm, Math.max(2, rpm / 60) - 1, false)]),
    ...(tpm === undefined ? [] : [open(tpm, tpm / 60, true)]),
  ];
  return {
    take: async (tokens, signal) => {
      // Debts are booked at once and waited for after: calls start in the order in which they asked, and a timer that
      // fires late delays its own call alone.
      const waits = buckets.map((each) => each.take(each.tokens ? tokens : 1));
      const wait = Math.max(0, ...waits);
      if (wait > 0) await clock.sleep(wait, signal);
    },
    settle: (taken, counted) => {
      for (const each of buckets) if (each.tokens) each.give(taken - counted);
    },
  };
}

interface Bucket {
  readonly perMinute: number;
  readonly burst: number;
  readonly tokens: boolean;
  level: number;
}

function bucket(state: Bucket, clock: Clock) {
  const { perMinute, burst } = state;
  let at = clock.now();
  const fill = (): void => {
    const now = clock.now();
    state.level = Math.min(burst, state.level + ((now - at) * perMinute) / 60_000);
    at = now;
  };
  return {
    tokens: state.tokens,
    /** Milliseconds until the amount is there; it is booked already. */
    take: (amount: number): number => {
      fill();
      state.level -= amount;
      return state.level >= 0 ? 0 : (-state.level * 60_000) / perMinute;
    },
    give: (amount: number): void => {
      fill();
      state.level = Math.min(burst, state.level + amount);
    },
  };
}

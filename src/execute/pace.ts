import type { Clock } from './clock.ts';

/** Requests and input tokens a minute. */
export interface Rate {
  readonly rpm?: number;
  readonly tpm?: number;
}

/** Lets calls of one model start no faster than its rate. */
export interface Pacer {
  /** Waits until a request of so many input tokens may start. */
  readonly take: (tokens: number, signal: AbortSignal) => Promise<void>;
  /** Settles an estimate with what the server counted. */
  readonly settle: (estimated: number, counted: number) => void;
}

/** A token bucket per resource, each filled continuously up to two seconds' worth, as the service's own bursts allow. */
export function createPacer({ rpm, tpm }: Rate, clock: Clock): Pacer {
  const buckets = [
    ...(rpm === undefined ? [] : [bucket(rpm, Math.max(2, rpm / 60), clock)]),
    ...(tpm === undefined ? [] : [bucket(tpm, tpm / 60, clock, true)]),
  ];
  return {
    take: async (tokens, signal) => {
      // Debts are booked at once and waited for after: calls start in the order in which they asked.
      const waits = buckets.map((each) => each.take(each.tokens ? tokens : 1));
      const wait = Math.max(0, ...waits);
      if (wait > 0) await clock.sleep(wait, signal);
    },
    settle: (estimated, counted) => {
      for (const each of buckets) if (each.tokens) each.give(estimated - counted);
    },
  };
}

function bucket(perMinute: number, burst: number, clock: Clock, tokens = false) {
  let level = burst;
  let at = clock.now();
  const fill = (): void => {
    const now = clock.now();
    level = Math.min(burst, level + ((now - at) * perMinute) / 60_000);
    at = now;
  };
  return {
    tokens,
    /** Milliseconds until the amount is there; it is booked already. */
    take: (amount: number): number => {
      fill();
      level -= amount;
      return level >= 0 ? 0 : (-level * 60_000) / perMinute;
    },
    give: (amount: number): void => {
      fill();
      level = Math.min(burst, level + amount);
    },
  };
}

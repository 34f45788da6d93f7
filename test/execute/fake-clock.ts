import type { Clock } from '../../src/execute/clock.ts';

/** A clock that advances only on demand, with seeded random numbers. */
export interface FakeClock extends Clock {
  /** Lets so many milliseconds pass: sleepers wake in order, each at its own moment. */
  readonly pass: (ms: number) => Promise<void>;
  /** How many sleep. */
  readonly sleeping: () => number;
}

/** Lets everything that is ready to go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

export function fakeClock(random: () => number = () => 0.5): FakeClock {
  let now = 1_000_000;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { until: now + ms, wake: resolve };
        // In order of waking, and of falling asleep where that is equal.
        const later = sleepers.findLastIndex(({ until }) => until <= sleeper.until) + 1;
        sleepers.splice(later, 0, sleeper);
        const leave = (): void => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          resolve();
        };
        signal?.addEventListener('abort', leave, { once: true });
      }),
    sleeping: () => sleepers.length,
    pass: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = sleepers[0];
        if (!next || next.until > end) break;
        sleepers.shift();
        now = Math.max(now, next.until);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

/** Chance that is the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

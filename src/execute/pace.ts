import type { Clock } from './clock.ts';

/** Requests and input tokens a minute. */
export interface Rate {
  readonly rpm?: number;
  readonly tpm?: number;
}

/** Lets calls of one model start no faster than its rate. */
export interface Pacer {
  /** Waits until a request of so many tokens may start; one that is larger than the bucket, until that is full. */
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
  const waiting = new Set<Waiting>();
  return {
    take: async (tokens, signal) => {
      // Debts are booked at once and waited for after: calls start in the order in which they asked, and a timer that
      // fires late delays its own call alone.
      const own: Waiting = {
        due: buckets.map((each) => clock.now() + each.take(each.tokens ? tokens : 1)),
      };
      waiting.add(own);
      for (;;) {
        const wait = Math.max(...own.due) - clock.now();
        if (wait < shortestMs || signal.aborted) break;
        const woken = new AbortController();
        own.wake = () => woken.abort();
        signal.addEventListener('abort', own.wake);
        await clock.sleep(wait, woken.signal);
        signal.removeEventListener('abort', own.wake);
      }
      waiting.delete(own);
    },
    settle: (taken, counted) => {
      for (const [index, each] of buckets.entries()) {
        if (!each.tokens || taken === counted) continue;
        each.give(taken - counted);
        // What comes back shortens the debt that every one of them waits for.
        const sooner = ((taken - counted) * 60_000) / each.perMinute;
        for (const { due, wake } of waiting) {
          due[index] = (due[index] ?? 0) - sooner;
          wake?.();
        }
      }
    },
  };
}

/** A call that waits: when each bucket lets it go, in ms since the epoch, and what wakes it to look again. */
interface Waiting {
  readonly due: number[];
  wake?: () => void;
}

/** Less is not worth a timer. */
const shortestMs = 0.01;

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
    perMinute,
    tokens: state.tokens,
    /** Milliseconds until the amount is there, or the bucket full; it is booked already. */
    take: (amount: number): number => {
      fill();
      const missing = Math.min(amount, burst) - state.level;
      state.level -= amount;
      return missing <= 0 ? 0 : (missing * 60_000) / perMinute;
    },
    give: (amount: number): void => {
      fill();
      state.level = Math.min(burst, state.level + amount);
    },
  };
}

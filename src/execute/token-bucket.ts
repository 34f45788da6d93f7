import type { Clock } from './clock.ts';

/** Requests and input tokens a minute. */
export interface Rate {
  readonly rpm?: number;
  readonly tpm?: number;
}

/** What a rate bounds. */
export type Resource = keyof Rate;
export const resources: readonly Resource[] = ['rpm', 'tpm'];

/** So much of a resource a minute. */
export interface Pace {
  readonly kind: Resource;
  readonly perMinute: number;
}

/** `10 requests a minute`. */
export function paceText({ kind, perMinute }: Pace): string {
  const whole = Math.max(1, Math.round(perMinute));
  return `${whole.toLocaleString('en-US')} ${kind === 'rpm' ? 'request' : 'input token'}${whole === 1 ? '' : 's'} a minute`;
}

/** Lets the calls of one model start no faster than its rate. */
export interface TokenBucket {
  /**
   * Waits until a request of so many tokens may start; one that is larger than the bucket, until that is full. Resolves
   * with what it had to wait for.
   */
  readonly take: (tokens: number, signal: AbortSignal) => Promise<Resource | undefined>;
  /** Replaces what was taken by what the server counted. */
  readonly settle: (taken: number, counted: number) => void;
  /** Changes the rate of the same resources, also for calls that wait already. */
  readonly setRate: (rate: Rate) => void;
}

/** The resource of a bucket. */
function burstOf(resource: Resource, perMinute: number): number {
  return resource === 'rpm' ? Math.max(2, perMinute / 60) - 1 : perMinute / 60;
}

/**
 * A token bucket per resource, filled continuously. A bucket of calls holds one less than the service's own burst of
 * max(2, rpm/60): calls that left evenly arrive a little unevenly, and the one in hand keeps them from being refused.
 * `full: false` starts with nothing, as after a refusal.
 */
export function createTokenBucket(rate: Rate, clock: Clock, full = true): TokenBucket {
  const buckets = resources.flatMap((resource) => {
    const perMinute = rate[resource];
    return perMinute === undefined ? [] : [bucket(resource, perMinute, full, clock)];
  });
  const waiting = new Set<WaitingCall>();
  /** Changes when the calls that wait may start. */
  const shift = (index: number, change: (at: number) => number): void => {
    for (const { startAt, wake } of waiting) {
      startAt[index] = change(startAt[index] ?? 0);
      wake?.();
    }
  };
  return {
    take: async (tokens, signal) => {
      // Taken at once and waited for afterwards: calls start in the order of taking, and a late timer delays one call.
      const own: WaitingCall = {
        startAt: buckets.map((each) => clock.now() + each.take(each.resource === 'tpm' ? tokens : 1)),
      };
      let waitedFor: Resource | undefined;
      waiting.add(own);
      for (;;) {
        const last = Math.max(...own.startAt);
        const wait = last - clock.now();
        if (wait < shortestMs || signal.aborted) break;
        waitedFor = buckets[own.startAt.indexOf(last)]?.resource;
        const woken = new AbortController();
        own.wake = () => woken.abort();
        signal.addEventListener('abort', own.wake);
        await clock.sleep(wait, woken.signal);
        signal.removeEventListener('abort', own.wake);
      }
      waiting.delete(own);
      return waitedFor;
    },
    settle: (taken, counted) => {
      for (const [index, each] of buckets.entries()) {
        if (each.resource !== 'tpm' || taken === counted) continue;
        each.give(taken - counted);
        // What comes back shortens the debt that every one of them waits for.
        const sooner = ((taken - counted) * 60_000) / each.perMinute();
        shift(index, (at) => at - sooner);
      }
    },
    setRate: (next) => {
      const now = clock.now();
      for (const [index, each] of buckets.entries()) {
        const before = each.perMinute();
        const after = next[each.resource] ?? before;
        if (after === before) continue;
        each.setRate(after);
        shift(index, (at) => (at > now ? now + ((at - now) * before) / after : at));
      }
    },
  };
}

/** A call that waits: when each bucket lets it start, in ms since the epoch, and what wakes it before. */
interface WaitingCall {
  readonly startAt: number[];
  wake?: () => void;
}

/** Less is not worth a timer. */
const shortestMs = 0.01;

function bucket(resource: Resource, rate: number, full: boolean, clock: Clock) {
  let perMinute = rate;
  let burst = burstOf(resource, rate);
  let level = full ? burst : 0;
  let at = clock.now();
  const fill = (): void => {
    const now = clock.now();
    level = Math.min(burst, level + ((now - at) * perMinute) / 60_000);
    at = now;
  };
  return {
    resource,
    perMinute: () => perMinute,
    setRate: (next: number): void => {
      fill();
      perMinute = next;
      burst = burstOf(resource, next);
      level = Math.min(level, burst);
    },
    /** Milliseconds until the amount is there, or the bucket full; it is booked already. */
    take: (amount: number): number => {
      fill();
      const missing = Math.min(amount, burst) - level;
      level -= amount;
      return missing <= 0 ? 0 : (missing * 60_000) / perMinute;
    },
    give: (amount: number): void => {
      fill();
      level = Math.min(burst, level + amount);
    },
  };
}

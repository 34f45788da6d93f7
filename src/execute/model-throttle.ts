import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import {
  createTokenBucket,
  resources,
  type Pace,
  type TokenBucket,
  type Rate,
  type Resource,
} from './token-bucket.ts';
import { createLearnedRate } from './learned-rate.ts';

/** How a call ended, for the quota of its model. */
interface CallEnd {
  /** The service refused it for its quota. */
  readonly refused: boolean;
  /** How long it asked to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** The limits that the refusal named. */
  readonly limits?: Rate;
  /** Tokens reserved on entering, and those that the server counted (absent where it did not say). */
  readonly reservedTokens: number;
  readonly usedTokens?: number | undefined;
}

/** Limits the calls of one model: paced by its rate, blocked while its quota is used up, closed when it is gone. */
export interface ModelThrottle {
  /** True while calls are paced by their tokens. */
  readonly limitsTokens: () => boolean;
  /** Waits until a call of so many tokens may start, if it must; one that was refused goes first. Resolves early when the throttle closes. */
  readonly enter: (tokens: number, again: boolean) => Promise<void> | undefined;
  /** To be called once for each call that entered. True if the service has refused everything for so long that waiting is no use. */
  readonly leave: (callEnd: CallEnd) => boolean;
  /** A call that entered and was not made. */
  readonly cancel: () => void;
  /** The resource that calls have waited for lately, and its rate. */
  readonly pace: () => Pace | undefined;
  /** Aborted when no further call may start. */
  readonly closed: AbortSignal;
  readonly close: () => void;
}

/** What slows the calls to a model; each is reported once. */
export type ThrottleNotice = Pace | { readonly kind: 'waiting' };

/** Longer waits than this are reported. */
const reportAfterMs = 3000;
/** The number of last calls that decide whether a quota is used up. */
const recentCalls = 8;
/** How long to wait after a refusal without a wait; doubled each time the next call is refused too. */
const firstWaitMs = 1000;
const longestHoldMs = 120_000;
/** The longest quota that comes back within a run: what a tier may spend is counted over ten minutes ("Rate limits"). */
const hopelessAfterMs = 600_000;
/** How long after a wait its pace is reported. */
const reportedForMs = 60_000;

/**
 * A stray refusal delays its own trial alone. When half of the last calls were refused, the quota is used up: nothing
 * starts until the wait that the service asked for is over (else a growing one), then one call, and one more with each
 * that succeeds. A refusal that names the limit sets a rate that grows again (learned-rate.ts).
 */
export function createModelThrottle(
  rate: Rate,
  clock: Clock,
  onNotice?: (notice: ThrottleNotice) => void,
): ModelThrottle {
  const controller = new AbortController();
  const closed = controller.signal;
  // Every call that waits listens; Node warns of the eleventh.
  setMaxListeners(0, closed);
  const learned = createLearnedRate(rate, clock);
  const rates = (): Rate => ({ ...learned.rate(), ...rate });
  let bucket: TokenBucket | undefined = isPaced(rate) ? createTokenBucket(rate, clock) : undefined;
  let waited: { readonly kind: Resource; readonly at: number } | undefined;
  let blockedUntil = 0;
  /** Holds since a call succeeded. */
  let waitCount = 0;
  /** The first refusal since a call succeeded. */
  let refusedSince: number | undefined;
  let blockedSince: number | undefined;
  let inFlight = 0;
  let allowed = Number.POSITIVE_INFINITY;
  /** Calls that were refused go first, in turn: none uses up its retries alone. */
  const first: (() => void)[] = [];
  const others: (() => void)[] = [];
  const recent: boolean[] = [];
  const noticed = new Set<ThrottleNotice['kind']>();

  const admit = (): void => {
    while (inFlight < allowed || closed.aborted) {
      const next = first.shift() ?? others.shift();
      if (!next) return;
      inFlight++;
      next();
    }
  };
  closed.addEventListener('abort', admit, { once: true });

  function notice(which: ThrottleNotice): void {
    if (noticed.has(which.kind)) return;
    noticed.add(which.kind);
    onNotice?.(which);
  }

  function onRefusal({ retryAfterMs, limits: named = {} }: CallEnd): void {
    const now = clock.now();
    refusedSince ??= now;
    const before = rates();
    if (learned.refused(named, retryAfterMs ?? 0)) {
      for (const kind of resources) {
        const perMinute = rates()[kind];
        if (perMinute !== undefined && before[kind] === undefined) notice({ kind, perMinute });
      }
      bucket = createTokenBucket(rates(), clock, false);
      blockedUntil = Math.max(blockedUntil, now + (retryAfterMs ?? firstWaitMs));
      return;
    }
    bucket?.setRate(rates());
    const refusals = recent.filter(Boolean).length;
    if (refusals < 2 || refusals * 2 < recent.length) return;
    // Calls that were in flight when the wait began do not count.
    if (now >= blockedUntil) waitCount++;
    const waitMs = retryAfterMs ?? Math.min(longestHoldMs, firstWaitMs * 2 ** (waitCount - 1));
    blockedUntil = Math.max(blockedUntil, now + waitMs);
    allowed = 1;
    blockedSince ??= now;
    if (blockedUntil - blockedSince > reportAfterMs) notice({ kind: 'waiting' });
  }

  function onSuccess(): void {
    refusedSince = undefined;
    blockedSince = undefined;
    waitCount = 0;
    if (learned.passed()) bucket?.setRate(rates());
    if (allowed < Number.POSITIVE_INFINITY) allowed++;
  }

  async function wait(tokens: number, again: boolean): Promise<void> {
    if (inFlight >= allowed && !closed.aborted)
      await new Promise<void>((resolve) => {
        (again ? first : others).push(resolve);
      });
    else inFlight++;
    for (;;) {
      const left = blockedUntil - clock.now();
      if (left <= 0 || closed.aborted) break;
      await clock.sleep(left, closed);
    }
    if (!bucket || closed.aborted) return;
    const kind = await bucket.take(tokens, closed);
    if (kind === undefined) return;
    waited = { kind, at: clock.now() };
    learned.waitedFor(kind);
  }

  return {
    closed,
    limitsTokens: () => rates().tpm !== undefined,
    pace: () => {
      const perMinute = waited && clock.now() - waited.at < reportedForMs ? rates()[waited.kind] : undefined;
      return waited && perMinute !== undefined ? { kind: waited.kind, perMinute } : undefined;
    },
    close: () => controller.abort(),
    enter: (tokens, again) => {
      const isOpen = closed.aborted || (inFlight < allowed && !bucket && blockedUntil <= clock.now());
      if (!isOpen) return wait(tokens, again);
      inFlight++;
      return undefined;
    },
    leave: (callEnd) => {
      inFlight--;
      recent.push(callEnd.refused);
      if (recent.length > recentCalls) recent.shift();
      // What was refused used nothing. Before it may set another pace: that begins with nothing.
      const used = callEnd.refused ? 0 : callEnd.usedTokens;
      if (bucket && used !== undefined) bucket.settle(callEnd.reservedTokens, used);
      if (callEnd.refused) onRefusal(callEnd);
      else onSuccess();
      admit();
      return refusedSince !== undefined && clock.now() - refusedSince >= hopelessAfterMs;
    },
    cancel: () => {
      inFlight--;
      admit();
    },
  };
}

function isPaced({ rpm, tpm }: Rate): boolean {
  return rpm !== undefined || tpm !== undefined;
}

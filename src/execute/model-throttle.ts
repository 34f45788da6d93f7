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

/** How a call ended, as far as its model's quota is concerned. */
interface CallEnd {
  /** The service refused it for its quota. */
  readonly refused: boolean;
  /** How long it said to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** The limits that the refusal named. */
  readonly limits?: Rate;
  /** Tokens taken on entering, and what the server counted (absent where it did not say). */
  readonly reservedTokens: number;
  readonly usedTokens?: number | undefined;
}

/** Limits the calls of one model: paced by its rate, on hold while its quota is used up, closed when it is gone. */
export interface ModelThrottle {
  /** True while calls are paced by their tokens: others need not count them. */
  readonly limitsTokens: () => boolean;
  /** Waits until a call of so many tokens may start, if it must; one that was refused goes first. Resolves early when the throttle closes. */
  readonly enter: (tokens: number, again: boolean) => Promise<void> | undefined;
  /** To be called once for each entering. True if the service has refused everything for so long that waiting is no use. */
  readonly leave: (passage: CallEnd) => boolean;
  /** A call that entered and was not made. */
  readonly cancel: () => void;
  /** What paces its calls: a resource that they have waited for of late, and how much of it a minute. */
  readonly pace: () => Pace | undefined;
  /** Aborted when no further call may start. */
  readonly closed: AbortSignal;
  readonly close: () => void;
}

/** What slows the calls to a model, told once each. */
export type ThrottleNotice = Pace | { readonly kind: 'held' };

/** Refusals that hold a model for longer than this are told. */
const toldAfterMs = 3000;
/** Completions looked at to tell a used-up quota from a stray refusal. */
const lookedAt = 8;
/** How long a model is on hold after a refusal that names no wait; doubled with each probe that is refused as well. */
const firstHoldMs = 1000;
const longestHoldMs = 120_000;
/** The longest quota that comes back within a run: what a tier may spend is counted over ten minutes ("Rate limits"). */
const hopelessAfterMs = 600_000;
/** How long after a wait for it a pace is shown. */
const shownMs = 60_000;

/**
 * Creates the throttle of a model. A stray refusal delays its own trial alone. When half of the last calls were refused the
 * quota is used up: nothing starts until the wait that was told is over (or a growing one), then one call, and one more
 * with each that passes. A refusal that names the limit begins a pace that grows again (learned-rate.ts). `onNotice` is told
 * of either.
 */
export function createModelThrottle(
  rate: Rate,
  clock: Clock,
  onNotice?: (notice: ThrottleNotice) => void,
): ModelThrottle {
  const controller = new AbortController();
  const closed = controller.signal;
  // Every trial that waits listens; Node warns of the eleventh.
  setMaxListeners(0, closed);
  const told = createLearnedRate(rate, clock);
  const rates = (): Rate => ({ ...told.rate(), ...rate });
  let pacer: TokenBucket | undefined = isPaced(rate) ? createTokenBucket(rate, clock) : undefined;
  let waited: { readonly kind: Resource; readonly at: number } | undefined;
  let heldUntil = 0;
  /** Holds since a call passed. */
  let holds = 0;
  /** The first refusal since a call passed. */
  let refusedSince: number | undefined;
  let heldSince: number | undefined;
  let inFlight = 0;
  let allowed = Number.POSITIVE_INFINITY;
  /** Those that were refused go first, in turn: none of them is to use up its retries alone. */
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

  function refusedNow({ retryAfterMs, limits: named = {} }: CallEnd): void {
    const now = clock.now();
    refusedSince ??= now;
    const before = rates();
    if (told.refused(named, retryAfterMs ?? 0)) {
      for (const kind of resources) {
        const perMinute = rates()[kind];
        if (perMinute !== undefined && before[kind] === undefined) notice({ kind, perMinute });
      }
      pacer = createTokenBucket(rates(), clock, false);
      heldUntil = Math.max(heldUntil, now + (retryAfterMs ?? firstHoldMs));
      return;
    }
    pacer?.setRate(rates());
    const refusals = recent.filter(Boolean).length;
    if (refusals < 2 || refusals * 2 < recent.length) return;
    // What was in flight when the hold began says nothing new.
    if (now >= heldUntil) holds++;
    const waitMs = retryAfterMs ?? Math.min(longestHoldMs, firstHoldMs * 2 ** (holds - 1));
    heldUntil = Math.max(heldUntil, now + waitMs);
    allowed = 1;
    heldSince ??= now;
    if (heldUntil - heldSince > toldAfterMs) notice({ kind: 'held' });
  }

  function passedNow(): void {
    refusedSince = undefined;
    heldSince = undefined;
    holds = 0;
    if (told.passed()) pacer?.setRate(rates());
    if (allowed < Number.POSITIVE_INFINITY) allowed++;
  }

  async function wait(tokens: number, again: boolean): Promise<void> {
    if (inFlight >= allowed && !closed.aborted)
      await new Promise<void>((resolve) => {
        (again ? first : others).push(resolve);
      });
    else inFlight++;
    for (;;) {
      const left = heldUntil - clock.now();
      if (left <= 0 || closed.aborted) break;
      await clock.sleep(left, closed);
    }
    if (!pacer || closed.aborted) return;
    const kind = await pacer.take(tokens, closed);
    if (kind === undefined) return;
    waited = { kind, at: clock.now() };
    told.waitedFor(kind);
  }

  return {
    closed,
    limitsTokens: () => rates().tpm !== undefined,
    pace: () => {
      const perMinute = waited && clock.now() - waited.at < shownMs ? rates()[waited.kind] : undefined;
      return waited && perMinute !== undefined ? { kind: waited.kind, perMinute } : undefined;
    },
    close: () => controller.abort(),
    enter: (tokens, again) => {
      const isOpen = closed.aborted || (inFlight < allowed && !pacer && heldUntil <= clock.now());
      if (!isOpen) return wait(tokens, again);
      inFlight++;
      return undefined;
    },
    leave: (passage) => {
      inFlight--;
      recent.push(passage.refused);
      if (recent.length > lookedAt) recent.shift();
      // What was refused used nothing. Before it may set another pace: that begins with nothing.
      const used = passage.refused ? 0 : passage.usedTokens;
      if (pacer && used !== undefined) pacer.settle(passage.reservedTokens, used);
      if (passage.refused) refusedNow(passage);
      else passedNow();
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

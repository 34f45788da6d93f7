import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import { createPacer, type Pacer, type Rate } from './pace.ts';

/** How a call ended, as far as its model's quota is concerned. */
interface Passage {
  /** The service refused it for its quota. */
  readonly refused: boolean;
  /** How long it said to wait, in ms. */
  readonly toldMs?: number | undefined;
  /** The limits that the refusal named. */
  readonly told?: Rate;
  /** Tokens taken on entering, and what the server counted (absent where it did not say). */
  readonly taken: number;
  readonly counted?: number | undefined;
}

/** The way of all calls to one model: paced, held while its quota is used up, closed when it is gone. */
export interface Lane {
  /** True while calls are paced by their tokens: others need not count them. */
  readonly countsTokens: () => boolean;
  /** Waits until a call of so many tokens may start, if it must; one that was refused goes first. Resolves early when the lane closes. */
  readonly enter: (tokens: number, again: boolean) => Promise<void> | undefined;
  /** To be called once for each entering. */
  readonly leave: (passage: Passage) => void;
  /** A call that entered and was not made. */
  readonly withdraw: () => void;
  /** Aborted when no further call may start. */
  readonly closing: AbortSignal;
  readonly close: () => void;
}

/** What slows the calls to a model, told once each. */
export type LaneNotice =
  | { readonly kind: 'rpm' | 'tpm'; readonly perMinute: number }
  | { readonly kind: 'held' };

/** Refusals that hold a lane for longer than this are told. */
const toldAfterMs = 3000;
/** Completions looked at to tell a used-up quota from a stray refusal. */
const lookedAt = 8;

/**
 * Opens the lane of a model. A stray refusal delays its own trial alone. When half of the last calls were refused the
 * quota is used up: nothing starts until the wait that was told is over, then one call, and one more with each that
 * passes. A refusal that names the limit sets the pace from then on. `onNotice` is told of either.
 */
export function createLane(rate: Rate, clock: Clock, onNotice?: (notice: LaneNotice) => void): Lane {
  const controller = new AbortController();
  const closing = controller.signal;
  // Every trial that waits listens; Node warns of the eleventh.
  setMaxListeners(0, closing);
  let known = rate;
  let pacer: Pacer | undefined = isPaced(rate) ? createPacer(rate, clock) : undefined;
  let heldUntil = 0;
  let inFlight = 0;
  let allowed = Number.POSITIVE_INFINITY;
  const waiting: (() => void)[] = [];
  const recent: boolean[] = [];
  const noticed = new Set<LaneNotice['kind']>();
  let heldSince: number | undefined;

  const admit = (): void => {
    while (waiting.length > 0 && (inFlight < allowed || closing.aborted)) {
      inFlight++;
      waiting.shift()?.();
    }
  };
  closing.addEventListener('abort', admit, { once: true });

  function notice(told: LaneNotice): void {
    if (noticed.has(told.kind)) return;
    noticed.add(told.kind);
    onNotice?.(told);
  }

  function refusedNow({ toldMs = 1000, told = {} }: Passage): void {
    const fresh = { ...told, ...known };
    if (fresh.rpm !== known.rpm || fresh.tpm !== known.tpm) {
      for (const kind of ['rpm', 'tpm'] as const) {
        const perMinute = fresh[kind];
        if (perMinute !== undefined && perMinute !== known[kind]) notice({ kind, perMinute });
      }
      known = fresh;
      pacer = createPacer(known, clock, false);
      heldUntil = Math.max(heldUntil, clock.now() + toldMs);
      return;
    }
    const refusals = recent.filter(Boolean).length;
    if (refusals < 2 || refusals * 2 < recent.length) return;
    heldUntil = Math.max(heldUntil, clock.now() + toldMs);
    allowed = 1;
    heldSince ??= clock.now();
    if (heldUntil - heldSince > toldAfterMs) notice({ kind: 'held' });
  }

  async function wait(tokens: number, again: boolean): Promise<void> {
    if (inFlight >= allowed && !closing.aborted)
      await new Promise<void>((resolve) => {
        if (again) waiting.unshift(resolve);
        else waiting.push(resolve);
      });
    else inFlight++;
    for (;;) {
      const left = heldUntil - clock.now();
      if (left <= 0 || closing.aborted) break;
      await clock.sleep(left, closing);
    }
    if (pacer && !closing.aborted) await pacer.take(tokens, closing);
  }

  return {
    closing,
    countsTokens: () => known.tpm !== undefined,
    close: () => controller.abort(),
    enter: (tokens, again) => {
      const isOpen = closing.aborted || (inFlight < allowed && !pacer && heldUntil <= clock.now());
      if (!isOpen) return wait(tokens, again);
      inFlight++;
      return undefined;
    },
    leave: (passage) => {
      inFlight--;
      recent.push(passage.refused);
      if (recent.length > lookedAt) recent.shift();
      // What was refused used nothing. Before it may set another pace: that begins with nothing.
      const used = passage.refused ? 0 : passage.counted;
      if (pacer && used !== undefined) pacer.settle(passage.taken, used);
      if (!passage.refused) heldSince = undefined;
      if (passage.refused) refusedNow(passage);
      else if (allowed < Number.POSITIVE_INFINITY) allowed++;
      admit();
    },
    withdraw: () => {
      inFlight--;
      admit();
    },
  };
}

function isPaced({ rpm, tpm }: Rate): boolean {
  return rpm !== undefined || tpm !== undefined;
}

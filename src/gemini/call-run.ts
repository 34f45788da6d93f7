import { timerMs } from '../lib/timer.ts';

/** The calls that each signal cancels: one listener a signal, since Node warns of the eleventh and hundreds are in flight. */
const followers = new WeakMap<AbortSignal, Set<CallRun>>();

function follow(signal: AbortSignal, run: CallRun): void {
  let runs = followers.get(signal);
  if (!runs) {
    const all = new Set<CallRun>();
    signal.addEventListener('abort', () => all.forEach((each) => each.stop('cancelled')), { once: true });
    followers.set(signal, (runs = all));
  }
  runs.add(run);
}

/** How a call was ended by our own doing. */
export type Ended = 'timeout' | 'firstByte' | 'idle' | 'cancelled';

/** Bounds on a call, in ms; of those on its steps, what is absent bounds nothing. */
interface CallBounds {
  readonly timeoutMs: number;
  /** From sending to the head of the response. */
  readonly firstByteTimeoutMs?: number;
  /** From one piece of the response to the next. */
  readonly idleTimeoutMs?: number;
}

/** The request of a call that is under way: something that can be broken off. */
export interface UnderWay {
  /** `sent` tells whether it has gone out. */
  readonly breakOff: (sent: boolean) => void;
}

/**
 * The life of one call: its clock, what may end it early, and how far it came. Its clock starts when it is made; it ends
 * after `timeoutMs`, when a bound on a step is passed, or when `outer` is aborted.
 */
export class CallRun {
  /** True once the request under way went out: from then on a server may have done what it asks. */
  sent = false;
  /** Of the response under way, once its headers are there. */
  status: number | undefined;
  ended: Ended | undefined;
  readonly timeoutMs: number;
  readonly #bounds: CallBounds;
  readonly #outer: AbortSignal | undefined;
  readonly #started = performance.now();
  readonly #whole: NodeJS.Timeout;
  /** Bounds the step under way. */
  #step: NodeJS.Timeout | undefined;
  /** Steps so far: a timer that finds more than it knew was late itself. */
  #steps = 0;
  #underWay: UnderWay | undefined;

  constructor(bounds: CallBounds, outer?: AbortSignal) {
    this.#bounds = bounds;
    this.timeoutMs = bounds.timeoutMs;
    this.#outer = outer;
    this.#whole = setTimeout(stopWhole, timerMs(bounds.timeoutMs), this);
    if (outer?.aborted) this.stop('cancelled');
    else if (outer) follow(outer, this);
  }

  /** Milliseconds since the call began, to the microsecond. */
  elapsed(): number {
    return Math.round((performance.now() - this.#started) * 1000) / 1000;
  }

  /** A request waits for its connection. */
  wait(underWay: UnderWay): void {
    this.sent = false;
    this.status = undefined;
    this.#underWay = underWay;
  }

  /** The request is being written. */
  begin(): void {
    this.sent = true;
    this.#await('firstByte', this.#bounds.firstByteTimeoutMs);
  }

  /** The head of the response is there. */
  answered(): void {
    this.#await('idle', this.#bounds.idleTimeoutMs);
  }

  /** A piece of the response is there. */
  received(): void {
    this.#steps++;
    this.#step?.refresh();
  }

  /** The response is whole, or the call is over: nothing is waited for any more. */
  settle(): void {
    this.#steps++;
    this.#underWay = undefined;
    if (!this.#step) return;
    clearTimeout(this.#step);
    this.#step = undefined;
  }

  /** Ends the call, for the first reason that there was. */
  stop(why: Ended): void {
    this.ended ??= why;
    const underWay = this.#underWay;
    this.settle();
    underWay?.breakOff(this.sent);
  }

  /** The call is over. */
  end(): void {
    clearTimeout(this.#whole);
    this.settle();
    if (this.#outer) followers.get(this.#outer)?.delete(this);
  }

  #await(step: 'firstByte' | 'idle', ms: number | undefined): void {
    this.#steps++;
    clearTimeout(this.#step);
    this.#step = undefined;
    if (ms === undefined) return;
    const passed = (): void => {
      const steps = this.#steps;
      // Where the process was busy, what came meanwhile is read before it is judged.
      setImmediate(() => {
        if (steps === this.#steps) this.stop(step);
      });
    };
    this.#step = setTimeout(passed, timerMs(ms));
  }
}

const stopWhole = (run: CallRun): void => run.stop('timeout');

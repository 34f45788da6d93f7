import { EventEmitter } from 'node:events';

/** Beyond it Node's timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What each signal cancels: one listener a signal, since Node warns of the eleventh and hundreds are in flight. */
const followers = new WeakMap<AbortSignal, Set<() => void>>();

function follow(signal: AbortSignal, cancel: () => void): void {
  let cancels = followers.get(signal);
  if (!cancels) {
    const all = new Set<() => void>();
    signal.addEventListener('abort', () => all.forEach((each) => each()), { once: true });
    followers.set(signal, (cancels = all));
  }
  cancels.add(cancel);
}

/** How a call was ended by our own doing. */
export type Ended = 'timeout' | 'firstByte' | 'idle' | 'cancelled';

/** Bounds on the steps of a request, in ms; absent: only the whole call's bound holds. */
interface StepBounds {
  /** From sending to the head of the response. */
  readonly firstByteTimeoutMs?: number;
  /** From one piece of the response to the next. */
  readonly idleTimeoutMs?: number;
}

/** Ends a call early. The HTTP client takes it for an AbortSignal, which would be dearer to make for every call. */
export class CallSignal extends EventEmitter {
  aborted = false;
  /** True once the request under way went out: from then on a server may have done what it asks. */
  sent = false;
  ended?: Ended;
  #timer: NodeJS.Timeout | undefined;
  /** Steps so far: a timer that finds more than it knew was late itself. */
  #steps = 0;
  #giveUp: (() => void) | undefined;
  readonly #bounds: StepBounds;

  constructor(bounds: StepBounds) {
    super();
    this.#bounds = bounds;
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
    this.#timer?.refresh();
  }

  /** The response is whole, or the call is over: nothing is waited for any more. */
  settle(): void {
    this.#steps++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the call, for the first reason that there was. */
  stop(why: Ended): void {
    this.ended ??= why;
    this.settle();
    this.abort();
    if (!this.sent) this.#giveUp?.();
  }

  /**
   * Waits for an answer, but not for the connection that a request needs before it goes out: the HTTP client ends a
   * request that waits only when there is one, or none can be made.
   */
  unlessUnsent<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => reject(new Error('ended before there was a connection'));
      if (this.aborted) this.#giveUp();
      answer.then(resolve, reject);
    });
  }

  #await(step: 'firstByte' | 'idle', ms: number | undefined): void {
    this.settle();
    if (ms === undefined) return;
    const passed = (): void => {
      const steps = this.#steps;
      // Where the process was busy, what came meanwhile is read before it is judged.
      setImmediate(() => {
        if (steps === this.#steps) this.stop(step);
      });
    };
    this.#timer = setTimeout(passed, Math.min(ms, longestTimerMs));
  }

  abort(): void {
    this.aborted = true;
    this.emit('abort');
  }
}

/** The life of one call: its clock, what may end it early, and how far it came. */
export interface CallRun {
  readonly signal: CallSignal;
  readonly timeoutMs: number;
  ended(): Ended | undefined;
  /** Of the request under way, once its headers are there. */
  status?: number | undefined;
  /** Whether the request under way went out. */
  sent(): boolean;
  elapsed(): number;
  end(): void;
}

/** Starts the clock of a call that ends after `timeoutMs`, when a bound on a step is passed, or when `outer` is aborted. */
export function startRun(
  { timeoutMs, ...bounds }: StepBounds & { readonly timeoutMs: number },
  outer: AbortSignal | undefined,
): CallRun {
  const started = performance.now();
  const signal = new CallSignal(bounds);
  const cancel = () => signal.stop('cancelled');
  const timer = setTimeout(() => signal.stop('timeout'), Math.min(timeoutMs, longestTimerMs));
  const run: CallRun = {
    signal,
    timeoutMs,
    sent: () => signal.sent,
    ended: () => signal.ended,
    elapsed: () => Math.round((performance.now() - started) * 1000) / 1000,
    end: () => {
      clearTimeout(timer);
      signal.settle();
      if (outer) followers.get(outer)?.delete(cancel);
    },
  };
  if (outer?.aborted) cancel();
  else if (outer) follow(outer, cancel);
  return run;
}

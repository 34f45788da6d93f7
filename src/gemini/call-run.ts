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

/** Ends a call early. The HTTP client takes it for an AbortSignal, which would be dearer to make for every call. */
export class CallSignal extends EventEmitter {
  aborted = false;
  /** True once the request under way went out: from then on a server may have done what it asks. */
  sent = false;

  abort(): void {
    this.aborted = true;
    this.emit('abort');
  }
}

/** The life of one call: its clock, what may end it early, and how far it came. */
export interface CallRun {
  readonly signal: CallSignal;
  readonly timeoutMs: number;
  ended?: 'timeout' | 'cancelled';
  /** Of the request under way, once its headers are there. */
  status?: number | undefined;
  /** Whether the request under way went out. */
  sent(): boolean;
  elapsed(): number;
  end(): void;
}

/** Starts the clock of a call that ends after `timeoutMs`, or when `outer` is aborted. */
export function startRun(timeoutMs: number, outer: AbortSignal | undefined): CallRun {
  const started = performance.now();
  const signal = new CallSignal();
  const stop = (why: 'timeout' | 'cancelled') => {
    run.ended ??= why;
    signal.abort();
  };
  const cancel = () => stop('cancelled');
  const timer = setTimeout(stop, Math.min(timeoutMs, longestTimerMs), 'timeout');
  const run: CallRun = {
    signal,
    timeoutMs,
    sent: () => signal.sent,
    elapsed: () => Math.round((performance.now() - started) * 1000) / 1000,
    end: () => {
      clearTimeout(timer);
      if (outer) followers.get(outer)?.delete(cancel);
    },
  };
  if (outer?.aborted) cancel();
  else if (outer) follow(outer, cancel);
  return run;
}

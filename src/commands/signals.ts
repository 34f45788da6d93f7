import type { Context } from './context.ts';

/** The user's wish to stop: the first SIGINT or SIGTERM aborts `signal`, the second ends the process at once. */
export function onInterrupt(context: Context): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const stop = (): void => {
    // What is in the journal is whole lines already; nothing is left to save.
    if (controller.signal.aborted) process.exit(130);
    context.err.write('\ninterrupted: waiting for the calls in flight (once more to stop at once)\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

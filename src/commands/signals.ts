import type { Output } from './output.ts';

/** The user's wish to stop: the first SIGINT or SIGTERM aborts, the second ends the process at once. Ends when the result is called. */
export function onInterrupt(err: Output, controller: AbortController): () => void {
  const stop = (): void => {
    // What is in the journal is whole lines already; nothing is left to save.
    if (controller.signal.aborted) process.exit(130);
    err.write('\nInterrupted. Finishing calls in flight; press Ctrl-C again to stop now.\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}

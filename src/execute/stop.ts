import { setMaxListeners } from 'node:events';
import type { EndReason } from '../journal/record.ts';

/** Why and how far a run is to stop. */
export interface Stop {
  /** Aborted when no new call may start. */
  readonly stopping: AbortSignal;
  /** Aborted when calls in flight must end. */
  readonly ending: AbortSignal;
  /** Stops the run; the first reason stands. `message` is one stable sentence. */
  readonly stop: (reason: EndReason, message?: string) => void;
  /** Stops what is left for one model. */
  readonly stopModel: (model: string, message: string) => void;
  /** Ends calls in flight too: what they would answer could not be kept. */
  readonly abandon: () => void;
  readonly outcome: () => {
    readonly reason: EndReason;
    readonly message?: string;
    readonly stoppedModels?: Readonly<Record<string, string>>;
  };
  readonly isStopped: (model: string | undefined) => boolean;
}

/** How long calls in flight may take to end after an interruption. */
const graceMs = 10_000;

/** Watches the user's wish to stop (`signal`) and takes the run's own. */
export function watchStop(signal: AbortSignal): Stop & { readonly release: () => void } {
  const stopping = new AbortController();
  const ending = new AbortController();
  setMaxListeners(0, stopping.signal, ending.signal);
  let first: { reason: EndReason; message?: string } | undefined;
  const models = new Map<string, string>();
  let grace: NodeJS.Timeout | undefined;
  const stop: Stop['stop'] = (reason, message) => {
    if (first) return;
    first = { reason, ...(message === undefined ? {} : { message }) };
    stopping.abort();
  };
  const interrupted = (): void => {
    stop('interrupted', 'the run was interrupted');
    grace = setTimeout(() => ending.abort(), graceMs);
  };
  if (signal.aborted) interrupted();
  else signal.addEventListener('abort', interrupted, { once: true });
  return {
    stopping: stopping.signal,
    ending: ending.signal,
    stop,
    stopModel: (model, message) => {
      if (!models.has(model)) models.set(model, message);
    },
    abandon: () => {
      stop('stopped');
      ending.abort();
    },
    isStopped: (model) => stopping.signal.aborted || models.has(model ?? ''),
    outcome: () => ({
      ...(first ?? (models.size > 0 ? { reason: 'stopped' as const } : { reason: 'done' as const })),
      ...(models.size > 0 ? { stoppedModels: Object.fromEntries(models) } : {}),
    }),
    release: () => {
      clearTimeout(grace);
      signal.removeEventListener('abort', interrupted);
    },
  };
}

import { setMaxListeners } from 'node:events';
import type { Cause } from '../gemini/cause.ts';
import type { EndReason } from '../journal/record.ts';

/** Why and how far a run is to stop. */
export interface Stop {
  /** Aborted when no new call may start. */
  readonly stopping: AbortSignal;
  /** Aborted when calls in flight must end. */
  readonly ending: AbortSignal;
  /** Stops the run; the first reason stands. `message` is one stable sentence, `cause` why the service refuses all calls. */
  readonly stop: (reason: EndReason, message?: string, cause?: Cause) => void;
  /** Stops what is left for one model; the first reason stands. */
  readonly stopModel: (model: string, message: string, cause?: Cause) => void;
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

/** Told why the service refuses all calls of the run, or of one model. */
export type OnRefused = (cause: Cause, model?: string) => void;

/** Watches the user's wish to stop (`signal`) and takes the run's own. */
export function watchStop(
  signal: AbortSignal,
  onRefused?: OnRefused,
): Stop & { readonly release: () => void } {
  const stopping = new AbortController();
  const ending = new AbortController();
  setMaxListeners(0, stopping.signal, ending.signal);
  let first: { reason: EndReason; message?: string } | undefined;
  const models = new Map<string, string>();
  let grace: NodeJS.Timeout | undefined;
  const stop: Stop['stop'] = (reason, message, cause) => {
    if (first) return;
    if (cause) onRefused?.(cause);
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
    stopModel: (model, message, cause) => {
      if (models.has(model)) return;
      if (cause) onRefused?.(cause, model);
      models.set(model, message);
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

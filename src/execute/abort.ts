import { setMaxListeners } from 'node:events';
import type { Cause } from '../gemini/cause.ts';
import type { EndReason } from '../journal/record.ts';

/** Whether, why and how far a run stops before its work is done. */
export interface RunAbort {
  /** Aborted when no new call may start. */
  readonly drain: AbortSignal;
  /** Aborted when calls in flight must end. */
  readonly kill: AbortSignal;
  /** Stops the run; the first reason counts. `message` is one stable sentence, `cause` why the service refuses all calls. */
  readonly stop: (reason: EndReason, message?: string, cause?: Cause) => void;
  /** Stops the rest of one model; the first reason counts. */
  readonly stopModel: (model: string, message: string, cause?: Cause) => void;
  /** Stops the run and its calls in flight: their replies could not be written. */
  readonly killCalls: () => void;
  readonly isStopped: (model: string | undefined) => boolean;
  readonly outcome: () => {
    readonly reason: EndReason;
    readonly message?: string;
    readonly stoppedModels?: Readonly<Record<string, string>>;
  };
  /** Why the service refused all calls, by model; `''` for the whole run. */
  readonly causes: ReadonlyMap<string, Cause>;
  /** Listens to the user no more. */
  readonly release: () => void;
}

/** How long calls in flight may take to end after an interruption. */
const graceMs = 10_000;

/** Stops when the user does (`signal`), or when the run itself asks for it. */
export function createRunAbort(signal: AbortSignal): RunAbort {
  const drain = new AbortController();
  const kill = new AbortController();
  setMaxListeners(0, drain.signal, kill.signal);
  let first: { reason: EndReason; message?: string } | undefined;
  const models = new Map<string, string>();
  const causes = new Map<string, Cause>();
  let grace: NodeJS.Timeout | undefined;
  const stop: RunAbort['stop'] = (reason, message, cause) => {
    if (first) return;
    if (cause) causes.set('', cause);
    first = { reason, ...(message === undefined ? {} : { message }) };
    drain.abort();
  };
  const interrupted = (): void => {
    stop('interrupted', 'the run was interrupted');
    grace = setTimeout(() => kill.abort(), graceMs);
  };
  if (signal.aborted) interrupted();
  else signal.addEventListener('abort', interrupted, { once: true });
  return {
    drain: drain.signal,
    kill: kill.signal,
    stop,
    stopModel: (model, message, cause) => {
      if (models.has(model)) return;
      if (cause) causes.set(model, cause);
      models.set(model, message);
    },
    killCalls: () => {
      stop('stopped');
      kill.abort();
    },
    isStopped: (model) => drain.signal.aborted || models.has(model ?? ''),
    outcome: () => ({
      ...(first ?? { reason: models.size > 0 ? 'stopped' : 'done' }),
      ...(models.size > 0 ? { stoppedModels: Object.fromEntries(models) } : {}),
    }),
    causes,
    release: () => {
      clearTimeout(grace);
      signal.removeEventListener('abort', interrupted);
    },
  };
}

import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';

/** The longest wait of Node's timers, in ms: a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** A bound in ms as a timer takes it; no call reaches {@link longestMs}, 24 days. */
export const timerMs = (ms: number): number => Math.min(ms, longestMs);

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The head of a response, and its body still to be read. */
export type Response = Dispatcher.ResponseData<Call>;

/** Why we ended a call. */
export type EarlyEnd = 'timeout' | 'cancelled';

/** One call under way: its clock, what ends it early, and how far it came. Ends after `timeoutMs`, or when `outer` is aborted. */
export class Call {
  /** True once the request under way went out: from then on a server may have done what it asks. */
  sent = false;
  /** Of the response under way, once its headers are there. */
  status: number | undefined;
  ended: EarlyEnd | undefined;
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #cancel = (): void => this.#stop('cancelled');

  constructor(timeoutMs: number, outer?: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.#outer = outer;
    this.#timer = setTimeout(() => this.#stop('timeout'), timerMs(timeoutMs));
    if (outer?.aborted) this.#cancel();
    else if (outer) {
      // Hundreds of calls may be in flight; Node warns of the eleventh listener.
      setMaxListeners(0, outer);
      outer.addEventListener('abort', this.#cancel, { once: true });
    }
  }

  /** Aborted when the call ends early. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds since the call began, to the microsecond. */
  elapsed(): number {
    return Math.round((performance.now() - this.#started) * 1000) / 1000;
  }

  /** The call is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#cancel);
  }

  #stop(why: EarlyEnd): void {
    this.ended ??= why;
    this.#controller.abort(new Error('the call was ended'));
  }
}

/** Sends one request of a call, and resolves with the head of its response; rejects with what the HTTP client throws. */
export async function send(
  client: Dispatcher,
  request: Pick<Dispatcher.RequestOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>,
  call: Call,
): Promise<Response> {
  call.sent = false;
  call.status = undefined;
  const { signal } = call;
  signal.throwIfAborted();
  // The client ends a request that waits for a connection only when there is one. The call does not wait for that.
  const response = await new Promise<Response>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    client.request({ ...request, signal, opaque: call }).then(resolve, reject);
  });
  // An error of a body that nobody reads to its end must not end the process.
  response.body.on('error', () => {});
  call.status = response.statusCode;
  return response;
}

/** An interceptor for {@link send}: it notes when a request goes out. */
export const noteSent: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (controller, context) => {
      const { opaque } = options as { opaque?: unknown };
      if (opaque instanceof Call && !opaque.ended) opaque.sent = true;
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  });

import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';

/** The longest wait, in ms, that Node's timers can do: a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** A bound in ms as a timer takes it: what is beyond {@link longestMs}, 24 days, is never reached by a call. */
export const timerMs = (ms: number): number => Math.min(ms, longestMs);

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The head of a response, and its body still to be read. */
export type Response = Dispatcher.ResponseData<Call>;

/** How a call was ended by our own doing. */
export type Ended = 'timeout' | 'cancelled';

/** One call under way: its clock, what ends it early, and how far it came. Ends after `timeoutMs`, or when `outer` is aborted. */
export class Call {
  /** True once the request under way went out: from then on a server may have done what it asks. */
  sent = false;
  /** Of the response under way, once its headers are there. */
  status: number | undefined;
  ended: Ended | undefined;
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

  #stop(why: Ended): void {
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
  // The client ends a request that waits for its connection only when there is one: the call need not wait for that.
  const response = await new Promise<Response>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    client.request({ ...request, signal, opaque: call }).then(resolve, reject);
  });
  // A body that nobody reads to its end must not bring the process down.
  response.body.on('error', () => {});
  call.status = response.statusCode;
  return response;
}

/** An interceptor for {@link send}: it notes when a request goes out, which the client tells nobody else. */
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

import { CallSignal } from './call-run.ts';

/** What the HTTP client tells of a request and its response, as far as it matters here. */
interface Told {
  onRequestStart?(controller: unknown, context: unknown): void;
  onRequestUpgrade?(controller: unknown, ...more: unknown[]): void;
  onResponseStart?(controller: unknown, status: number, ...more: unknown[]): void;
  onResponseData?(controller: unknown, piece: unknown): void;
  onResponseEnd?(controller: unknown, trailers: unknown): void;
  onResponseError?(controller: unknown, error: unknown): void;
}

/** Goes between the HTTP client and a call, whose signal is told how far its request has come on the wire. */
export function watched<Options, Handler extends Told>(
  dispatch: (options: Options, handler: Handler) => boolean,
): (options: Options, handler: Handler) => boolean {
  return (options, handler) => {
    const { signal } = options as { readonly signal?: unknown };
    if (!(signal instanceof CallSignal)) return dispatch(options, handler);
    const told: Told = {
      onRequestStart: (controller, context) => {
        handler.onRequestStart?.(controller, context);
        // Of a call that was ended while it waited for its connection, nothing is written.
        if (!signal.aborted) signal.begin();
      },
      onRequestUpgrade: (...all) => handler.onRequestUpgrade?.(...all),
      onResponseStart: (controller, status, ...more) => {
        // "100 Continue" and its like come before the response.
        if (status >= 200) signal.answered();
        handler.onResponseStart?.(controller, status, ...more);
      },
      onResponseData: (controller, piece) => {
        signal.received();
        handler.onResponseData?.(controller, piece);
      },
      onResponseEnd: (controller, trailers) => {
        signal.settle();
        handler.onResponseEnd?.(controller, trailers);
      },
      onResponseError: (...all) => handler.onResponseError?.(...all),
    };
    return dispatch(options, told as Handler);
  };
}

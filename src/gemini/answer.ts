import type { Dispatcher } from 'undici';
import type { CallRun } from './call-run.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A response over HTTP, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body; empty where a reader took it, and of a redirect. */
  readonly bytes: Buffer;
  /** Why the body broke off, where a reader took what came before. */
  readonly broken?: unknown;
}

/** Takes the body of a success piece by piece. */
interface BodyReader {
  readonly feed: (piece: Uint8Array) => void;
  /** True where reading on is of no use. */
  readonly failed: () => boolean;
}

/**
 * Sends one request and reads its answer; `run` is told how far it came, and may break it off. Rejects with what the HTTP
 * client throws; but once a `reader` has the head of a success, the answer tells of what followed.
 */
export function answerOf(
  client: Dispatcher,
  request: Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>,
  run: CallRun,
  reader?: BodyReader,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answering = new Answering(run, reader, resolve, reject);
    run.wait(answering);
    if (run.ended) answering.breakOff(false);
    else client.dispatch(request, answering);
  });
}

/** Where a response sends its reader on to, as it stands there; undefined where it does not. */
export function redirectOf({
  status,
  headers: { location },
}: Pick<Answer, 'status' | 'headers'>): string | undefined {
  return status >= 301 && status <= 308 && typeof location === 'string' ? location : undefined;
}

/** Bytes of a redirect's body that are read, to keep its connection for the next request; a longer one is broken off. */
const maxRedirectBytes = 128 * 1024;

const ended = (): Error => new Error('the call was ended');

/**
 * Hears what the HTTP client tells of a request. It lets go of all it holds when it is done: the client's own objects, by
 * which it is known, may stay for some while.
 */
class Answering implements Dispatcher.DispatchHandler {
  readonly #run: CallRun;
  #reader: BodyReader | undefined;
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Headers = {};
  #bytes: Buffer | undefined;
  /** What came after the first piece of the body. */
  #more: Buffer[] | undefined;
  /** Bytes of a redirect's body, of which nothing is wanted; undefined for other answers. */
  #dropped: number | undefined;

  constructor(
    run: CallRun,
    reader: BodyReader | undefined,
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#run = run;
    this.#reader = reader;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The client ends a request that waits for its connection only when there is one, or none can be made: who waits for the answer need not. */
  breakOff(sent: boolean): void {
    if (sent) this.#controller?.abort(ended());
    else this.#fail(ended());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Of a call that was ended while it waited for its connection, nothing is written.
    if (!this.#resolve) {
      controller.abort(ended());
      return;
    }
    this.#controller = controller;
    this.#run.begin();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // "100 Continue" and its like come before the response.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#run.status = status;
    if (status >= 300) this.#reader = undefined;
    if (redirectOf({ status, headers }) !== undefined) this.#dropped = 0;
    this.#run.answered();
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#run.received();
    if (this.#dropped !== undefined) {
      this.#dropped += piece.length;
      if (this.#dropped > maxRedirectBytes) this.#finishEarly(controller);
      return;
    }
    if (!this.#reader) {
      if (!this.#bytes) this.#bytes = piece;
      else (this.#more ??= []).push(piece);
      return;
    }
    this.#reader.feed(piece);
    if (this.#reader.failed()) this.#finishEarly(controller);
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#dropped !== undefined && !this.#run.ended) this.#finish();
    else if (this.#status > 0 && this.#reader) this.#finish(error);
    else this.#fail(error);
  }

  #finishEarly(controller: Dispatcher.DispatchController): void {
    this.#finish();
    controller.abort(ended());
  }

  #finish(broken?: unknown): void {
    const resolve = this.#resolve;
    const answer = {
      status: this.#status,
      headers: this.#headers,
      bytes: this.#body(),
      ...(broken === undefined ? {} : { broken }),
    };
    this.#letGo();
    resolve?.(answer);
  }

  #fail(error: unknown): void {
    const reject = this.#reject;
    this.#letGo();
    reject?.(error);
  }

  #body(): Buffer {
    if (!this.#bytes) return nothing;
    return this.#more ? Buffer.concat([this.#bytes, ...this.#more]) : this.#bytes;
  }

  #letGo(): void {
    if (this.#resolve) this.#run.settle();
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#reader = undefined;
    this.#controller = undefined;
    this.#bytes = undefined;
    this.#more = undefined;
    this.#headers = none;
  }
}

const nothing = Buffer.alloc(0);
const none: Headers = {};

import type { Dispatcher } from 'undici';
import type { CallRun } from './call-run.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A response over HTTP, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body; empty where a reader took it. */
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
    this.#run.answered();
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#run.received();
    if (!this.#reader) {
      if (!this.#bytes) this.#bytes = piece;
      else (this.#more ??= []).push(piece);
      return;
    }
    this.#reader.feed(piece);
    if (!this.#reader.failed()) return;
    this.#finish();
    controller.abort(ended());
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status > 0 && this.#reader) this.#finish(error);
    else this.#fail(error);
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

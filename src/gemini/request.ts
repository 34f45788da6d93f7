import type { JsonValue } from '../lib/json.ts';
import type { Media } from './media.ts';
import type { Method } from './methods.ts';

/** A request body: JSON, in which the data of media parts is a {@link Media}. */
export type BodyValue = string | number | boolean | null | Media | BodyValue[] | { [key: string]: BodyValue };
export type Body = { [key: string]: BodyValue };

/** One call to make. `model` is the bare id (`gemini-3.8-flash`); absent for models.list. */
export interface GeminiRequest {
  readonly method: Method;
  readonly model?: string;
  /** Absent for models.get and models.list. */
  readonly body?: Body;
}

/**
 * What a trial sends. Usually one call; in a conversation `contents` has turns `{ role: 'model' }` without parts: the
 * model is called for each, and its content fills the turn. A user turn at the end is the last call.
 */
export interface Conversation extends GeminiRequest {
  /** Indices into `body.contents` of the empty model turns, ascending; empty for an ordinary call. */
  readonly asks: readonly number[];
}

/** How one HTTP call ended without a usable HTTP reply. */
export interface TransportFailure {
  /** `connect`, `untrusted` (the server's certificate), `reset`, `timeout`, `cut` (body ended early), `malformed` (not JSON), `redirect`, `cancelled`, `unrecorded` (a cassette has no such reply), `inexact-number` (a reply holds a number that could not be sent back as it is). */
  readonly kind:
    | 'connect'
    | 'untrusted'
    | 'reset'
    | 'timeout'
    | 'cut'
    | 'malformed'
    | 'redirect'
    | 'cancelled'
    | 'unrecorded'
    | 'inexact-number';
  /** One sentence, without key or URL query. */
  readonly message: string;
  /** True where it failed before the request went out: nothing was sent. */
  readonly unsent?: boolean;
}

/**
 * The raw result of one call (after paging and stream reassembly), as the journal keeps it.
 * A stream is reassembled to the body that the unstreamed call would have given.
 */
export interface Exchange {
  /** HTTP status of the last response; absent when none arrived. */
  readonly status?: number;
  /** Decoded JSON body. For an error inside a 200 stream: the error body, with `streamError` set. */
  readonly body?: JsonValue;
  /** The first 2,000 characters of a body that is not JSON. */
  readonly text?: string;
  readonly failure?: TransportFailure;
  /** True when a 200 stream carried an error object, or ended before every candidate had a finishReason. */
  readonly streamError?: boolean;
  readonly incomplete?: boolean;
  /** SSE events read (streams only). */
  readonly chunks?: number;
  /** Milliseconds from sending to the first event with visible text or any part (streams only). */
  readonly firstTokenMs?: number;
  /** Milliseconds from sending to the end of the body. */
  readonly totalMs: number;
  /** Wait the server asked for, in ms, from RetryInfo, Retry-After or the message's "retry in". */
  readonly retryAfterMs?: number;
}

import type { Exchange, GeminiRequest } from '../gemini/request.ts';

/** What a call has been allowed to cost, until it is known what it did. */
export interface Held {
  /** Replaces the worst case by what the reply says was used; the worst case stands where it does not say. */
  readonly settle: (exchange: Exchange) => void;
  /** The call was not made. */
  readonly release: () => void;
}

/** Money and tokens of a run, with a ceiling. */
export interface Purse {
  /**
   * Sets the worst case of a call aside, waiting for calls in flight to settle where that may make room. Undefined when
   * there is no room: the purse has then stopped the run.
   */
  readonly reserve: (request: GeminiRequest, signal: AbortSignal) => Promise<Held | undefined>;
}

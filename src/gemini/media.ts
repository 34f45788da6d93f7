/** Bytes of a request at most: the API's bound, which counts media as base64. */
export const mostRequestBytes = 100 * 1024 * 1024;

/**
 * A media file of a request: its bytes are in memory once, as base64, for all requests.
 * Stands in a request body where the API wants the `data` of an `inlineData` part; JSON.stringify writes the base64.
 */
export class Media {
  /** IANA media type, for example `image/png`. */
  readonly mimeType: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string;
  /** Bytes, before base64. */
  readonly size: number;
  readonly #base64: string;

  constructor(mimeType: string, digest: string, size: number, base64: string) {
    this.mimeType = mimeType;
    this.digest = digest;
    this.size = size;
    this.#base64 = base64;
  }

  toJSON(): string {
    return this.#base64;
  }
}

import { decodeReply } from './decode.ts';
import { classify, readError, type Classification } from './errors.ts';
import { isBilled, type Method } from './methods.ts';
import type { ApiError, Reply } from './reply.ts';
import type { Exchange } from './request.ts';

/** What one call came to: its exchange, and all that is read from it. */
export interface CallResult {
  readonly exchange: Exchange;
  readonly reply: Reply;
  readonly classification: Classification;
  /** Sent and paid for, and its reply did not come whole: it may have used all that it was allowed. */
  readonly costUnknown: boolean;
}

/** Reads an exchange: of a call that was just made, of a journal, a cassette or the cache. */
export function readExchange(method: Method, exchange: Exchange): CallResult {
  const error = readError(exchange);
  const classification = classify(exchange, error);
  return {
    exchange,
    reply: decodeReply(method, exchange, error),
    classification,
    costUnknown: isBilled({ method }) && classification.kind !== 'ok' && mayHaveCost(exchange, error),
  };
}

/** Failures of a call that no service has taken: nothing was done for them. */
const untaken: readonly string[] = ['connect', 'untrusted', 'redirect', 'unrecorded'];

/** Whether a failed call may have cost something. A refusal costs nothing, but within a stream it comes after a part of the answer. */
function mayHaveCost({ failure, status = 0, streamError }: Exchange, error: ApiError | undefined): boolean {
  if (failure?.unsent || untaken.includes(failure?.kind ?? '')) return false;
  const refused = status >= 400 || (!failure && error !== undefined);
  return !refused || streamError === true;
}

/**
 * The error of a call that may succeed at another time or with another key: no HTTP response, a refused key, 408, 429,
 * 5xx. It says nothing of the prompt. Undefined for any other call.
 */
export function momentaryError({ reply: { error }, classification }: CallResult): ApiError | undefined {
  if (!error) return undefined;
  const { kind, scope } = classification;
  const { code = 0, transport } = error;
  const isMomentary =
    transport !== undefined ||
    kind === 'transient' ||
    // What every call of the run meets is about the key or its project.
    (kind === 'fatal' && scope === 'run') ||
    code === 401 ||
    code === 429 ||
    code >= 500;
  return isMomentary ? error : undefined;
}

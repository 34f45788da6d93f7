import type { EarlyEnd } from './http.ts';
import type { TransportFailure } from './request.ts';

/** How far a call was when it failed. */
interface Progress {
  readonly ended?: EarlyEnd | undefined;
  readonly status?: number | undefined;
  readonly timeoutMs: number;
  /** Whether the request went out. */
  readonly sent: boolean;
}

/** The bounds on the steps of a call, in ms (see TransportOptions). */
interface Bounds {
  readonly connectTimeoutMs?: number;
  readonly firstByteTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/**
 * Names the failure behind what the HTTP client threw. Only a call that failed before its request went out is unsent.
 * Equal failures give equal messages, without host or port, since stable reports contain them.
 */
export function failureOf(error: unknown, progress: Progress, bounds: Bounds = {}): TransportFailure {
  const failure = named(error, progress, bounds);
  return progress.sent || unsentAlways.has(failure.kind) ? failure : { ...failure, unsent: true };
}

/** Failures that say by their kind that nothing was sent. */
const unsentAlways = new Set<TransportFailure['kind']>(['connect', 'untrusted']);

function named(
  error: unknown,
  { ended, sent, status, timeoutMs }: Progress,
  bounds: Bounds,
): Omit<TransportFailure, 'unsent'> {
  if (ended === 'cancelled') return { kind: 'cancelled', message: 'the call was cancelled' };
  if (ended === 'timeout') {
    const stalled = status === undefined ? 'no response' : 'the response did not end';
    return { kind: 'timeout', message: `${stalled} within ${timeoutMs} ms (total timeout)` };
  }
  const code = codeOf(error);
  const bounded = boundedBy(code, bounds);
  if (bounded !== undefined) return { kind: 'timeout', message: bounded };
  if (error instanceof Error && error.name === 'HTTPParserError')
    return { kind: 'malformed', message: 'the response is not HTTP' };
  if (sent && code === 'UND_ERR_HEADERS_OVERFLOW')
    return { kind: 'malformed', message: 'the headers of the response are too large to be read' };
  if (status !== undefined) return { kind: 'cut', message: 'the connection ended within the response' };
  const known = resets.has(code);
  if (known || sent)
    return {
      kind: 'reset',
      message: `the connection ended before a response${known ? '' : ` (${codeOrMessage(error, code)})`}`,
    };
  const untrusted = certificateProblem(code);
  if (untrusted !== undefined) return { kind: 'untrusted', message: `${untrusted} (${code})` };
  return { kind: 'connect', message: `the server cannot be reached (${codeOrMessage(error, code)})` };
}

/** What Node calls a certificate that it does not accept (nodejs.org/api/tls.html, "X509 certificate error codes"). */
const certificates =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|ERROR_IN_CERT_)/;

/** Why a server's certificate is not accepted, and what may help; undefined if it is not about that. */
function certificateProblem(code: string): string | undefined {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the server's certificate ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}, by the clock of this machine`;
  if (code === 'HOSTNAME_MISMATCH' || code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return "the server's certificate is for another host name than that of the base URL";
  if (!certificates.test(code)) return undefined;
  return "the server's certificate is not trusted; if it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS";
}

/** Which bound was passed, in words. */
function boundedBy(
  code: string,
  { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs }: Bounds,
): string | undefined {
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return `no connection within ${connectTimeoutMs ?? 10_000} ms (connect timeout)`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return `no first byte within ${firstByteTimeoutMs ?? 0} ms (first-byte timeout)`;
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return `nothing came for ${idleTimeoutMs ?? 0} ms within the response (idle timeout)`;
  return undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}

/** The code (`ECONNREFUSED`, `ENOTFOUND`); the words beside it would bring host and port into stable reports. */
function codeOrMessage(error: unknown, code: string): string {
  if (code !== '' && code !== 'UND_ERR_ABORTED') return code;
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}

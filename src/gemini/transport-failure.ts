import type { TransportFailure } from './request.ts';

/** How far a call had come when it failed. */
interface Progress {
  readonly ended?: 'timeout' | 'cancelled';
  readonly status?: number;
  readonly timeoutMs: number;
}

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/** Names the failure behind what the HTTP client threw: by our own doing, after the headers, or before them. */
export function failureOf(error: unknown, progress: Progress): TransportFailure {
  if (progress.ended === 'cancelled') return { kind: 'cancelled', message: 'the call was cancelled' };
  if (progress.ended === 'timeout') {
    const stalled = progress.status === undefined ? 'no response' : 'the response did not end';
    return { kind: 'timeout', message: `${stalled} within ${progress.timeoutMs} ms` };
  }
  const code = codeOf(error);
  const told = tellOf(error, code);
  if (error instanceof Error && error.name === 'HTTPParserError')
    return { kind: 'malformed', message: `the response is not HTTP (${told})` };
  if (progress.status !== undefined)
    return { kind: 'cut', message: `the connection ended within the response (${told})` };
  if (resets.has(code)) return { kind: 'reset', message: `the connection ended before a response (${told})` };
  return { kind: 'connect', message: `the server cannot be reached (${told})` };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}

/** The client's own words on one line; they name hosts, never headers or queries. */
function tellOf(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === '' ? code || 'unknown' : message.replace(/\s+/g, ' ');
}

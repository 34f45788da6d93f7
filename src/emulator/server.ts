/** The HTTP server of the emulator. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallHandler } from './calls.ts';
import { ApiError, apiError, invalid, notImplemented } from './errors.ts';
import { createQuota } from './quota.ts';
import { checkKey, readFormat, readRoute, type OutputFormat } from './route.ts';
import type { EmulatorScript } from './script.ts';
import { sendJson, sendNotFound } from './send.ts';

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly script?: EmulatorScript;
  readonly seed?: number;
  /** Calls and input tokens a minute, for each model. */
  readonly rpm?: number;
  readonly tpm?: number;
}

/** Starts a server that answers as the Gemini API does. `close` ends it, and cuts off calls that hang. */
export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const { script, host = '127.0.0.1' } = options;
  let isClosing = false;
  /** One controller a pause: Node warns of a leak where more than ten listen to one signal. */
  const pauses = new Set<AbortController>();
  const answer = createCallHandler({
    seed: options.seed ?? script?.seed ?? 0,
    ...(script ? { script } : {}),
    quota: createQuota({
      ...script?.quota,
      ...(options.rpm === undefined ? {} : { rpm: options.rpm }),
      ...(options.tpm === undefined ? {} : { tpm: options.tpm }),
    }),
  });

  /** Waits until the time is over, the client has gone or the server closes. */
  async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    response.once('close', leave);
    pauses.add(leaving);
    try {
      await sleep(milliseconds, undefined, { signal: leaving.signal });
    } finally {
      response.off('close', leave);
      pauses.delete(leaving);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = readUrl(request.url ?? '/');
    const query = url.searchParams;
    if (answersPreflight(request, response)) return;
    const route = readRoute(request.method ?? '', url.pathname);
    if (!route) return sendNotFound(response, url.pathname);
    let format: OutputFormat = { pretty: true, sse: query.get('alt') === 'sse' };
    try {
      checkKey(request.headers, query);
      if ('missing' in route) throw notImplemented(route.missing);
      format = readFormat(query, route.method);
      await answer({ request, response, query, format, pause }, route);
    } catch (error) {
      if (isClosing || response.destroyed) return;
      const isArray = 'method' in route && route.method === 'streamGenerateContent' && !format.sse;
      sendError(response, error, format, isArray);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('the emulator has no port');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      isClosing = true;
      for (const each of pauses) each.abort();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The URL of a request; that of the root where it cannot be read. */
function readUrl(given: string): URL {
  const whole = given.startsWith('/') ? `http://emulator${given}` : given;
  return URL.canParse(whole) ? new URL(whole) : new URL('http://emulator/');
}

/** Lets pages of any origin call (CORS); true if this was the browser's question whether it may. */
function answersPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'Origin, X-Origin, Referer');
    response.setHeader('access-control-expose-headers', 'Content-Encoding,Date,Server,Content-Length');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(200, {
    'access-control-allow-methods': 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
    'content-length': '0',
  });
  response.end();
  return true;
}

/** Sends an error as the API writes it; a stream that is not an event stream is an array even then. */
function sendError(response: ServerResponse, error: unknown, format: OutputFormat, isArray: boolean): void {
  if (response.headersSent) return void response.destroy();
  const sent =
    error instanceof ApiError
      ? error
      : // JSON nested too deep for the engine's stack.
        error instanceof RangeError
        ? invalid('Message too deep.')
        : apiError(500, { message: error instanceof Error ? error.message : String(error) });
  sendJson(response, sent.code, isArray ? [sent.body()] : sent.body(), format);
}

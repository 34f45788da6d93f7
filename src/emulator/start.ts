/** Starts a Gemini API server on this machine. It is no language model: its answers are made from the request. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '../lib/json.ts';
import { createAnswerer, type Exchange } from './answer.ts';
import { checkCaller } from './caller.ts';
import { ApiFailure, invalid, noSuchModel, notBuilt, scripted } from './fail.ts';
import { listModels, listParameters } from './list-models.ts';
import { describeModel } from './models.ts';
import { readQuery, type Writing } from './query.ts';
import { createQuota } from './quota.ts';
import { readRoute, type Route } from './route.ts';
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

/** A server that answers as the Gemini API does, until it is closed; what hangs is then cut off. */
export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const { script, host = '127.0.0.1' } = options;
  let isClosing = false;
  /** Ends the pauses under way: one listener a call on a single signal would be a leak in the eyes of Node, from the eleventh on. */
  const pauses = new Set<AbortController>();
  const answerer = createAnswerer({
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
    if (allowOrigin(request, response)) return;
    const route = readRoute(request.method ?? '', url.pathname);
    if (route.kind === 'gone') return sendNotFound(response, url.pathname);
    let writing: Writing | undefined;
    try {
      checkCaller(request.headers, query);
      if (route.kind === 'unbuilt') throw notBuilt(route.what);
      writing = readQuery(query, route.kind === 'list' ? listParameters : []);
      const exchange: Exchange = { request, response, writing, version: route.version, pause };
      if (route.kind === 'call') await answerer.call(exchange, route.name, route.method);
      else if (route.kind === 'list')
        await answerer.look(exchange, '', 'models.list', () => listModels(query));
      else await answerer.look(exchange, route.id, 'models.get', () => getModel(route));
    } catch (error) {
      if (isClosing || response.destroyed) return;
      sendFailure(response, error, route, writing ?? { pretty: true, sse: query.get('alt') === 'sse' });
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

/** The address of a call; one that is none leads nowhere. */
function readUrl(given: string): URL {
  const whole = given.startsWith('/') ? `http://emulator${given}` : given;
  return URL.canParse(whole) ? new URL(whole) : new URL('http://emulator/');
}

/** Lets pages of any origin call; true if the call only asked whether it may. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
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

function getModel({ id, version }: { id: string; version: string }): JsonValue {
  const model = describeModel(id);
  if (!model) throw noSuchModel(`models/${id}`, version);
  return model as JsonValue;
}

function sendFailure(response: ServerResponse, error: unknown, route: Route, writing: Writing): void {
  const failure =
    error instanceof ApiFailure
      ? error
      : // What is nested too deeply for the engine's own stack.
        error instanceof RangeError
        ? invalid('Message too deep.')
        : scripted(500, { message: error instanceof Error ? error.message : String(error) });
  if (response.headersSent) return void response.destroy();
  // A stream that is no event stream is an array, even where it holds an error alone.
  const array = route.kind === 'call' && route.method === 'streamGenerateContent' && !writing.sse;
  sendJson(response, failure.code, array ? [failure.body()] : failure.body(), writing);
}

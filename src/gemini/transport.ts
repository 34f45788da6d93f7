import { isUtf8 } from 'node:buffer';
import { Pool, type Dispatcher } from 'undici';
import type { JsonValue } from '../lib/json.ts';
import { isObject } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { cut } from '../lib/redact.ts';
import { version } from '../lib/version.ts';
import { createConnector, createTunnels, type Connector } from './connect.ts';
import { deepest, isTooDeep } from './depth.ts';
import { holdsError, retryDelay } from './errors.ts';
import { Call, noteSent, send, type Headers, type Response } from './http.ts';
import { callPath, splitBaseUrl } from './paths.ts';
import { proxyFault, proxyOf } from './proxy.ts';
import type { Exchange, GeminiRequest, TransportFailure } from './request.ts';
import { createStreamReader, notUtf8 } from './stream.ts';
import { failureOf } from './transport-failure.ts';

/** Makes calls; network trouble and API errors are told in the exchange, never thrown. */
export interface Transport {
  /** One call: one HTTP request, or for models.list one a page. */
  call(request: GeminiRequest, signal?: AbortSignal): Promise<Exchange>;
  /** Drops the connections; calls still under way end as failures. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Scheme, host and path prefix. `/v1beta` is added unless the path already ends in a version such as `/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Bounds one call, from sending to the end of the body, all pages and redirects included. */
  readonly timeoutMs: number;
  /** Bounds the making of a connection; 10 s where nothing is given. */
  readonly connectTimeoutMs?: number;
  /** Bounds the wait from sending a request to the head of its response; absent: the whole call's bound does. */
  readonly firstByteTimeoutMs?: number;
  /** Bounds the wait from one piece of a response to the next; absent: the whole call's bound does. */
  readonly idleTimeoutMs?: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read; the lower-case name wins, as in curl. */
  readonly env: NodeJS.ProcessEnv;
}

const defaultConnectMs = 10_000;
const maxRedirects = 3;
const headerSafe = /^[\x20-\x7e]+$/;
const shownCharacters = 2000;
const decoder = new TextDecoder();

/** Opens a transport to one endpoint. Connections are made on demand and kept alive. */
export function createTransport(options: TransportOptions): Transport {
  const { origin, prefix } = splitBaseUrl(options.baseUrl);
  const key = options.apiKey?.trim();
  const opened: ReturnType<typeof openDispatcher> =
    key && !headerSafe.test(key)
      ? { kind: 'connect', message: 'the API key holds characters that a header cannot carry' }
      : openDispatcher(origin, options);
  const getting = { 'user-agent': `assay/${version}`, ...(key ? { 'x-goog-api-key': key } : {}) };
  const posting = { ...getting, 'content-type': 'application/json' };

  /** Sends, and follows redirects as long as they stay on the origin that the key belongs to. */
  async function sendAndFollow(
    path: string,
    body: string | undefined,
    run: Call,
  ): Promise<Response | TransportFailure> {
    if ('kind' in opened) return opened;
    let payload = body;
    for (let hop = 0; ; hop++) {
      const method = payload === undefined ? 'GET' : 'POST';
      const headers = payload === undefined ? getting : posting;
      const response = await send(
        opened.client,
        { origin, path, method, headers, body: payload ?? null },
        run,
      );
      const location = redirectOf(response);
      if (location === undefined) return response;
      // Read to its end, if that is near, so that the connection can be used again.
      await response.body.dump();
      run.signal.throwIfAborted();
      const target = URL.canParse(location, origin + path) ? new URL(location, origin + path) : undefined;
      if (target?.origin !== origin) {
        return {
          kind: 'redirect',
          message: 'the server redirects to another origin; the key is not sent there',
        };
      }
      if (hop === maxRedirects) return { kind: 'redirect', message: `more than ${maxRedirects} redirects` };
      path = target.pathname + target.search;
      if (response.statusCode === 303) payload = undefined;
    }
  }

  async function once(request: GeminiRequest, query: string, run: Call): Promise<Exchange> {
    const path = `${prefix}${callPath(request)}${query}`;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const response = await sendAndFollow(path, body, run);
    if ('kind' in response) return { failure: response, totalMs: run.elapsed() };
    const read =
      request.method === 'streamGenerateContent' && response.statusCode < 300
        ? await readStream(response, request, run, options)
        : readBody(response, await response.body.bytes());
    return { ...read, totalMs: run.elapsed() };
  }

  async function allPages(request: GeminiRequest, run: Call): Promise<Exchange> {
    const models: JsonValue[] = [];
    const seen = new Set<string>();
    let query = '?pageSize=1000';
    for (;;) {
      const page = await once(request, query, run);
      const { body } = page;
      if (page.failure || (page.status ?? 0) >= 300 || !isObject(body) || holdsError(body)) return page;
      if (Array.isArray(body.models)) for (const model of body.models) models.push(model);
      const next = body.nextPageToken;
      if (typeof next !== 'string' || next === '') return { ...page, body: { models } };
      if (seen.has(next)) {
        const message = 'the list of models does not end: a page token came twice';
        return { ...page, body: { models }, failure: { kind: 'malformed', message } };
      }
      seen.add(next);
      query = `?pageSize=1000&pageToken=${encodeURIComponent(next)}`;
    }
  }

  async function call(request: GeminiRequest, signal?: AbortSignal): Promise<Exchange> {
    const run = new Call(options.timeoutMs, signal);
    try {
      if (request.method === 'models.list') return flat(await allPages(request, run));
      return flat(await once(request, request.method === 'streamGenerateContent' ? '?alt=sse' : '', run));
    } catch (error) {
      return { ...statusOf(run), failure: failureOf(error, run, options), totalMs: run.elapsed() };
    } finally {
      run.end();
    }
  }

  return {
    call,
    close: async () => {
      if ('kind' in opened) return;
      opened.connector.close();
      await opened.client.destroy();
    },
  };
}

/** A reply that nothing could write down or walk through is no reply. */
function flat(exchange: Exchange): Exchange {
  if (!isTooDeep(exchange.body)) return exchange;
  const { body: _body, ...others } = exchange;
  const message = `the response is nested more than ${deepest} levels deep`;
  return { ...others, failure: { kind: 'malformed', message } };
}

function statusOf(run: Call): Pick<Exchange, 'status'> {
  return run.status === undefined ? {} : { status: run.status };
}

/** How many candidates a request asks for: a stream that ends before the last has finished is cut short. */
function candidatesWanted({ body }: GeminiRequest): number {
  const config = body?.generationConfig;
  const count =
    typeof config === 'object' && config !== null && 'candidateCount' in config
      ? Number(config.candidateCount)
      : 1;
  return Number.isInteger(count) ? count : 1;
}

/** Where a response sends its reader on to; undefined where it does not. */
function redirectOf({ statusCode, headers: { location } }: Response): string | undefined {
  return statusCode >= 301 && statusCode <= 308 && typeof location === 'string' ? location : undefined;
}

async function readStream(
  { statusCode: status, headers, body }: Response,
  request: GeminiRequest,
  run: Call,
  options: TransportOptions,
): Promise<Omit<Exchange, 'totalMs'>> {
  const reader = createStreamReader(() => run.elapsed(), candidatesWanted(request));
  let broken: TransportFailure | undefined;
  try {
    for await (const piece of body) {
      reader.feed(piece as Buffer);
      if (reader.failed()) break;
    }
  } catch (error) {
    broken = failureOf(error, run, options);
  }
  const read = reader.end(broken);
  return { status, ...read, ...asked(read.body, headers) };
}

function readBody({ statusCode: status, headers }: Response, bytes: Uint8Array): Omit<Exchange, 'totalMs'> {
  const text = decoder.decode(bytes);
  // What is no text would be read as replacement characters, and judged as an answer.
  if (status < 300 && !isUtf8(bytes))
    return { status, text: cut(text, shownCharacters), failure: { kind: 'malformed', message: notUtf8 } };
  let body: JsonValue;
  try {
    body = parseJson(text);
  } catch {
    // Not JSON: what stands there is kept for the reader; only a success must have been JSON.
    const told = text === '' ? {} : { text: cut(text, shownCharacters) };
    const wait = asked(undefined, headers);
    if (status >= 400) return { status, ...told, ...wait };
    const message = text === '' ? 'the response has no body' : 'the response is not JSON';
    return { status, ...told, ...wait, failure: { kind: 'malformed', message } };
  }
  return status < 300 ? { status, body } : { status, body, ...asked(body, headers) };
}

function asked(body: JsonValue | undefined, headers: Headers): Pick<Exchange, 'retryAfterMs'> {
  const header = headers['retry-after'];
  const ms = retryDelay(body, typeof header === 'string' ? header : undefined);
  return ms === undefined ? {} : { retryAfterMs: ms };
}

/** Node's bound on the headers of a response: its own, unless it was started with another. */
function maxHeaderBytes({ NODE_OPTIONS = '' }: NodeJS.ProcessEnv): number {
  const isSet = [NODE_OPTIONS, ...process.execArgv].some((flag) =>
    /--max[-_]http[-_]header[-_]size/.test(flag),
  );
  // Loading Node's own client takes 20 ms, for which most runs have no use.
  return isSet ? process.getBuiltinModule('node:http').maxHeaderSize : 16_384;
}

/** Connections to an origin, through the proxy that stands before it. */
function openDispatcher(
  origin: string,
  { env, connectTimeoutMs = defaultConnectMs, firstByteTimeoutMs = 0, idleTimeoutMs = 0 }: TransportOptions,
): { readonly client: Dispatcher; readonly connector: Connector } | TransportFailure {
  const proxy = proxyOf(origin, env);
  const fault = proxy && proxyFault(proxy);
  if (fault !== undefined) return { kind: 'connect', message: fault };
  const connector = proxy
    ? createTunnels(new URL(proxy.address), connectTimeoutMs)
    : createConnector(connectTimeoutMs);
  const pool = new Pool(origin, {
    connect: connector.connect,
    headersTimeout: firstByteTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    maxHeaderSize: maxHeaderBytes(env),
    allowH2: false,
  });
  return { client: pool.compose(noteSent), connector };
}

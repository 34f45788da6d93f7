import { isUtf8 } from 'node:buffer';
import { Pool, type Dispatcher } from 'undici';
import { isObject, type JsonValue } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { cut } from '../lib/redact.ts';
import { version } from '../lib/version.ts';
import { createConnector, createTunnels, type Connector } from './connect.ts';
import { holdsError, retryDelay } from './errors.ts';
import { Call, noteSent, send, type Headers, type Response } from './http.ts';
import { callPath, splitBaseUrl } from './paths.ts';
import { proxyProblem, proxyOf } from './proxy.ts';
import type { Exchange, GeminiRequest, TransportFailure } from './request.ts';
import { createStreamReader, notUtf8 } from './stream.ts';
import { failureOf } from './transport-failure.ts';

/** Makes calls; network failures and API errors are in the exchange, never thrown. */
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
const excerptCharacters = 2000;
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
    call: Call,
  ): Promise<Response | TransportFailure> {
    if ('kind' in opened) return opened;
    let payload = body;
    for (let hop = 0; ; hop++) {
      const method = payload === undefined ? 'GET' : 'POST';
      const headers = payload === undefined ? getting : posting;
      const response = await send(
        opened.client,
        { origin, path, method, headers, body: payload ?? null },
        call,
      );
      const location = redirectOf(response);
      if (location === undefined) return response;
      // Read to its end, if that is near, so that the connection can be used again.
      await response.body.dump();
      call.signal.throwIfAborted();
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

  async function fetchOne(request: GeminiRequest, query: string, call: Call): Promise<Exchange> {
    const path = `${prefix}${callPath(request)}${query}`;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const response = await sendAndFollow(path, body, call);
    if ('kind' in response) return { failure: response, totalMs: call.elapsed() };
    const read =
      request.method === 'streamGenerateContent' && response.statusCode < 300
        ? await readStream(response, request, call, options)
        : readBody(response, await response.body.bytes());
    return { ...read, totalMs: call.elapsed() };
  }

  async function allPages(request: GeminiRequest, call: Call): Promise<Exchange> {
    const models: JsonValue[] = [];
    const seen = new Set<string>();
    let query = '?pageSize=1000';
    for (;;) {
      const page = await fetchOne(request, query, call);
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

  return {
    call: async (request, signal) => {
      const call = new Call(options.timeoutMs, signal);
      try {
        if (request.method === 'models.list') return refuseDeep(await allPages(request, call));
        const query = request.method === 'streamGenerateContent' ? '?alt=sse' : '';
        return refuseDeep(await fetchOne(request, query, call));
      } catch (error) {
        const status = call.status === undefined ? {} : { status: call.status };
        return { ...status, failure: failureOf(error, call, options), totalMs: call.elapsed() };
      } finally {
        call.end();
      }
    },
    close: async () => {
      if ('kind' in opened) return;
      opened.connector.close();
      await opened.client.destroy();
    },
  };
}

/** Levels of lists and maps in a reply; an answer of the API has about ten. What walks a reply may recurse so far. */
const maxDepth = 200;

/** A reply that is nested too deep counts as malformed. */
function refuseDeep(exchange: Exchange): Exchange {
  if (!isTooDeep(exchange.body, maxDepth)) return exchange;
  const { body: _body, ...others } = exchange;
  const message = `the response is nested more than ${maxDepth} levels deep`;
  return { ...others, failure: { kind: 'malformed', message } };
}

function isTooDeep(value: JsonValue | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isTooDeep(inner, levels - 1));
  for (const key in value) if (isTooDeep(value[key], levels - 1)) return true;
  return false;
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
  call: Call,
  options: TransportOptions,
): Promise<Omit<Exchange, 'totalMs'>> {
  const reader = createStreamReader(() => call.elapsed(), candidatesWanted(request));
  let broken: TransportFailure | undefined;
  try {
    for await (const piece of body) {
      reader.feed(piece as Buffer);
      if (reader.failed()) break;
    }
  } catch (error) {
    broken = failureOf(error, call, options);
  }
  const read = reader.end(broken);
  return { status, ...read, ...retryAfter(read.body, headers) };
}

function readBody({ statusCode: status, headers }: Response, bytes: Uint8Array): Omit<Exchange, 'totalMs'> {
  const text = decoder.decode(bytes);
  // Other bytes would become replacement characters, and be judged as an answer.
  if (status < 300 && !isUtf8(bytes))
    return { status, text: cut(text, excerptCharacters), failure: { kind: 'malformed', message: notUtf8 } };
  let body: JsonValue;
  try {
    body = parseJson(text);
  } catch {
    // Not JSON: its beginning is kept for the user; only a success must be JSON.
    const quoted = text === '' ? {} : { text: cut(text, excerptCharacters) };
    const wait = retryAfter(undefined, headers);
    if (status >= 400) return { status, ...quoted, ...wait };
    const message = text === '' ? 'the response has no body' : 'the response is not JSON';
    return { status, ...quoted, ...wait, failure: { kind: 'malformed', message } };
  }
  return status < 300 ? { status, body } : { status, body, ...retryAfter(body, headers) };
}

function retryAfter(body: JsonValue | undefined, headers: Headers): Pick<Exchange, 'retryAfterMs'> {
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

/** Connections to an origin, through a proxy if the environment names one. */
function openDispatcher(
  origin: string,
  { env, connectTimeoutMs = defaultConnectMs, firstByteTimeoutMs = 0, idleTimeoutMs = 0 }: TransportOptions,
): { readonly client: Dispatcher; readonly connector: Connector } | TransportFailure {
  const proxy = proxyOf(origin, env);
  const problem = proxy && proxyProblem(proxy);
  if (problem !== undefined) return { kind: 'connect', message: problem };
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

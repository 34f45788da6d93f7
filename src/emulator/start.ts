import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isObject, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { countTokens, digest, embed, generate, lastText } from './answer.ts';
import { ApiFailure, badKey, invalid, noKey, quotaExceeded, unknownModel } from './fail.ts';
import { readLenient } from './lenient-json.ts';
import { describeModel, models } from './models.ts';
import { readCount, readEmbed, readGenerate } from './read-request.ts';
import { createQuota } from './quota.ts';
import { createRules } from './rules.ts';
import type { EmulatorScript } from './script.ts';
import { sendFault, sendJson, sendStream } from './send.ts';

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly script?: EmulatorScript;
  readonly seed?: number;
  readonly rpm?: number;
  readonly tpm?: number;
}

const mostBytes = 100 * 1024 * 1024;
const route = /^\/(v1\w*)\/(models)(?:\/([^/:]+)(?::(\w+))?)?$/;

/** Starts a Gemini API server on this machine. It is no language model: its answers are made from the request. */
export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const { script, host = '127.0.0.1' } = options;
  const seed = options.seed ?? script?.seed ?? 0;
  const rules = createRules(script?.replies ?? [], seed);
  const quota = createQuota({
    ...script?.quota,
    ...(options.rpm === undefined ? {} : { rpm: options.rpm }),
    ...(options.tpm === undefined ? {} : { tpm: options.tpm }),
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator');
    checkKey(request, url);
    const [, version = '', , model, method] = route.exec(url.pathname) ?? [];
    if (version === '')
      throw new ApiFailure(
        404,
        'NOT_FOUND',
        `The requested URL ${url.pathname} was not found on this server.`,
      );
    const pretty = url.searchParams.get('prettyPrint') !== 'false';
    if (method === undefined) {
      if (request.method !== 'GET')
        throw new ApiFailure(
          404,
          'NOT_FOUND',
          `The requested URL ${url.pathname} was not found on this server.`,
        );
      return sendJson(
        response,
        200,
        model === undefined ? listModels(url) : describeModel(findModel(model, version, 'getModel')),
        pretty,
      );
    }
    if (model === undefined || request.method !== 'POST')
      throw new ApiFailure(
        404,
        'NOT_FOUND',
        `The requested URL ${url.pathname} was not found on this server.`,
      );
    const found = findModel(model, version, method);
    const text = await readBody(request);
    const body = readLenient(text);
    const rule = rules.choose({
      method,
      model,
      prompt: promptOf(method, body),
      key: `${method}\0${model}\0${text}`,
    });
    const jitter = script?.jitter
      ? ((digest(String(seed), String(rules.count()))[0] ?? 0) / 256) * script.jitter
      : 0;
    const wait = (rule?.delay ?? 0) + jitter;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const retry = quota(method === 'countTokens' ? 0 : countTokens(body));
    if (retry !== undefined) throw quotaExceeded(model, false, `${retry}s`);
    if (rule?.error) throw scriptedError(rule.error, model);
    if (rule?.fault !== undefined && rule.fault !== 'midStreamError' && rule.fault !== 'cut')
      return sendFault(response, rule.fault);
    const answering = found.routedTo ?? model;
    if (method === 'generateContent' || method === 'streamGenerateContent') {
      const read = readGenerate(body);
      const reply =
        rule?.response === undefined
          ? generate(read, answering, saltOf(read, model, seed, rules.count()), rule)
          : rule.response;
      if (method === 'streamGenerateContent')
        return sendStream(response, reply, {
          sse: url.searchParams.get('alt') === 'sse',
          ...(rule ? { rule } : {}),
        });
      if (rule?.fault === 'cut') return sendFault(response, 'cut');
      return sendJson(response, 200, reply, pretty);
    }
    if (rule?.response !== undefined) return sendJson(response, 200, rule.response, pretty);
    sendJson(response, 200, otherMethod(method, body, model, version), pretty);
  }

  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    handle(request, response).catch((error: unknown) => {
      const failure =
        error instanceof ApiFailure
          ? error
          : new ApiFailure(500, 'INTERNAL', error instanceof Error ? error.message : String(error));
      if (!response.headersSent) sendJson(response, failure.code, failure.body(), true);
      else response.destroy();
    });
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
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function checkKey(request: IncomingMessage, url: URL): void {
  const key =
    request.headers['x-goog-api-key'] ?? url.searchParams.get('key') ?? request.headers.authorization;
  if (key === undefined || key === null || key === '') throw noKey();
  // The one way to see a bad key: any that begins so.
  if (String(key).startsWith('invalid')) throw badKey();
}

function findModel(model: string, version: string, method: string) {
  const found = models.get(decodeURIComponent(model));
  const embeds = method === 'embedContent' || method === 'batchEmbedContents';
  const generates = method === 'generateContent' || method === 'streamGenerateContent';
  if (!found || (found.embeds ? generates : embeds)) throw unknownModel(model, version, method);
  return found;
}

function listModels(url: URL): object {
  const size = Math.min(1000, Number(url.searchParams.get('pageSize') ?? 50) || 50);
  const token = url.searchParams.get('pageToken');
  const start = token === null || token === '' ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw invalid('Invalid page token.');
  const all = [...models.values()];
  const end = start + size;
  return {
    models: all.slice(start, end).map(describeModel),
    ...(end < all.length ? { nextPageToken: `page-${end}` } : {}),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes)
      throw new ApiFailure(413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function promptOf(method: string, body: JsonValue): string {
  if (!isObject(body)) return '';
  if (method === 'countTokens')
    return lastText(isObject(body.generateContentRequest) ? body.generateContentRequest : body);
  return lastText(body);
}

/** What makes replies vary: nothing but the request, unless the model heeds a temperature above 0; then also the count of asks. */
function saltOf(request: JsonObject, model: string, seed: number, count: number): string {
  const config = isObject(request.generationConfig) ? request.generationConfig : {};
  const heeds =
    !/^gemini-3\.[6-9]/.test(model) && Number(config.temperature ?? 1) > 0 && config.seed === undefined;
  return JSON.stringify([config, request.systemInstruction ?? null, seed, heeds ? count : 0]);
}

function scriptedError(error: JsonObject, model: string): ApiFailure {
  const code = Number(error.code ?? 500);
  if (code === 429 && error.message === undefined)
    return quotaExceeded(model, error.quota === 'perDay', plainText(error.retryDelay, '1s'));
  const names: Record<number, string> = {
    400: 'INVALID_ARGUMENT',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    429: 'RESOURCE_EXHAUSTED',
    500: 'INTERNAL',
    503: 'UNAVAILABLE',
    504: 'DEADLINE_EXCEEDED',
  };
  const details = [
    ...(error.reason === undefined
      ? []
      : [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: error.reason,
            domain: 'googleapis.com',
          },
        ]),
    ...(error.retryDelay === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: error.retryDelay }]),
  ];
  return new ApiFailure(
    code,
    plainText(error.status, names[code] ?? 'UNKNOWN'),
    plainText(error.message, 'This error was scripted.'),
    details,
  );
}

function otherMethod(method: string, body: JsonValue, model: string, version: string): object {
  if (method === 'countTokens') {
    const total = countTokens(readCount(body));
    return { totalTokens: total, promptTokensDetails: [{ modality: 'TEXT', tokenCount: total }] };
  }
  if (method === 'embedContent') {
    const { text, dimensions } = readEmbed(body);
    return {
      embedding: { values: embed(text, dimensions) },
      usageMetadata: { promptTokenCount: countTokens(text) },
    };
  }
  if (method === 'batchEmbedContents') {
    const requests = isObject(body) && Array.isArray(body.requests) ? body.requests : [];
    if (requests.length === 0)
      throw invalid('* BatchEmbedContentsRequest.requests: requests is not specified\n');
    const read = requests.map((each, index) => readEmbed(each, `requests[${index}]`));
    return { embeddings: read.map(({ text, dimensions }) => ({ values: embed(text, dimensions) })) };
  }
  throw unknownModel(model, version, method);
}

/** Answers one call: body, rule of the script, quota, checks, reply. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseLenient, readBody } from './body.ts';
import { checkContents, checkGenerate } from './check-request.ts';
import { batchEmbedContents, embedContent } from './embed.ts';
import { apiError, type ApiError } from './errors.ts';
import { breakAnswer, breakStream, eventsBefore, failAtOnce } from './faults.ts';
import { messageOf } from './message-table.ts';
import { readMessage, type Message } from './message.ts';
import { findModel, getModel, listModels, type Model } from './models.ts';
import { createResponseSeeds, hashOf, randomInt } from './random.ts';
import {
  lastText,
  textOf,
  type BatchEmbedRequest,
  type CountRequest,
  type EmbedRequest,
  type GenerateRequest,
} from './request.ts';
import { generateResponse, tierOf } from './response.ts';
import type { OutputFormat, Route } from './route.ts';
import { createRules, isGenerating, scriptedError, type Call, type Rule } from './rules.ts';
import type { EmulatorScript } from './script.ts';
import { openStream, sendJson } from './send.ts';
import { cutIntoEvents } from './stream.ts';
import { countContents, countPrompt, detailsOf, totalOf } from './tokens.ts';

/** A request, where its answer goes, and how that is written. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly format: OutputFormat;
  /** Waits so many milliseconds; rejects when the client leaves or the server closes. */
  readonly pause: (milliseconds: number, response: ServerResponse) => Promise<void>;
}

/** What a server remembers from call to call. */
export interface CallOptions {
  readonly script?: EmulatorScript;
  readonly seed: number;
  readonly quota: (model: string, tokens: () => number) => ApiError | undefined;
}

const noMessage: Message = { fields: {} };
const defaultChunks = 3;
/** Milliseconds that keep an error out of the network packet of the event before it: clients look for it at the start of one. */
const gap = 40;

/** The function that answers the calls of one server. */
export function createCallHandler({
  script,
  seed,
  quota,
}: CallOptions): (exchange: Exchange, route: Route) => Promise<void> {
  const chooseRule = createRules(script?.replies ?? [], seed);
  const seedOf = createResponseSeeds(seed);
  let arrived = 0;

  function reply(
    { method, name, version }: Route,
    { fields, error }: Message,
    key: string,
    rule: Rule | undefined,
  ): JsonValue {
    if (error) throw error;
    const model = findModel(name, method, version);
    if (method === 'countTokens') return countTokens(fields, model);
    if (method === 'embedContent') return embedContent(fields, model);
    if (method === 'batchEmbedContents') return batchEmbedContents(fields, model, name);
    const request = fields as GenerateRequest;
    const prompt = checkGenerate(request, model);
    return generateResponse({ request, model, seed: seedOf(request, model, key) }, prompt, rule);
  }

  return async (exchange, route) => {
    const { request, response, format } = exchange;
    const { method } = route;
    const isLookup = method.startsWith('models.');
    const body = isLookup ? (request.url ?? '') : await readBody(request);
    const message = isLookup ? noMessage : readBodyMessage(body, route);
    const model = route.name.replace(/^models\//, '');
    const key = isLookup ? hashOf(method, body) : hashOf(method, model, body);
    const call: Call = { method, model, prompt: promptOf(method, message.fields), key };

    const rule = chooseRule(call);
    const jitter = script?.jitter ? randomInt(Math.ceil(script.jitter), String(seed), String(arrived++)) : 0;
    await wait(exchange, (rule?.delay ?? 0) + jitter);
    const streams = method === 'streamGenerateContent';
    if (rule?.error && !(streams && rule.error.afterChunks)) throw scriptedError(rule.error, model);
    if (rule?.fault !== undefined && failAtOnce(response, rule.fault)) return;

    const tokens = (): number => (method === 'countTokens' ? 0 : totalOf(countPrompt(message.fields)));
    const exhausted = isLookup ? undefined : quota(model, tokens);
    if (exhausted) throw exhausted;

    // A scripted response is sent whatever the request holds, and whichever model it names.
    const answer = rule?.response ?? (isLookup ? lookUp(exchange, route) : reply(route, message, key, rule));
    if (isGenerating(method)) response.setHeader('x-gemini-service-tier', tierOf(message.fields));
    if (streams) await stream(exchange, answer, rule, model);
    else if (rule?.fault === undefined) sendJson(response, 200, answer, format);
    else breakAnswer(response, rule.fault, answer, format);
  };
}

function lookUp({ query }: Exchange, { method, name, version }: Route): JsonValue {
  return method === 'models.list' ? listModels(query) : getModel(name, version);
}

function readBodyMessage(body: string, { method, version }: Route): Message {
  return body.trim() === '' ? noMessage : readMessage(messageOf(method), parseLenient(body), version);
}

/** The text that a script's `prompt` looks at. */
function promptOf(method: string, fields: JsonObject): string {
  if (method === 'embedContent') return textOf((fields as EmbedRequest).content?.parts);
  if (method === 'batchEmbedContents') {
    const { requests = [] } = fields as BatchEmbedRequest;
    return requests.map(({ content }) => textOf(content?.parts)).join('\n');
  }
  const { contents, generateContentRequest } = fields as CountRequest;
  return lastText(generateContentRequest?.contents ?? contents);
}

function countTokens(fields: JsonObject, model: Model): JsonObject {
  const { contents = [], generateContentRequest: whole } = fields as CountRequest;
  // Contents beside a whole request are ignored.
  if (whole) checkContents(whole.contents ?? [], 'CountTokensRequest.generate_content_request', model);
  else checkContents(contents, 'CountTokensRequest', model);
  const sum = whole ? countPrompt(whole) : countContents(contents);
  return { totalTokens: totalOf(sum), promptTokensDetails: detailsOf(sum) };
}

async function stream(
  exchange: Exchange,
  answer: JsonValue,
  rule: Rule | undefined,
  model: string,
): Promise<void> {
  const { response, format } = exchange;
  const { fault, error, chunkDelay = 0, chunks = defaultChunks } = rule ?? {};
  const events = cutIntoEvents(answer, chunks);
  const fails = fault !== undefined || error !== undefined;
  const sent = fails ? events.slice(0, error?.afterChunks ?? eventsBefore(events)) : events;
  const out = openStream(response, format);
  for (const [index, event] of sent.entries()) {
    if (index > 0) await wait(exchange, chunkDelay);
    out.event(event);
  }
  if (fails && sent.length > 0) await wait(exchange, Math.max(gap, chunkDelay));
  if (fault !== undefined) breakStream(response, fault, out, format);
  else if (error) out.error(scriptedError(error, model).body(), error.framed ?? false);
  else out.end();
}

/** Waits, but answers 504 when the client's own time limit ends first. */
async function wait({ request, response, pause }: Exchange, delay: number): Promise<void> {
  if (delay <= 0) return;
  const limit = Number(request.headers['x-server-timeout'] ?? Infinity) * 1000;
  await pause(Math.min(delay, limit), response);
  if (delay > limit) throw apiError(504);
}

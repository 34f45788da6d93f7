import { isObject } from '../lib/json.ts';
import { Media } from './media.ts';
import { isBilled, type Method } from './methods.ts';
import { modelFacts } from './models.ts';
import { bareModel } from './paths.ts';
import type { Body, BodyValue, GeminiRequest } from './request.ts';

/** English text has about four characters a token (the API's own guide to tokens says so). */
const charactersPerToken = 4;
/** A picture, or a page of a document: 258 tokens (the API's guide to media); other media are longer than that. */
const tokensPerMedia = 258;

/**
 * Input tokens of a request, roughly, plus its maxOutputTokens: what a token bucket reserves until the service has
 * counted.
 */
export function estimateTokens({ body }: GeminiRequest): number {
  return estimateInput(body ?? null) + (declaredOutput(body) ?? 0);
}

/** Input tokens of a request body, roughly: a quarter of its characters, media at the price of one picture. */
export function estimateInput(body: BodyValue): number {
  let characters = 0;
  let media = 0;
  const visit = (value: BodyValue): void => {
    if (typeof value === 'string') characters += value.length;
    else if (value instanceof Media) media++;
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(body);
  return Math.ceil(characters / charactersPerToken) + media * tokensPerMedia;
}

/** The maxOutputTokens that a request names, times its candidates. */
function declaredOutput(body: BodyValue | undefined): number | undefined {
  const config = isObject(body) && isObject(body.generationConfig) ? body.generationConfig : {};
  const { maxOutputTokens, candidateCount } = config;
  if (typeof maxOutputTokens !== 'number') return undefined;
  return maxOutputTokens * (typeof candidateCount === 'number' ? candidateCount : 1);
}

/** The most tokens that a call can take in and give out; undefined where nothing limits them. */
export interface TokenLimits {
  readonly input: number | undefined;
  readonly output: number | undefined;
}

/**
 * The limits of one call. Output: maxOutputTokens, thoughts included, else the limit of the model, for each candidate.
 * Input: no token is shorter than a byte, so the bytes of the request limit its text. Media, cached contents and what
 * the service's own tools add have no such limit: for them `counted` (by countTokens) is used, else the model's limit.
 */
export function tokenLimits(request: GeminiRequest, counted?: number): TokenLimits {
  const { method, model = '', body = {} } = request;
  if (!isBilled(request)) return { input: 0, output: 0 };
  const facts = modelFacts(model);
  const text = textBytes(body);
  const limit = facts?.inputTokenLimit;
  const input = addsUnknownInput(body) ? limit : needsCount(body) ? (counted ?? limit) : (counted ?? text);
  if (method === 'embedContent' || method === 'batchEmbedContents') return { input, output: 0 };
  return { input, output: declaredOutput(body) ?? byCandidates(facts?.outputTokenLimit, body) };
}

/** True where the bytes of a request say nothing of its tokens: media, and what it only refers to. */
export function needsCount(body: BodyValue | undefined): boolean {
  if (body instanceof Media) return true;
  if (Array.isArray(body)) return body.some(needsCount);
  if (!isMap(body)) return false;
  return Object.entries(body).some(
    ([key, value]) =>
      key === 'fileData' || key === 'inlineData' || key === 'cachedContent' || needsCount(value),
  );
}

/** True where the service's own tools (search, pages, code) put more into the prompt than the request holds. */
function addsUnknownInput({ tools }: Body): boolean {
  const list = Array.isArray(tools) ? tools : [];
  return list.some((tool) => isMap(tool) && Object.keys(tool).some((key) => key !== 'functionDeclarations'));
}

function byCandidates(limit: number | undefined, { generationConfig }: Body): number | undefined {
  const count = isMap(generationConfig) ? generationConfig.candidateCount : undefined;
  return limit === undefined ? undefined : limit * (typeof count === 'number' ? count : 1);
}

function textBytes(body: Body): number {
  return Buffer.byteLength(
    JSON.stringify(body, (_key, value: unknown) => (value instanceof Media ? '' : value)),
  );
}

function isMap(value: unknown): value is Body {
  return isObject(value) && !(value instanceof Media);
}

/** The request that has the service count the tokens of another. */
export function countRequest({ method, model = '', body = {} }: GeminiRequest): GeminiRequest {
  return {
    method: 'countTokens',
    model,
    body: countBody(method, `models/${bareModel(model)}`, body),
  };
}

function countBody(method: Method, model: string, body: Body): Body {
  // What is embedded is in other fields, and is counted as plain contents.
  if (method === 'embedContent') return { contents: [body.content ?? {}] };
  if (method === 'batchEmbedContents') {
    const requests = Array.isArray(body.requests) ? body.requests : [];
    return { contents: requests.flatMap((each) => (isObject(each) && each.content ? [each.content] : [])) };
  }
  const { contents } = body;
  // The empty model turns of a conversation have no parts, which the API refuses.
  const filled = Array.isArray(contents)
    ? { contents: contents.filter((turn) => !isObject(turn) || turn.parts !== undefined) }
    : {};
  return { generateContentRequest: { model, ...body, ...filled } };
}

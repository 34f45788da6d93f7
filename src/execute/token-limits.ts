import { Media } from '../gemini/media.ts';
import { isBilled } from '../gemini/methods.ts';
import { modelFacts } from '../gemini/models.ts';
import type { Body, BodyValue, GeminiRequest } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import { declaredOutput } from './estimate.ts';

/** The most tokens that a call can take in and give out; a side that nothing bounds is undefined. */
export interface TokenLimits {
  readonly input: number | undefined;
  readonly output: number | undefined;
}

/**
 * Bounds one call. Output: maxOutputTokens, thoughts included, else the model's limit, for each candidate. Input: no
 * token is shorter than a byte, so the bytes of the request bound its text; media, cached contents and what the
 * service's own tools bring in have no such bound: for them stands `counted` (by countTokens), else the model's limit.
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

import { isObject } from '../lib/json.ts';
import { Media } from '../gemini/media.ts';
import type { BodyValue, GeminiRequest } from '../gemini/request.ts';

/** English text has about four characters a token (the API's own guide to tokens says so). */
const charactersPerToken = 4;
/** A picture, or a page of a document: 258 tokens (the API's guide to media); other media are longer than that. */
const tokensPerMedia = 258;

/**
 * Input tokens of a request, roughly, plus the output that it allows itself with maxOutputTokens: what pacing sets
 * aside until the service has counted.
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
export function declaredOutput(body: BodyValue | undefined): number | undefined {
  const config = isObject(body) && isObject(body.generationConfig) ? body.generationConfig : {};
  const { maxOutputTokens, candidateCount } = config;
  if (typeof maxOutputTokens !== 'number') return undefined;
  return maxOutputTokens * (typeof candidateCount === 'number' ? candidateCount : 1);
}

/** Makes one candidate of a response: the model's own, or the one that a script gives. */
import { isObject, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { formatOf, modalitiesOf } from './check-config.ts';
import { fakePicture, fakeSound, mediaModality } from './fake-media.ts';
import { fakeText, topicOf } from './fake-text.ts';
import { fakeValue } from './fake-value.ts';
import type { Level, Model } from './models.ts';
import { randomInt } from './random.ts';
import { lastText, type GenerateRequest, type GenerationConfig } from './request.ts';
import type { Reply } from './script-shape.ts';
import { rate } from './safety.ts';
import { countJson, countText, firstTokens } from './tokens.ts';
import { chooseCalls, describeToolAnswers } from './tool-calls.ts';

/** A request that was checked, and the model that answers it. */
export interface Generation {
  readonly request: GenerateRequest;
  readonly model: Model;
  /** Decides all that varies. */
  readonly seed: string;
}

/** A candidate before it is written in the API's form. */
export interface Candidate {
  readonly parts: JsonObject[];
  readonly finishReason: string;
  /** False where the candidate has no `content` at all. */
  readonly hasContent: boolean;
  readonly ratings?: readonly JsonObject[];
  /** Tokens of the answer without its pictures and sound. */
  readonly visibleTokens: number;
  readonly thoughtTokens: number;
}

/** What the model answers without a script. */
export function ownCandidate({ request, model, seed }: Generation): Candidate {
  const config = request.generationConfig ?? {};
  const prompt = lastText(request.contents);
  const thoughtTokens = countThoughts(model, config, seed);
  const limit = Math.min(config.maxOutputTokens ?? model.output, model.output);
  if (thoughtTokens >= limit)
    return {
      parts: [],
      finishReason: 'MAX_TOKENS',
      hasContent: true,
      visibleTokens: 0,
      thoughtTokens: limit,
    };
  const remainingTokens = limit - thoughtTokens;
  const showsThoughts = thoughtTokens > 0 && config.thinkingConfig?.includeThoughts === true;
  const thoughts = showsThoughts ? [{ text: summarizeThoughts(prompt), thought: true }] : [];
  const signature = thoughtTokens > 0 ? { thoughtSignature: signatureOf(seed) } : {};

  const calls = chooseCalls(request, prompt, seed, model);
  if (calls.length > 0)
    return {
      // Parallel calls share the signature of the first.
      parts: [
        ...thoughts,
        ...calls.map((functionCall, n) => ({ functionCall, ...(n === 0 ? signature : {}) })),
      ],
      finishReason: 'STOP',
      hasContent: true,
      visibleTokens: calls.reduce((sum, call) => sum + countJson(call), 0),
      thoughtTokens,
    };

  const modalities = modalitiesOf(config, model);
  const whole = modalities.includes('TEXT') ? writeText(request, prompt, seed) : '';
  const { text, isCut } = cutText(whole, config, remainingTokens);
  const ratings = rate(`${prompt} ${text}`, request.safetySettings);
  if (ratings?.some(({ blocked }) => blocked))
    return { parts: [], finishReason: 'SAFETY', hasContent: false, ratings, visibleTokens: 0, thoughtTokens };

  const visibleTokens = countText(text);
  const media = { parts: [] as JsonObject[], isCut: false };
  if (modalities.includes('IMAGE')) {
    media.isCut = model.pictureTokens > remainingTokens - visibleTokens;
    if (!media.isCut) media.parts.push(fakePicture(seed));
  } else if (modalities.includes('AUDIO')) {
    const sound = fakeSound(prompt, seed, remainingTokens - visibleTokens);
    media.parts.push(sound.part);
    media.isCut = sound.isCut;
  }
  return {
    parts: [
      ...thoughts,
      ...(text === '' ? [] : [{ text, ...(model.fromGemini3 ? signature : {}) }]),
      ...media.parts,
    ],
    finishReason: isCut || media.isCut ? 'MAX_TOKENS' : 'STOP',
    hasContent: true,
    ...(ratings ? { ratings } : {}),
    visibleTokens,
    thoughtTokens,
  };
}

/** What a script says; where it has neither content nor finishReason, the rest is the model's own. */
export function scriptedCandidate(reply: Reply, generation: Generation): Candidate {
  const { request, model, seed } = generation;
  const calls = [...(reply.functionCall ? [reply.functionCall] : []), ...(reply.functionCalls ?? [])];
  const hasParts = reply.text !== undefined || reply.parts !== undefined || calls.length > 0;
  const own = hasParts || reply.finishReason !== undefined ? undefined : ownCandidate(generation);
  const config = request.generationConfig ?? {};
  const { text, isCut } =
    reply.finishReason === undefined
      ? cutText(reply.text ?? '', config, config.maxOutputTokens ?? model.output)
      : { text: reply.text ?? '', isCut: false };
  const parts: JsonObject[] = own?.parts ?? [
    ...(text === '' ? [] : [{ text }]),
    ...(reply.parts ?? []),
    ...calls.map((functionCall, n) => ({
      functionCall,
      // Without a signature the call could not be sent back to the model.
      ...(n === 0 && model.fromGemini3 ? { thoughtSignature: signatureOf(seed) } : {}),
    })),
  ];
  const finishReason = reply.finishReason ?? own?.finishReason ?? (isCut ? 'MAX_TOKENS' : 'STOP');
  const ratings = reply.safetyRatings === undefined ? own?.ratings : readRatings(reply.safetyRatings);
  const thoughts = [reply.thoughts ?? []].flat();
  return {
    parts: [...thoughts.map((thought) => ({ text: thought, thought: true })), ...parts],
    finishReason,
    hasContent: own?.hasContent ?? (hasParts || finishReason === 'STOP' || finishReason === 'MAX_TOKENS'),
    ...(ratings ? { ratings } : {}),
    visibleTokens: own?.visibleTokens ?? parts.reduce((sum, part) => sum + countVisible(part), 0),
    thoughtTokens:
      thoughts.length > 0
        ? thoughts.reduce((sum, thought) => sum + countText(thought), 0)
        : (own?.thoughtTokens ?? 0),
  };
}

function writeText(request: GenerateRequest, prompt: string, seed: string): string {
  const { mimeType, schema } = formatOf(request.generationConfig ?? {});
  if (mimeType !== 'text/plain' && schema !== undefined) {
    const value = fakeValue(schema, seed);
    return mimeType === 'text/x.enum' ? plainText(value) : JSON.stringify(value);
  }
  const answer = describeToolAnswers(request) ?? fakeText(prompt, seed);
  return mimeType === 'text/plain' ? answer : JSON.stringify({ answer });
}

/** A text up to the first stop sequence, and at most `limit` tokens of it. */
function cutText(
  text: string,
  { stopSequences = [] }: GenerationConfig,
  limit: number,
): { text: string; isCut: boolean } {
  const stops = stopSequences.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  const stopped = text.slice(0, Math.min(text.length, ...stops));
  const cut = firstTokens(stopped, limit);
  return { text: cut, isCut: cut.length < stopped.length };
}

/** Least thinking tokens of each level; up to as many again are added. */
const effort: Record<Level, number> = { MINIMAL: 0, LOW: 12, MEDIUM: 24, HIGH: 64, XHIGH: 128 };

/** Thinking tokens of a request, at most its budget; 0 where the model does not think. */
function countThoughts({ thinking }: Model, config: GenerationConfig, seed: string): number {
  const { thinkingBudget: budget, thinkingLevel } = config.thinkingConfig ?? {};
  if (!thinking || budget === 0) return 0;
  const level =
    thinking.levels.find((each) => each === thinkingLevel) ??
    thinking.defaultLevel ??
    (budget === undefined ? 'MINIMAL' : 'MEDIUM');
  const least = effort[level];
  if (least === 0) return 0;
  const tokens = least + randomInt(least, 'thoughts', seed);
  return budget === undefined || budget < 0 ? tokens : Math.min(tokens, budget);
}

/** The summary that `includeThoughts` shows. */
function summarizeThoughts(prompt: string): string {
  const topic = topicOf(prompt).slice(0, 4).join(', ') || 'nothing in particular';
  return `**Weighing the request**\n\nIt is about ${topic}. A short and direct answer fits best.\n\n`;
}

/** The opaque bytes that a model wants back with its turn. */
function signatureOf(seed: string): string {
  return Buffer.from(`emulated-thought:${randomInt(2 ** 31, 'signature', seed)}`).toString('base64');
}

function countVisible(part: JsonObject): number {
  if (part.thought === true || mediaModality(part)) return 0;
  return typeof part.text === 'string' ? countText(part.text) : countJson(part.functionCall ?? part);
}

function readRatings(ratings: JsonValue): JsonObject[] {
  if (Array.isArray(ratings)) return ratings.filter(isObject);
  return Object.entries(isObject(ratings) ? ratings : {}).map(([category, probability]) => ({
    category,
    probability,
  }));
}

/** Drafts one candidate: the parts a model would answer with, by itself or as a script says. */
import { isObject, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { formatOf, modalitiesOf } from './check-config.ts';
import { makePicture, makeSound, mediaModality } from './made-media.ts';
import { fakeValue } from './fake-value.ts';
import type { EmulatedModel, Modality } from './models.ts';
import { lastText, type GenerateRequest } from './request.ts';
import { rate, type Rating } from './safety.ts';
import type { Rule } from './rule.ts';
import { signatureOf, thoughtsOn, thoughtTokens } from './thinking.ts';
import { countJson, countText, firstTokens } from './tokens.ts';
import { chooseCalls, tellAnswers } from './tool-call.ts';
import { makeText } from './words.ts';

/** What is asked, and of whom. */
export interface Asked {
  readonly request: GenerateRequest;
  readonly model: EmulatedModel;
  /** Draws everything that is drawn. */
  readonly salt: string;
}

/** One candidate before it is written as the API writes it. */
export interface Draft {
  readonly parts: JsonObject[];
  readonly finishReason: string;
  /** False: the candidate has no `content` at all. */
  readonly content: boolean;
  readonly ratings?: readonly (Rating | JsonObject)[];
  /** Without pictures and sound, which are counted apart. */
  readonly visibleTokens: number;
  readonly thoughtTokens: number;
}

const none = { visibleTokens: 0, thoughtTokens: 0 };

/** What the model answers by itself. */
export function draftOwn({ request, model, salt }: Asked): Draft {
  const config = request.generationConfig ?? {};
  const prompt = lastText(request.contents);
  const thoughts = thoughtTokens(model, config, salt);
  const most = Math.min(config.maxOutputTokens ?? model.output, model.output);
  if (thoughts >= most)
    return { ...none, parts: [], finishReason: 'MAX_TOKENS', content: true, thoughtTokens: most };
  const shown = thoughts > 0 && config.thinkingConfig?.includeThoughts === true;
  const before = shown ? [{ text: thoughtsOn(prompt), thought: true }] : [];
  const signature = thoughts > 0 ? { thoughtSignature: signatureOf(salt) } : {};
  const calls = chooseCalls(request, prompt, salt, model).map((functionCall, index) => ({
    functionCall,
    // Parallel calls share the signature of the first.
    ...(index === 0 ? signature : {}),
  }));
  if (calls.length > 0)
    return {
      ...none,
      parts: [...before, ...calls],
      finishReason: 'STOP',
      content: true,
      visibleTokens: calls.reduce((sum, { functionCall }) => sum + countJson(functionCall), 0),
      thoughtTokens: thoughts,
    };
  const modalities = modalitiesOf(config, model);
  const whole = modalities.includes('TEXT') ? writeText(request, prompt, salt) : '';
  const { text, finishReason } = bound(whole, request, most - thoughts);
  const ratings = rate(`${prompt} ${text}`, request.safetySettings);
  if (ratings?.some(({ blocked }) => blocked))
    return { ...none, parts: [], finishReason: 'SAFETY', content: false, ratings, thoughtTokens: thoughts };
  const made = makeMedia(modalities, { request, model, salt }, most - thoughts - countText(text));
  return {
    parts: [...before, ...(text === '' ? [] : [{ text, ...(model.third ? signature : {}) }]), ...made.parts],
    finishReason: made.cut ? 'MAX_TOKENS' : finishReason,
    content: true,
    ...(ratings ? { ratings } : {}),
    visibleTokens: countText(text),
    thoughtTokens: thoughts,
  };
}

/** The picture or the sound of an answer, as far as `room` tokens hold it. */
function makeMedia(
  modalities: readonly Modality[],
  { request, model, salt }: Asked,
  room: number,
): { parts: JsonObject[]; cut: boolean } {
  if (modalities.includes('IMAGE')) {
    const fits = model.pictureTokens <= room;
    return { parts: fits ? [makePicture(salt)] : [], cut: !fits };
  }
  if (!modalities.includes('AUDIO')) return { parts: [], cut: false };
  const { part, cut } = makeSound(lastText(request.contents), salt, room);
  return { parts: [part], cut };
}

function writeText(request: GenerateRequest, prompt: string, salt: string): string {
  const { mimeType, schema } = formatOf(request.generationConfig ?? {});
  if (mimeType === 'text/plain') return tellAnswers(request) ?? makeText(prompt, salt);
  if (schema === undefined) return JSON.stringify({ answer: tellAnswers(request) ?? makeText(prompt, salt) });
  const value = fakeValue(schema, salt);
  return mimeType === 'text/x.enum' ? plainText(value) : JSON.stringify(value);
}

/** A text as far as the first stop sequence and the limit let it go. */
function bound(text: string, request: GenerateRequest, most: number): { text: string; finishReason: string } {
  let end = text.length;
  for (const stop of request.generationConfig?.stopSequences ?? []) {
    const at = text.indexOf(stop);
    if (at >= 0) end = Math.min(end, at);
  }
  const stopped = text.slice(0, end);
  const cut = firstTokens(stopped, most);
  return { text: cut, finishReason: cut.length < stopped.length ? 'MAX_TOKENS' : 'STOP' };
}

/** What a script says the model answers; where it says nothing of content and reason, what the model answers by itself. */
export function draftReply(reply: NonNullable<Rule['reply']>, asked: Asked): Draft {
  const { request, model } = asked;
  const thoughts = [reply.thoughts ?? []].flat();
  const calls = [...(reply.functionCall ? [reply.functionCall] : []), ...(reply.functionCalls ?? [])];
  const spoken = reply.text !== undefined || reply.parts !== undefined || calls.length > 0;
  const own = !spoken && reply.finishReason === undefined ? draftOwn(asked) : undefined;
  const bounded =
    reply.text === undefined || reply.finishReason !== undefined
      ? { text: reply.text ?? '', finishReason: 'STOP' }
      : bound(reply.text, request, request.generationConfig?.maxOutputTokens ?? model.output);
  const parts: JsonObject[] = own?.parts ?? [
    ...(bounded.text === '' ? [] : [{ text: bounded.text }]),
    ...(reply.parts ?? []),
    ...calls.map((functionCall, index) => ({
      functionCall,
      // Without it the call could not be sent back to this model.
      ...(index === 0 && model.third ? { thoughtSignature: signatureOf(asked.salt) } : {}),
    })),
  ];
  const finishReason = reply.finishReason ?? own?.finishReason ?? bounded.finishReason;
  const scripted = reply.safetyRatings;
  const ratings = scripted === undefined ? own?.ratings : readRatings(scripted);
  const thoughtCount = thoughts.reduce((sum, text) => sum + countText(text), 0);
  return {
    parts: [...thoughts.map((text) => ({ text, thought: true })), ...parts],
    finishReason,
    content: own?.content ?? (spoken || finishReason === 'STOP' || finishReason === 'MAX_TOKENS'),
    ...(ratings ? { ratings } : {}),
    visibleTokens: own?.visibleTokens ?? parts.reduce((sum, part) => sum + countVisible(part), 0),
    thoughtTokens: thoughts.length > 0 ? thoughtCount : (own?.thoughtTokens ?? 0),
  };
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

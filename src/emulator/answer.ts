import { createHash } from 'node:crypto';
import { isObject, plainText, type JsonObject, type JsonValue } from '../lib/json.ts';
import { textOf } from './read-request.ts';
import type { Rule } from './script.ts';

/** Tokens of a request or text: four characters each, 258 a picture. */
export function countTokens(value: JsonValue | undefined): number {
  if (typeof value === 'string') return value === '' ? 0 : Math.max(1, Math.ceil(value.length / 4.5));
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + countTokens(each), 0);
  if (!isObject(value)) return 0;
  if (isObject(value.inlineData) || isObject(value.fileData)) return 258;
  return Object.entries(value).reduce(
    (sum, [key, each]) =>
      sum + (['role', 'type', 'mimeType', 'thoughtSignature'].includes(key) ? 0 : countTokens(each)),
    0,
  );
}

/** Deterministic bytes of a text. */
export function digest(...parts: string[]): Buffer {
  return createHash('sha256').update(parts.join('\0')).digest();
}

const common = new Set(
  'the and for are was were not its has had you can how our out who why his her him she they them about above after again against because been being between both could does doing down during each from further have having here into itself just more most only other over same should some such than that their then there these this those through under until very what when where which while whom with would write tell give make your please story'.split(
    ' ',
  ),
);

/** Readable sentences made of the prompt's own words; the emulator is no language model. */
export function makeText(prompt: string, salt: string): string {
  const words = [...new Set(prompt.match(/[\p{L}]{3,}/gu) ?? [])].filter(
    (word) => !common.has(word.toLowerCase()),
  );
  const topic = words.slice(0, 8).join(' ') || 'a quiet morning';
  const endings = [
    'and everyone remembered it well.',
    'and the evening ended in laughter.',
    'and nobody asked for more.',
    'and the road went on.',
  ];
  const byte = digest(prompt, salt)[0] ?? 0;
  return `Here is an answer about ${topic}. It begins with ${words[0] ?? 'the light'}, goes on with patience, ${endings[byte % endings.length]}`;
}

const levels = ['NEGLIGIBLE', 'LOW', 'MEDIUM', 'HIGH'];
const rated: [RegExp, string, string][] = [
  [/\bdangerous|\bweapon|\bexplosive/i, 'HARM_CATEGORY_DANGEROUS_CONTENT', 'MEDIUM'],
  [/\bidiot|\bharass/i, 'HARM_CATEGORY_HARASSMENT', 'MEDIUM'],
];
const bars: Record<string, number> = {
  BLOCK_LOW_AND_ABOVE: 1,
  BLOCK_MEDIUM_AND_ABOVE: 2,
  BLOCK_ONLY_HIGH: 3,
};

/** The ratings of a text by a small word list, and whether the settings block it; none for ordinary texts. */
export function rate(
  text: string,
  settings: JsonValue | undefined,
): { ratings: JsonObject[]; blocked: boolean } | undefined {
  const found = rated.filter(([pattern]) => pattern.test(text));
  if (found.length === 0) return undefined;
  let blocked = false;
  const all = [
    'HARM_CATEGORY_SEXUALLY_EXPLICIT',
    'HARM_CATEGORY_HATE_SPEECH',
    'HARM_CATEGORY_HARASSMENT',
    'HARM_CATEGORY_DANGEROUS_CONTENT',
  ];
  const ratings = all.map((category): JsonObject => {
    const probability = found.find(([, name]) => name === category)?.[2] ?? 'NEGLIGIBLE';
    const setting = Array.isArray(settings)
      ? settings.find((each) => isObject(each) && each.category === category)
      : undefined;
    const bar = isObject(setting) ? (bars[plainText(setting.threshold)] ?? 9) : 9;
    const over = levels.indexOf(probability) >= bar;
    blocked ||= over;
    return { category, probability, ...(over ? { blocked: true } : {}) };
  });
  return { ratings, blocked };
}

/** A value that fits an OpenAPI or JSON schema, made without chance. */
export function makeValue(schema: JsonValue | undefined, name: string): JsonValue {
  if (!isObject(schema)) return name;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (Array.isArray(schema.anyOf)) return makeValue(schema.anyOf[0], name);
  const type = plainText(Array.isArray(schema.type) ? schema.type[0] : schema.type).toUpperCase();
  if (type === 'OBJECT')
    return Object.fromEntries(
      Object.entries(isObject(schema.properties) ? schema.properties : {}).map(([key, inner]) => [
        key,
        makeValue(inner, key),
      ]),
    );
  if (type === 'ARRAY')
    return Array.from({ length: Math.max(1, Number(schema.minItems ?? 1)) }, (_, index) =>
      makeValue(schema.items, `${name} ${index + 1}`),
    );
  if (type === 'INTEGER' || type === 'NUMBER') return Number(schema.minimum ?? 1);
  if (type === 'BOOLEAN') return true;
  return type === 'NULL' ? null : name;
}

/** A GenerateContentResponse for a request, its parts as a stream would cut them. */
export function generate(
  request: JsonObject,
  model: string,
  salt: string,
  rule: Rule | undefined,
): JsonObject {
  const prompt = lastText(request);
  const promptTokens = countTokens({
    contents: request.contents ?? [],
    systemInstruction: request.systemInstruction ?? null,
  });
  const usage = (candidates: number, thoughts = 0): JsonObject => ({
    promptTokenCount: promptTokens,
    ...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
    totalTokenCount: promptTokens + candidates + thoughts,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  });
  const tail = {
    modelVersion: model,
    responseId: digest(salt, String(Math.random())).toString('base64url').slice(0, 22),
  };
  if (rule?.block !== undefined)
    return { promptFeedback: { blockReason: rule.block }, usageMetadata: usage(0), ...tail };
  const reply = rule?.reply ?? {};
  const config = isObject(request.generationConfig) ? request.generationConfig : {};
  const call = reply.functionCall ?? (rule ? undefined : forcedCall(request));
  let text =
    typeof reply.text === 'string' ? reply.text : rule || call ? undefined : ownText(prompt, config, salt);
  let finishReason = typeof reply.finishReason === 'string' ? reply.finishReason : 'STOP';
  const safety = isObject(reply.safetyRatings)
    ? {
        ratings: Object.entries(reply.safetyRatings).map(([category, probability]): JsonObject => ({
          category,
          probability,
        })),
        blocked: false,
      }
    : rule
      ? undefined
      : rate(`${prompt} ${text ?? ''}`, request.safetySettings);
  if (safety?.blocked) {
    text = undefined;
    finishReason = 'SAFETY';
  }
  if (text !== undefined) [text, finishReason] = bound(text, config, finishReason);
  const parts: JsonValue[] = [
    ...(typeof reply.thoughts === 'string' ? [{ text: reply.thoughts, thought: true }] : []),
    ...(text === undefined ? [] : [{ text }]),
    ...(isObject(call) ? [{ functionCall: call }] : []),
  ];
  const candidates = Array.from({ length: Number(config.candidateCount ?? 1) }, (_, index) => ({
    ...(parts.length > 0 ? { content: { parts, role: 'model' } } : {}),
    finishReason,
    ...(typeof reply.finishMessage === 'string' ? { finishMessage: reply.finishMessage } : {}),
    index,
    ...(safety ? { safetyRatings: safety.ratings } : {}),
  }));
  const counted = countTokens(text) + (isObject(call) ? countTokens(JSON.stringify(call)) : 0);
  const scripted = isObject(reply.usageMetadata) ? reply.usageMetadata : {};
  return {
    candidates,
    usageMetadata: { ...usage(counted, countTokens(reply.thoughts)), ...scripted },
    ...tail,
  };
}

/** The text of the last user turn. */
export function lastText(request: JsonObject): string {
  const last = Array.isArray(request.contents) ? request.contents.at(-1) : undefined;
  return isObject(last) ? textOf(last.parts) : '';
}

function ownText(prompt: string, config: JsonObject, salt: string): string {
  if (config.responseMimeType === 'application/json')
    return JSON.stringify(makeValue(config.responseSchema ?? config.responseJsonSchema, 'value'));
  return makeText(prompt, salt);
}

function bound(text: string, config: JsonObject, finishReason: string): [string, string] {
  let cut = text;
  for (const stop of Array.isArray(config.stopSequences) ? config.stopSequences : []) {
    const at = cut.indexOf(plainText(stop));
    if (at >= 0) cut = cut.slice(0, at);
  }
  const most = config.maxOutputTokens;
  if (typeof most !== 'number' || countTokens(cut) <= most) return [cut, finishReason];
  return [cut.slice(0, Math.floor(most * 4.5)), 'MAX_TOKENS'];
}

function forcedCall(request: JsonObject): JsonValue | undefined {
  const mode =
    isObject(request.toolConfig) && isObject(request.toolConfig.functionCallingConfig)
      ? request.toolConfig.functionCallingConfig.mode
      : undefined;
  const tool = Array.isArray(request.tools) ? request.tools[0] : undefined;
  const declared =
    isObject(tool) && Array.isArray(tool.functionDeclarations) ? tool.functionDeclarations[0] : undefined;
  if (mode !== 'ANY' || !isObject(declared)) return undefined;
  return {
    name: declared.name ?? '',
    args: makeValue(declared.parameters ?? declared.parametersJsonSchema ?? { type: 'OBJECT' }, 'value'),
  };
}

/** A unit vector of a text: near for texts that share words. */
export function embed(text: string, dimensions = 3072): number[] {
  const vector = new Float64Array(3072);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const seed = digest(word);
    for (let i = 0; i < 3072; i++)
      vector[i] = (vector[i] ?? 0) + Math.sin((seed[i % 32] ?? 0) * (i + 1) + (seed[(i + 7) % 32] ?? 0));
  }
  const cut = [...vector.subarray(0, dimensions)];
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return cut.map((value) => Number((value / norm).toPrecision(8)));
}

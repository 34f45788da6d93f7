/** Writes candidates as a GenerateContentResponse. */
import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { ownCandidate, scriptedCandidate, type Candidate, type Generation } from './candidate.ts';
import { countMedia } from './fake-media.ts';
import { digest } from './random.ts';
import { lastText, type GenerateRequest } from './request.ts';
import type { Rule } from './rules.ts';
import { blockedRatings } from './safety.ts';
import type { Reply } from './script-shape.ts';
import { detailsOf, tokenize, totalOf, type Modalities } from './tokens.ts';

/** Fields of a scripted reply that the candidate takes as they are. */
const candidateFields = [
  'citationMetadata',
  'groundingMetadata',
  'urlContextMetadata',
  'avgLogprobs',
  'logprobsResult',
  'tokenCount',
  'continuationToken',
] as const;

/** The whole response; a stream cuts it into events. `prompt` are the tokens of the prompt. */
export function generateResponse(
  generation: Generation,
  prompt: Modalities,
  rule: Rule | undefined,
): JsonObject {
  const { request, model, seed } = generation;
  const reply = rule?.reply;
  const tail: JsonObject = {
    modelVersion: reply?.modelVersion ?? model.id,
    responseId: reply?.responseId ?? randomUUID().replaceAll('-', '').slice(0, 22),
    ...(reply?.modelStatus === undefined ? {} : { modelStatus: reply.modelStatus }),
  };
  if (rule?.block !== undefined)
    return {
      promptFeedback: feedbackOf(rule.block, request),
      usageMetadata: {
        promptTokenCount: totalOf(prompt),
        totalTokenCount: totalOf(prompt),
        promptTokensDetails: detailsOf(prompt),
        serviceTier: tierOf(request),
      },
      ...tail,
    };
  const candidates = Array.from({ length: request.generationConfig?.candidateCount ?? 1 }, (_, index) => {
    const each = index === 0 ? generation : { request, model, seed: `${seed}\0${index}` };
    return reply ? scriptedCandidate(reply, each) : ownCandidate(each);
  });
  return {
    candidates: candidates.map((candidate, index) => writeCandidate(candidate, index, request, reply)),
    usageMetadata: usageOf(candidates, prompt, generation, reply?.usageMetadata),
    ...tail,
  };
}

/** The tier that serves a request: the one that it asks for, else `standard`. */
export function tierOf({ serviceTier = 'UNSPECIFIED' }: GenerateRequest): string {
  return serviceTier === 'UNSPECIFIED' ? 'standard' : serviceTier.toLowerCase();
}

function writeCandidate(
  { parts, finishReason, hasContent, ratings }: Candidate,
  index: number,
  { generationConfig: config = {} }: GenerateRequest,
  reply: Reply = {},
): JsonObject {
  const text = parts
    .map((part) => (typeof part.text === 'string' && !part.thought ? part.text : ''))
    .join('');
  const given = candidateFields.flatMap((name) => (reply[name] === undefined ? [] : [[name, reply[name]]]));
  return {
    ...(hasContent ? { content: { ...(parts.length > 0 ? { parts } : {}), role: 'model' } } : {}),
    finishReason,
    ...(reply.finishMessage === undefined ? {} : { finishMessage: reply.finishMessage }),
    index,
    ...(ratings ? { safetyRatings: [...ratings] } : {}),
    ...(config.responseLogprobs ? logprobsOf(text, config.logprobs ?? 0) : {}),
    ...(Object.fromEntries(given) as JsonObject),
  };
}

function usageOf(
  candidates: readonly Candidate[],
  prompt: Modalities,
  { request, model }: Generation,
  scripted: JsonObject = {},
): JsonObject {
  const text = candidates.reduce((sum, { visibleTokens }) => sum + visibleTokens, 0);
  const parts = candidates.flatMap((candidate) => candidate.parts);
  const media = countMedia(parts, model);
  const visible = text + totalOf(media);
  const details: Modalities = new Map([...(text > 0 ? [['TEXT', text] as const] : []), ...media]);
  // A model thinks once for all candidates.
  const thoughts = candidates[0]?.thoughtTokens ?? 0;
  const usage: JsonObject = {
    promptTokenCount: totalOf(prompt),
    ...(visible > 0 ? { candidatesTokenCount: visible } : {}),
    totalTokenCount: 0,
    promptTokensDetails: detailsOf(prompt),
    ...(media.size > 0 ? { candidatesTokensDetails: detailsOf(details) } : {}),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
    serviceTier: tierOf(request),
    ...scripted,
  };
  if (scripted.totalTokenCount === undefined)
    usage.totalTokenCount = [
      usage.promptTokenCount,
      usage.toolUsePromptTokenCount,
      usage.thoughtsTokenCount,
      usage.candidatesTokenCount,
    ].reduce((total: number, each) => total + Number(each ?? 0), 0);
  return usage;
}

/** The promptFeedback of a script: a whole one, or a reason, with ratings where it is SAFETY. */
function feedbackOf(block: JsonValue, request: GenerateRequest): JsonObject {
  if (isObject(block)) return block;
  if (block !== 'SAFETY') return { blockReason: block };
  return { blockReason: block, safetyRatings: blockedRatings(lastText(request.contents)) };
}

const rounded = (value: number): number => Number(value.toFixed(6));

/** `avgLogprobs` and `logprobsResult` of a text, made from its tokens; `top` is the number of alternatives for each. */
function logprobsOf(text: string, top: number): JsonObject {
  const chosen = tokenize(text).map((token, index) => {
    const bytes = digest(token, String(index));
    const logProbability = rounded(-(bytes[2] ?? 0) / 512 - 0.001);
    return { token, tokenId: bytes.readUInt16BE(0), logProbability };
  });
  if (chosen.length === 0) return {};
  const sum = chosen.reduce((total, { logProbability }) => total + logProbability, 0);
  const topCandidates = chosen.map((each) => ({
    candidates: [
      each,
      ...Array.from({ length: top - 1 }, (_, index) => {
        const token = `${each.token.startsWith(' ') ? ' ' : ''}other${index + 1}`;
        const tokenId = digest(each.token, token).readUInt16BE(0);
        return { token, tokenId, logProbability: rounded(each.logProbability - index - 1) };
      }),
    ],
  }));
  return {
    avgLogprobs: rounded(sum / chosen.length),
    logprobsResult: {
      ...(top > 0 ? { topCandidates } : {}),
      chosenCandidates: chosen,
      logProbabilitySum: rounded(sum),
    },
  };
}

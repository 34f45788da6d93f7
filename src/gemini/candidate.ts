import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { flagOf, numberOf, objectsOf, present, textOf } from './lenient.ts';
import { candidateOutcome } from './outcome.ts';
import type { Candidate, FunctionCall, SafetyRating } from './reply.ts';

/** Reads one candidate; its content may be missing, without parts, or hold thoughts alone. */
export function decodeCandidate(candidate: JsonObject): Candidate {
  const content = isObject(candidate.content) ? candidate.content : undefined;
  const parts = objectsOf(content?.parts);
  const finishReason = textOf(candidate.finishReason);
  const citations = isObject(candidate.citationMetadata)
    ? (candidate.citationMetadata.citationSources ?? candidate.citationMetadata.citations)
    : undefined;
  return {
    outcome: candidateOutcome(finishReason, parts),
    finishReason,
    finishMessage: textOf(candidate.finishMessage),
    text: joinText(parts, false),
    thoughts: joinText(parts, true),
    functionCalls: parts.flatMap(readCall),
    safetyRatings: readRatings(candidate.safetyRatings),
    citations: Array.isArray(citations) ? objectsOf(citations) : undefined,
    avgLogprobs: numberOf(candidate.avgLogprobs),
    content,
  };
}

/** Safety ratings as given; absent is not the same as negligible. */
export function readRatings(value: JsonValue | undefined): SafetyRating[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return objectsOf(value).map((rating) => ({
    ...present('category', textOf(rating.category)),
    ...present('probability', textOf(rating.probability)),
    ...present('blocked', flagOf(rating.blocked)),
  }));
}

function joinText(parts: readonly JsonObject[], thought: boolean): string | undefined {
  let text: string | undefined;
  for (const part of parts)
    if (typeof part.text === 'string' && (part.thought === true) === thought) text = (text ?? '') + part.text;
  return text;
}

function readCall({ functionCall }: JsonObject): FunctionCall[] {
  if (!isObject(functionCall) || typeof functionCall.name !== 'string') return [];
  const { name, args, id } = functionCall;
  return [{ name, args: isObject(args) ? args : {}, ...present('id', textOf(id)) }];
}

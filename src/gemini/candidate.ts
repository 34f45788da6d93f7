import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { enumValue } from './enums.ts';
import { flagOf, numberOf, objectsOf, present, textOf } from './json-readers.ts';
import { candidateOutcome } from './outcome.ts';
import { readParts } from './parts.ts';
import type { AnswerPart, Candidate, Grounding, SafetyRating } from './reply.ts';

/** Reads one candidate; its content may be missing, without parts, or hold thoughts alone. */
export function decodeCandidate(candidate: JsonObject): Candidate {
  const content = isObject(candidate.content) ? candidate.content : undefined;
  const parts = readParts(content);
  const finishReason = enumValue('finishReason', candidate.finishReason);
  const citations = isObject(candidate.citationMetadata)
    ? (candidate.citationMetadata.citationSources ?? candidate.citationMetadata.citations)
    : undefined;
  return {
    outcome: candidateOutcome(finishReason, parts),
    finishReason,
    finishMessage: textOf(candidate.finishMessage),
    parts,
    text: joinText(parts, false),
    thoughts: joinText(parts, true),
    functionCalls: parts.flatMap((part) => {
      if (part.kind !== 'call' || part.thought) return [];
      const { kind: _kind, thought: _thought, ...call } = part;
      return [call];
    }),
    safetyRatings: readRatings(candidate.safetyRatings),
    citations: Array.isArray(citations) ? objectsOf(citations) : undefined,
    grounding: readGrounding(candidate.groundingMetadata),
    avgLogprobs: numberOf(candidate.avgLogprobs),
    content,
  };
}

/**
 * Safety ratings as given; absent, which an empty list is too, is not the same as negligible. What cannot be read is a
 * rating without a category and a probability.
 */
export function readRatings(value: JsonValue | undefined): SafetyRating[] | undefined {
  const given = [value ?? []].flat();
  if (given.length === 0) return undefined;
  return given.map((each) => {
    const rating = isObject(each) ? each : {};
    return {
      ...present('category', enumValue('harmCategory', rating.category)),
      ...present('probability', enumValue('harmProbability', rating.probability)),
      ...present('blocked', flagOf(rating.blocked)),
    };
  });
}

/** The lists of queries in a groundingMetadata (API reference, GroundingMetadata). */
const queryLists = ['webSearchQueries', 'imageSearchQueries', 'retrievalQueries'];

function readGrounding(value: JsonValue | undefined): Grounding | undefined {
  if (!isObject(value)) return undefined;
  const queries = queryLists.flatMap((name) => {
    const list = value[name];
    return Array.isArray(list) ? list.filter((query) => typeof query === 'string') : [];
  });
  // A chunk is a map with one source: web, retrievedContext, maps or image.
  const uris = objectsOf(value.groundingChunks).flatMap((chunk) =>
    Object.values(chunk).flatMap((source) =>
      isObject(source) ? (textOf(source.uri) ?? textOf(source.sourceUri) ?? []) : [],
    ),
  );
  return { queries, uris };
}

function joinText(parts: readonly AnswerPart[], thought: boolean): string | undefined {
  let text: string | undefined;
  for (const part of parts)
    if (part.kind === 'text' && (part.thought ?? false) === thought) text = (text ?? '') + part.text;
  return text;
}

/** Writes drafts as a GenerateContentResponse. */
import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { draftOwn, draftReply, type Asked, type Draft } from './draft.ts';
import { logprobsOf } from './logprobs.ts';
import { countMade } from './made-media.ts';
import { lastText, type GenerateRequest } from './request.ts';
import { blockedRatings } from './safety.ts';
import type { Rule } from './rule.ts';
import { detailsOf, totalOf, type Modalities } from './tokens.ts';

/** Fields of a scripted reply that stand in the candidate as they are. */
const candidateFields = [
  'citationMetadata',
  'groundingMetadata',
  'urlContextMetadata',
  'avgLogprobs',
  'logprobsResult',
  'tokenCount',
  'continuationToken',
] as const;

/** The whole response, which a stream cuts into events. */
export function generate(asked: Asked, prompt: Modalities, rule: Rule | undefined): JsonObject {
  const { request, model, salt } = asked;
  const config = request.generationConfig ?? {};
  const reply = rule?.reply;
  const tail: JsonObject = {
    modelVersion: reply?.modelVersion ?? model.id,
    responseId: reply?.responseId ?? randomUUID().replaceAll('-', '').slice(0, 22),
    ...(reply?.modelStatus === undefined ? {} : { modelStatus: reply.modelStatus }),
  };
  if (rule?.block !== undefined) return { ...blocked(rule.block, asked, prompt), ...tail };
  const drafts = Array.from({ length: config.candidateCount ?? 1 }, (_, index) => {
    const each = index === 0 ? asked : { ...asked, salt: `${salt}\0${index}` };
    return reply ? draftReply(reply, each) : draftOwn(each);
  });
  const candidates = drafts.map((draft, index): JsonObject => {
    const { parts, finishReason, content, ratings } = draft;
    const logprobs = config.responseLogprobs ? logprobsOf(visibleText(draft), config.logprobs ?? 0) : {};
    const given = candidateFields.flatMap((name) =>
      reply?.[name] === undefined ? [] : [[name, reply[name]]],
    );
    return {
      ...(content ? { content: parts.length > 0 ? { parts, role: 'model' } : { role: 'model' } } : {}),
      finishReason,
      ...(reply?.finishMessage === undefined ? {} : { finishMessage: reply.finishMessage }),
      index,
      ...(ratings ? { safetyRatings: ratings as JsonObject[] } : {}),
      ...logprobs,
      ...(Object.fromEntries(given) as JsonObject),
    };
  });
  return { candidates, usageMetadata: usage(drafts, prompt, asked, reply?.usageMetadata), ...tail };
}

/** The tier that serves a request: what it asks for, `standard` unless it asks. */
export function tierOf({ serviceTier = 'UNSPECIFIED' }: GenerateRequest): string {
  return serviceTier === 'UNSPECIFIED' ? 'standard' : serviceTier.toLowerCase();
}

function visibleText({ parts }: Draft): string {
  return parts
    .map(({ text, thought }) => (typeof text === 'string' && thought !== true ? text : ''))
    .join('');
}

function usage(
  drafts: readonly Draft[],
  prompt: Modalities,
  { request, model }: Asked,
  scripted: JsonObject = {},
): JsonObject {
  const text = drafts.reduce((total, { visibleTokens }) => total + visibleTokens, 0);
  // A model thinks once for all candidates of a request.
  const thoughts = drafts[0]?.thoughtTokens ?? 0;
  const made = countMade(
    drafts.flatMap(({ parts }) => parts),
    model,
  );
  const visible = text + totalOf(made);
  const counted: JsonObject = {
    promptTokenCount: totalOf(prompt),
    ...(visible > 0 ? { candidatesTokenCount: visible } : {}),
    totalTokenCount: 0,
    promptTokensDetails: detailsOf(prompt),
    ...(made.size > 0
      ? {
          candidatesTokensDetails: detailsOf(
            new Map([...(text > 0 ? [['TEXT', text] as const] : []), ...made]),
          ),
        }
      : {}),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
    serviceTier: tierOf(request),
    ...scripted,
  };
  if (scripted.totalTokenCount === undefined)
    counted.totalTokenCount = [
      counted.promptTokenCount,
      counted.toolUsePromptTokenCount,
      counted.thoughtsTokenCount,
      counted.candidatesTokenCount,
    ].reduce((total: number, each) => total + Number(each ?? 0), 0);
  return counted;
}

/** A prompt that is blocked has no candidates; ratings come where it is blocked for safety. */
function blocked(block: JsonValue, { request }: Asked, prompt: Modalities): JsonObject {
  const total = totalOf(prompt);
  const feedback: JsonObject = isObject(block)
    ? block
    : {
        blockReason: block,
        ...(block === 'SAFETY'
          ? { safetyRatings: blockedRatings(lastText(request.contents)) as unknown as JsonObject[] }
          : {}),
      };
  return {
    promptFeedback: feedback,
    usageMetadata: {
      promptTokenCount: total,
      totalTokenCount: total,
      promptTokensDetails: detailsOf(prompt),
      serviceTier: tierOf(request),
    },
  };
}

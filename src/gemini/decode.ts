import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { cut } from '../lib/redact.ts';
import { decodeCandidate, readRatings } from './candidate.ts';
import { enumValue } from './enums.ts';
import { readError } from './errors.ts';
import { objectsOf, textOf } from './json-readers.ts';
import { replyKind, type Method, type ReplyKind } from './methods.ts';
import { worstOutcome } from './outcome.ts';
import type { ApiError, Candidate, Outcome, Reply } from './reply.ts';
import type { Exchange } from './request.ts';
import { countUsage, readUsage } from './usage.ts';

type Decoded = Omit<Reply, 'kind' | 'latency' | 'raw' | 'chunks'>;

/**
 * Reads an exchange. Nothing in a reply is taken for granted: a field that is missing or has the wrong type is
 * absent here; only a body without what the method exists for is `malformed`.
 */
export function decodeReply(method: Method, exchange: Exchange, error = readError(exchange)): Reply {
  const kind = replyKind(method);
  const { body: raw, totalMs, firstTokenMs, chunks } = exchange;
  return { kind, ...decoded(kind, exchange, error), raw, latency: { totalMs, firstTokenMs }, chunks };
}

/** The whole content of the (first) candidate, to be sent back as a model turn with its thought signatures. */
export function modelTurn(reply: Reply): JsonObject | undefined {
  const content = reply.candidates[0]?.content;
  // The API refuses a turn without parts.
  if (!content || objectsOf(content.parts).length === 0) return undefined;
  return { ...content, role: 'model' };
}

function decoded(kind: ReplyKind, exchange: Exchange, error: ApiError | undefined): Decoded {
  if (error) return { outcome: 'apiError', error, candidates: [] };
  if (exchange.failure) return malformed(exchange.failure.message + quote(exchange.text));
  const { body } = exchange;
  if (exchange.incomplete && body === undefined) return malformed('the stream ended without any event');
  if (!isObject(body)) return malformed('the response is not a JSON object');
  switch (kind) {
    case 'generation':
      return generation(body, exchange.incomplete === true);
    case 'count': {
      const usage = countUsage(body);
      return usage ? { ...succeeded, usage } : malformed('the response has no totalTokens');
    }
    case 'embedding':
      return embedding(body);
    default:
      return succeeded;
  }
}

const succeeded: Decoded = { outcome: 'answered', candidates: [] };

function malformed(problem: string): Decoded {
  return { outcome: 'malformed', problem, candidates: [] };
}

function generation(body: JsonObject, incomplete: boolean): Decoded {
  const feedback = isObject(body.promptFeedback) ? body.promptFeedback : {};
  const blockReason = enumValue('blockReason', feedback.blockReason);
  const whole: Outcome | undefined = incomplete
    ? 'malformed'
    : blockReason === undefined
      ? undefined
      : 'promptBlocked';
  const candidates = objectsOf(body.candidates).map((candidate) => {
    const read = decodeCandidate(candidate);
    return whole ? { ...read, outcome: whole } : read;
  });
  return {
    outcome: whole ?? worstOutcome(candidates.map(({ outcome }) => outcome)),
    problem: incomplete ? endedEarly(candidates) : undefined,
    candidates,
    blockReason,
    promptSafetyRatings: readRatings(feedback.safetyRatings),
    usage: readUsage(body.usageMetadata),
    modelVersion: textOf(body.modelVersion),
    responseId: textOf(body.responseId),
  };
}

function endedEarly(candidates: readonly Candidate[]): string {
  return candidates.some(({ finishReason }) => finishReason !== undefined)
    ? 'the stream ended before every candidate had finished'
    : 'the stream ended without a finishReason';
}

function embedding(body: JsonObject): Decoded {
  const given = Array.isArray(body.embeddings) ? body.embeddings : [body.embedding];
  const vectors: number[][] = [];
  for (const entry of given) {
    const values = isObject(entry) ? entry.values : undefined;
    if (!isVector(values)) return malformed('the response has an embedding without values');
    vectors.push(values);
  }
  if (vectors.length === 0) return malformed('the response has no embedding');
  return { ...succeeded, vectors, usage: readUsage(body.usageMetadata) };
}

function isVector(values: JsonValue | undefined): values is number[] {
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'number');
}

function quote(text: string | undefined): string {
  const line = text && cut(text, 100).replace(/\s+/g, ' ').trim();
  return line ? `: ${line}` : '';
}

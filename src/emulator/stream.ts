/** Cuts a whole response into the events of a stream. */
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** A candidate of one event, and the characters of thought and of answer in it. */
interface Piece {
  readonly candidate: JsonObject;
  readonly thought: number;
  readonly visible: number;
}

/** The events of a response: each text in `chunks` pieces, thoughts first, finishReason in the last. A list is the events. */
export function cutIntoEvents(reply: JsonValue, chunks: number): JsonValue[] {
  if (Array.isArray(reply)) return reply;
  if (!isObject(reply) || !Array.isArray(reply.candidates) || reply.candidates.length === 0) return [reply];
  const cut = reply.candidates.filter(isObject).map((candidate) => cutCandidate(candidate, chunks));
  const rounds = Math.max(...cut.map(({ length }) => length));
  const pieces = Array.from({ length: rounds }, (_, round) =>
    cut.flatMap((each) => each[round] ?? []),
  ).flat();
  const { usageMetadata: usage, candidates: _, ...rest } = reply;
  const [sent, all] = [noText(), noText()];
  for (const piece of pieces) add(all, piece);
  return pieces.map((piece, index) => {
    add(sent, piece);
    const isLast = index === pieces.length - 1;
    return {
      candidates: [piece.candidate],
      ...(isObject(usage) ? { usageMetadata: isLast ? lastUsage(usage) : usageSoFar(usage, sent, all) } : {}),
      ...rest,
    };
  });
}

interface Amount {
  thought: number;
  visible: number;
}

const noText = (): Amount => ({ thought: 0, visible: 0 });

function add(sum: Amount, { thought, visible }: Piece): void {
  sum.thought += thought;
  sum.visible += visible;
}

function lastUsage(usage: JsonObject): JsonObject {
  const count = usage.candidatesTokenCount;
  if (typeof count !== 'number' || usage.candidatesTokensDetails !== undefined) return usage;
  return { ...usage, candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: count }] };
}

/** Usage grows from event to event; candidatesTokenCount is missing until there is an answer. */
function usageSoFar(usage: JsonObject, sent: Amount, all: Amount): JsonObject {
  const {
    promptTokenCount,
    candidatesTokenCount,
    candidatesTokensDetails: _,
    thoughtsTokenCount,
    totalTokenCount,
    ...rest
  } = usage;
  const share = (count: JsonValue | undefined, part: number, whole: number): number =>
    part >= whole ? Number(count ?? 0) : Math.ceil((Number(count ?? 0) * part) / whole);
  const visible = sent.visible === 0 ? 0 : share(candidatesTokenCount, sent.visible, all.visible);
  const thoughts = share(thoughtsTokenCount, sent.thought, all.thought);
  const left = Number(candidatesTokenCount ?? 0) - visible + Number(thoughtsTokenCount ?? 0) - thoughts;
  return {
    ...(promptTokenCount === undefined ? {} : { promptTokenCount }),
    ...(visible > 0 ? { candidatesTokenCount: visible } : {}),
    ...(totalTokenCount === undefined ? {} : { totalTokenCount: Number(totalTokenCount) - left }),
    ...rest,
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
}

function cutCandidate(candidate: JsonObject, chunks: number): Piece[] {
  const { content, finishReason, index, ...rest } = candidate;
  const write = (inner: JsonValue | undefined, isLast: boolean): JsonObject => ({
    ...(inner === undefined ? {} : { content: inner }),
    ...(isLast && finishReason !== undefined ? { finishReason } : {}),
    ...(index === undefined ? {} : { index }),
    ...(isLast ? rest : {}),
  });
  const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
  const deltas = parts.flatMap((part) => (isObject(part) ? cutPart(part, chunks) : [part]));
  if (deltas.length === 0) return [{ candidate: write(content, true), ...noText() }];
  // A recited text is not taken back: the stream ends with an event without content.
  const isRecited = finishReason === 'RECITATION';
  const pieces = deltas.map((part, place): Piece => {
    const inner = { ...(isObject(content) ? content : {}), parts: [part] };
    const size = !isObject(part)
      ? 0
      : typeof part.text === 'string'
        ? part.text.length
        : JSON.stringify(part).length;
    const isThought = isObject(part) && part.thought === true;
    return {
      candidate: write(inner, place === deltas.length - 1 && !isRecited),
      thought: isThought ? size : 0,
      visible: isThought ? 0 : size,
    };
  });
  return isRecited ? [...pieces, { candidate: write(undefined, true), ...noText() }] : pieces;
}

/** A text in pieces, and its signature on an empty text after them; other parts stay whole. */
function cutPart(part: JsonObject, chunks: number): JsonValue[] {
  if (typeof part.text !== 'string' || part.text === '') return [part];
  const { text, thoughtSignature, ...rest } = part;
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / (part.thought === true ? 1 : chunks)));
  const pieces: JsonValue[] = [];
  for (let at = 0; at < characters.length; at += size)
    pieces.push({ text: characters.slice(at, at + size).join(''), ...rest });
  if (thoughtSignature !== undefined) pieces.push({ text: '', ...rest, thoughtSignature });
  return pieces;
}

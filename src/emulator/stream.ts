/** Cuts a whole response into the events of a stream. */
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

interface Piece {
  readonly candidate: JsonObject;
  /** Characters of thought and of answer in this piece. */
  readonly thought: number;
  readonly visible: number;
}

/** The events of a response: thoughts, then the text in `chunks` pieces, the reason to finish in the last. A list is taken for events. */
export function cutIntoEvents(reply: JsonValue, chunks: number): JsonValue[] {
  if (Array.isArray(reply)) return reply;
  if (!isObject(reply) || !Array.isArray(reply.candidates) || reply.candidates.length === 0) return [reply];
  const cut = reply.candidates.map((candidate) =>
    isObject(candidate) ? cutCandidate(candidate, chunks) : [],
  );
  const rounds = Math.max(...cut.map(({ length }) => length));
  const pieces = Array.from({ length: rounds }, (_, round) =>
    cut.flatMap((each) => (each[round] ? [each[round]] : [])),
  ).flat();
  const all = measure(pieces);
  const seen = { thought: 0, visible: 0 };
  return pieces.map((piece, index) => {
    seen.thought += piece.thought;
    seen.visible += piece.visible;
    const { usageMetadata, candidates: _, ...rest } = reply;
    return {
      candidates: [piece.candidate],
      ...(isObject(usageMetadata)
        ? {
            usageMetadata:
              index === pieces.length - 1 ? whole(usageMetadata) : soFar(usageMetadata, seen, all),
          }
        : {}),
      ...rest,
    };
  });
}

function measure(pieces: readonly Piece[]): { thought: number; visible: number } {
  return {
    thought: pieces.reduce((sum, each) => sum + each.thought, 0),
    visible: pieces.reduce((sum, each) => sum + each.visible, 0),
  };
}

function whole(usage: JsonObject): JsonObject {
  const count = usage.candidatesTokenCount;
  if (typeof count !== 'number' || usage.candidatesTokensDetails !== undefined) return usage;
  return { ...usage, candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: count }] };
}

/** Usage grows from event to event; the answer's count is missing until there is some. */
function soFar(
  usage: JsonObject,
  seen: { thought: number; visible: number },
  all: { thought: number; visible: number },
): JsonObject {
  const {
    candidatesTokenCount,
    candidatesTokensDetails: _,
    thoughtsTokenCount,
    totalTokenCount,
    ...rest
  } = usage;
  const share = (count: JsonValue | undefined, part: number, of: number): number =>
    of === 0 || part >= of ? Number(count ?? 0) : Math.ceil((Number(count ?? 0) * part) / of);
  const visible = seen.visible === 0 ? 0 : share(candidatesTokenCount, seen.visible, all.visible);
  const thoughts = share(thoughtsTokenCount, seen.thought, all.thought);
  const left = Number(candidatesTokenCount ?? 0) - visible + Number(thoughtsTokenCount ?? 0) - thoughts;
  const { promptTokenCount, ...others } = rest;
  return {
    ...(promptTokenCount === undefined ? {} : { promptTokenCount }),
    ...(visible > 0 ? { candidatesTokenCount: visible } : {}),
    ...(totalTokenCount === undefined ? {} : { totalTokenCount: Number(totalTokenCount) - left }),
    ...others,
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
}

function cutCandidate(candidate: JsonObject, chunks: number): Piece[] {
  const { content, finishReason, index, ...last } = candidate;
  const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
  const deltas = parts.flatMap((part) => (isObject(part) ? cutPart(part, chunks) : [part]));
  const numbered = index === undefined ? {} : { index };
  const ending = finishReason === undefined ? {} : { finishReason };
  if (deltas.length === 0)
    return [
      {
        candidate: { ...(content === undefined ? {} : { content }), ...ending, ...numbered, ...last },
        thought: 0,
        visible: 0,
      },
    ];
  // What was recited is not taken back: the stream ends with an event that has no content.
  const apart = finishReason === 'RECITATION';
  const pieces = deltas.map((part, place): Piece => {
    const ends = place === deltas.length - 1 && !apart;
    const size = isObject(part)
      ? typeof part.text === 'string'
        ? part.text.length
        : JSON.stringify(part).length
      : 0;
    const thought = isObject(part) && part.thought === true;
    return {
      candidate: {
        content: { ...(isObject(content) ? content : {}), parts: [part] },
        ...(ends ? ending : {}),
        ...numbered,
        ...(ends ? last : {}),
      },
      thought: thought ? size : 0,
      visible: thought ? 0 : size,
    };
  });
  return apart
    ? [...pieces, { candidate: { ...ending, ...numbered, ...last }, thought: 0, visible: 0 }]
    : pieces;
}

/** A text in pieces, its signature on an empty one after them; everything else whole. */
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

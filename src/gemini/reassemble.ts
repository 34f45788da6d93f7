import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { isWorseFinish } from './outcome.ts';

/** Folds the events of a stream into the body that the unstreamed call would have given. */
export interface Reassembly {
  add(event: JsonObject): void;
  body(): JsonObject;
}

/** The keys of a text part that may be joined with its neighbour; any other key keeps it apart. */
const textKeys = new Set(['text', 'thought', 'thoughtSignature']);

/** Lists inside a candidate of which each event brings only the new entries. Their order carries indices: no sorting. */
const growing: Record<string, readonly string[]> = {
  groundingMetadata: ['groundingChunks', 'groundingSupports'],
  logprobsResult: ['chosenCandidates', 'topCandidates'],
};
/** Lists of which an event may repeat entries that an earlier one brought. */
const distinct: Record<string, readonly string[]> = {
  citationMetadata: ['citationSources'],
  groundingMetadata: ['webSearchQueries'],
  urlContextMetadata: ['urlMetadata'],
};
const accumulated = new Set([...Object.keys(growing), ...Object.keys(distinct)]);

/** Maps at the top that are merged field by field: a later event that lacks a count, or a block, does not take it back. */
const merging = new Set(['usageMetadata', 'promptFeedback']);

/** Starts with nothing; whatever is not merged below is taken from the last event that has it. */
export function createReassembly(): Reassembly {
  const rest: Fields = new Map();
  const candidates = new Map<number, Merged>();
  return {
    add(event) {
      for (const [key, value] of Object.entries(event)) {
        const before = rest.get(key);
        if (merging.has(key) && isObject(before))
          rest.set(key, isObject(value) ? overlaid(before, value) : before);
        else if (key !== 'candidates') put(rest, key, value);
        else if (Array.isArray(value)) {
          value.forEach((candidate, position) => {
            if (!isObject(candidate)) return;
            // Some streams leave the index out.
            const index = typeof candidate.index === 'number' ? candidate.index : position;
            const merged = candidates.get(index) ?? { fields: new Map(), parts: [] };
            candidates.set(index, merged);
            addCandidate(merged, candidate);
          });
        }
      }
    },
    body() {
      if (candidates.size === 0) return Object.fromEntries(rest);
      const ordered = [...candidates].toSorted(([a], [b]) => a - b);
      return { candidates: ordered.map(([, merged]) => finish(merged)), ...Object.fromEntries(rest) };
    },
  };
}

type Fields = Map<string, JsonValue>;

interface Merged {
  readonly fields: Fields;
  readonly parts: Part[];
  content?: JsonObject;
}

/** A part under way: the texts of joined parts are kept apart until the end, so that long streams stay linear. */
interface Part {
  readonly value: JsonObject;
  readonly texts: string[] | undefined;
}

function addCandidate(merged: Merged, candidate: JsonObject): void {
  const { content, finishReason, finishMessage, ...others } = candidate;
  if (isObject(content)) {
    const { parts, ...beside } = content;
    merged.content = { ...merged.content, ...beside };
    if (Array.isArray(parts)) for (const part of parts) if (isObject(part)) addPart(merged.parts, part);
  }
  addFinish(merged.fields, finishReason, finishMessage);
  for (const [key, value] of Object.entries(others)) {
    const before = merged.fields.get(key);
    if (accumulated.has(key) && isObject(value))
      merged.fields.set(key, accumulate(key, isObject(before) ? before : {}, value));
    // A later event must not take back a rating: all that differ are kept, and assertions judge each.
    else if (key === 'safetyRatings' && Array.isArray(before) && Array.isArray(value))
      merged.fields.set(key, united(before, value));
    else put(merged.fields, key, value);
  }
}

/** A candidate that ended twice ended the worse way, and the message is that end's. */
function addFinish(fields: Fields, reason: JsonValue | undefined, message: JsonValue | undefined): void {
  const before = fields.get('finishReason');
  if (reason !== undefined && reason !== null) {
    if (isWorseFinish(before, reason)) return;
    fields.set('finishReason', reason);
    if (before !== undefined && before !== reason) fields.delete('finishMessage');
  }
  if (message !== undefined) put(fields, 'finishMessage', message);
}

/** Sets a field, but for what says nothing where an earlier event said something. */
function put(fields: Fields, key: string, value: JsonValue): void {
  if (!fields.has(key) || !isNothing(value)) fields.set(key, value);
}

function overlaid(before: JsonObject, added: JsonObject): JsonObject {
  const fields: Fields = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(added)) put(fields, key, value);
  return Object.fromEntries(fields);
}

/** Null and the empty list are how an absent field may be written. */
function isNothing(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function addPart(parts: Part[], part: JsonObject): void {
  const last = parts.at(-1);
  const { text } = part;
  const joinable = typeof text === 'string' && Object.keys(part).every((key) => textKeys.has(key));
  if (!joinable) parts.push({ value: part, texts: undefined });
  else if (last?.texts && sameKind(last.value, part)) last.texts.push(text);
  // An empty text ends many streams; behind a function call it would be a part that the whole reply has not.
  else if (text !== '' || part.thoughtSignature !== undefined || !last)
    parts.push({ value: part, texts: [text] });
}

function sameKind(a: JsonObject, b: JsonObject): boolean {
  return (a.thought === true) === (b.thought === true) && a.thoughtSignature === b.thoughtSignature;
}

/** The entries of both lists, without those of the second that the first has. */
function united(before: readonly JsonValue[], added: readonly JsonValue[]): JsonValue[] {
  const known = new Set(before.map((entry) => JSON.stringify(entry)));
  return [...before, ...added.filter((entry) => !known.has(JSON.stringify(entry)))];
}

function accumulate(key: string, before: JsonObject, added: JsonObject): JsonObject {
  const result: JsonObject = { ...before, ...added };
  const join = (name: string, once: boolean): void => {
    const old = before[name];
    const fresh = added[name];
    if (!Array.isArray(old)) return;
    const entries = Array.isArray(fresh) ? fresh : [];
    result[name] = once ? united(old, entries) : [...old, ...entries];
  };
  for (const name of growing[key] ?? []) join(name, false);
  for (const name of distinct[key] ?? []) join(name, true);
  return result;
}

function finish({ fields, parts, content }: Merged): JsonObject {
  if (!content) return Object.fromEntries(fields);
  const whole = parts.map(({ value, texts }) => (texts ? { ...value, text: texts.join('') } : value));
  return {
    content: { ...(whole.length > 0 ? { parts: whole } : {}), ...content },
    ...Object.fromEntries(fields),
  };
}

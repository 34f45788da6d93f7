import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

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

/** Starts with nothing; whatever is not merged below is taken from the last event that has it (usage above all). */
export function createReassembly(): Reassembly {
  const rest: JsonObject = {};
  const candidates = new Map<number, Merged>();
  return {
    add(event) {
      for (const [key, value] of Object.entries(event)) {
        if (key !== 'candidates' || !Array.isArray(value)) rest[key] = value;
        else {
          value.forEach((candidate, position) => {
            if (!isObject(candidate)) return;
            // Some streams leave the index out.
            const index = typeof candidate.index === 'number' ? candidate.index : position;
            const merged = candidates.get(index) ?? { fields: {}, parts: [] };
            candidates.set(index, merged);
            addCandidate(merged, candidate);
          });
        }
      }
    },
    body() {
      if (candidates.size === 0) return { ...rest };
      const ordered = [...candidates].toSorted(([a], [b]) => a - b);
      return { candidates: ordered.map(([, merged]) => finish(merged)), ...rest };
    },
  };
}

interface Merged {
  readonly fields: JsonObject;
  readonly parts: Part[];
  content?: JsonObject;
}

/** A part under way: the texts of joined parts are kept apart until the end, so that long streams stay linear. */
interface Part {
  readonly value: JsonObject;
  readonly texts: string[] | undefined;
}

function addCandidate(merged: Merged, candidate: JsonObject): void {
  for (const [key, value] of Object.entries(candidate)) {
    if (key === 'content' && isObject(value)) {
      const { parts, ...others } = value;
      merged.content = { ...merged.content, ...others };
      if (Array.isArray(parts)) for (const part of parts) if (isObject(part)) addPart(merged.parts, part);
    } else if (accumulated.has(key) && isObject(value)) {
      const before = merged.fields[key];
      merged.fields[key] = accumulate(key, isObject(before) ? before : {}, value);
    } else merged.fields[key] = value;
  }
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

function accumulate(key: string, before: JsonObject, added: JsonObject): JsonObject {
  const result: JsonObject = { ...before, ...added };
  const join = (name: string, once: boolean): void => {
    const old = before[name];
    const fresh = added[name];
    if (!Array.isArray(old)) return;
    const entries = Array.isArray(fresh) ? fresh : [];
    const known = new Set(once ? old.map((entry) => JSON.stringify(entry)) : []);
    result[name] = [...old, ...entries.filter((entry: JsonValue) => !known.has(JSON.stringify(entry)))];
  };
  for (const name of growing[key] ?? []) join(name, false);
  for (const name of distinct[key] ?? []) join(name, true);
  return result;
}

function finish({ fields, parts, content }: Merged): JsonObject {
  if (!content) return { ...fields };
  const whole = parts.map(({ value, texts }) => (texts ? { ...value, text: texts.join('') } : value));
  return { content: { ...(whole.length > 0 ? { parts: whole } : {}), ...content }, ...fields };
}

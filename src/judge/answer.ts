import { numberOf, textOf } from '../gemini/json-readers.ts';
import type { AnswerPart, Candidate, Reply } from '../gemini/reply.ts';
import { tokenCounts, type TokenCounts } from '../gemini/reply.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { CandidateResult, PartResult, TurnResult } from './case-record.ts';

/** Texts are lists of lines: one changed word is one changed line of the file. */
export const linesOf = (text: string): string[] => text.split('\n');

/** A list, left out where it is empty. */
export const ifAny = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;

/** What one candidate answered, media as digests. */
export function candidateResult(candidate: Candidate): CandidateResult {
  const { finishReason, finishMessage, text, thoughts, functionCalls, citations, grounding, safetyRatings } =
    candidate;
  return {
    finishReason,
    finishMessage,
    text: text === undefined ? [] : linesOf(text),
    thoughts: thoughts === undefined ? undefined : linesOf(thoughts),
    parts: partResults(candidate),
    functionCalls: ifAny(functionCalls)?.map(({ name, args }) => ({ name, args })),
    safety: safetyRatings,
    citations: ifAny(citations)?.map(citationResult),
    grounding,
  };
}

/** What a turn of a conversation came to: its first candidate is the one that was sent back. */
export function turnResult(reply: Reply): TurnResult {
  const { outcome, blockReason, candidates } = reply;
  const [candidate] = candidates;
  const answer = candidate ? candidateResult(candidate) : { text: [] };
  return { outcome, blockReason, ...answer, usage: sumUsage([reply]) };
}

function citationResult({ uri, title, license, startIndex, endIndex }: JsonObject) {
  return {
    uri: textOf(uri),
    title: textOf(title),
    license: textOf(license),
    startIndex: numberOf(startIndex),
    endIndex: numberOf(endIndex),
  };
}

/** The counts of all calls together, always in the same order: the calls of a conversation may give different ones. */
export function sumUsage(replies: readonly Reply[]): TokenCounts | undefined {
  const sums: { -readonly [Name in keyof TokenCounts]: TokenCounts[Name] } = {};
  for (const name of tokenCounts)
    for (const { usage } of replies) {
      const given = usage?.[name];
      if (given !== undefined) sums[name] = (sums[name] ?? 0) + given;
    }
  return Object.keys(sums).length > 0 ? sums : undefined;
}

/**
 * The parts of a candidate in order, media as digests; undefined where it holds text, thoughts and function calls alone,
 * which are kept anyway: most replies are not kept twice.
 */
function partResults({ parts }: Candidate): readonly PartResult[] | undefined {
  return parts.every(({ kind }) => kind === 'text' || kind === 'call') ? undefined : parts.map(partResult);
}

function partResult(part: AnswerPart): PartResult {
  const thought = part.thought ? { thought: true as const } : {};
  switch (part.kind) {
    case 'text':
      return { type: 'text', ...thought, text: linesOf(part.text) };
    case 'media':
      return mediaPart(part.mimeType, part.data, thought);
    case 'file':
      return { type: 'file', ...thought, mimeType: part.mimeType, uri: part.uri };
    case 'call':
      return { type: 'functionCall', ...thought, name: part.name, args: part.args };
    case 'code':
      return { type: 'executableCode', ...thought, language: part.language, code: linesOf(part.code) };
    case 'codeResult':
      return { type: 'codeExecutionResult', ...thought, outcome: part.outcome, output: linesOf(part.output) };
    default:
      return { type: 'other', ...thought, part: withoutData(part.part) };
  }
}

function mediaPart(mimeType: string | undefined, data: string, thought: { thought?: true }): PartResult {
  const { type, ...facts } = digestOf(mimeType, data);
  return { type, ...thought, ...facts };
}

const families = ['image', 'audio', 'video'] as const;

function digestOf(
  mimeType: string | undefined,
  base64: string,
): Pick<PartResult, 'type' | 'mimeType'> & { readonly bytes: number; readonly sha256: string } {
  const bytes = Buffer.from(base64, 'base64');
  return {
    type: families.find((family) => mimeType?.toLowerCase().startsWith(`${family}/`)) ?? 'media',
    mimeType,
    bytes: bytes.length,
    sha256: sha256Hash().update(bytes).digest('hex'),
  };
}

/** A part of a kind that is not known, with the data of each blob in it as a digest. */
function withoutData(part: JsonObject): JsonObject {
  const { data, ...others } = part;
  const kept = Object.entries(others).map(([key, value]) => [key, withoutDataIn(value)] as const);
  if (data === undefined) return Object.fromEntries(kept);
  if (typeof data !== 'string') return Object.fromEntries([...kept, ['data', withoutDataIn(data)]]);
  const { bytes, sha256 } = digestOf(undefined, data);
  return Object.fromEntries([...kept, ['bytes', bytes], ['sha256', sha256]]);
}

function withoutDataIn(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutDataIn);
  return isObject(value) ? withoutData(value) : value;
}

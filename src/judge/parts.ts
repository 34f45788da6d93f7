import type { AnswerPart, Candidate } from '../gemini/reply.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { MediaDigest, PartResult } from './results.ts';

/**
 * The parts of a candidate in order, media as digests; undefined where it holds text, thoughts and function calls alone,
 * which stand apart already: the bulk of replies is not kept twice.
 */
export function partResults({ parts }: Candidate): readonly PartResult[] | undefined {
  return parts.every(({ kind }) => kind === 'text' || kind === 'call') ? undefined : parts.map(partResult);
}

function partResult(part: AnswerPart): PartResult {
  const thought = part.thought ? { thought: true as const } : {};
  switch (part.kind) {
    case 'text':
      return { type: 'text', ...thought, text: part.text };
    case 'media':
      return mediaPart(part.mimeType, part.data, thought);
    case 'file':
      return { type: 'file', ...thought, mimeType: part.mimeType, uri: part.uri };
    case 'call':
      return { type: 'functionCall', ...thought, name: part.name, args: part.args };
    case 'code':
      return { type: 'executableCode', ...thought, language: part.language, code: part.code };
    case 'codeResult':
      return { type: 'codeExecutionResult', ...thought, outcome: part.outcome, output: part.output };
    default:
      return { type: 'other', ...thought, part: withoutData(part.part) };
  }
}

function mediaPart(mimeType: string | undefined, data: string, thought: { thought?: true }): PartResult {
  const { type, ...facts } = digestOf(mimeType, data);
  return { type, ...thought, ...facts };
}

const families = ['image', 'audio', 'video'] as const;

function digestOf(mimeType: string | undefined, base64: string): MediaDigest {
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

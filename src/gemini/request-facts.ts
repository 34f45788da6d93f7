/** What Assay asks of a request body. */
import { isObject, type JsonValue } from '../lib/json.ts';
import type { BuiltContent } from './build.ts';
import { Media } from './media.ts';
import type { Method } from './methods.ts';
import type { Body, BodyValue, Conversation } from './request.ts';

interface HasRequest {
  readonly request: Conversation;
}

/**
 * Where a conversation asks the model: for each call how many of `contents` are sent before the reply, which takes the
 * next place. Empty where there is one ordinary call.
 */
export function stopsOf({ asks, body }: Conversation): readonly number[] {
  const contents = body?.contents;
  if (asks.length === 0 || !Array.isArray(contents)) return [];
  return asks.at(-1) === contents.length - 1 ? asks : [...asks, contents.length];
}

/** How many calls a trial makes: more than one in a conversation. */
export function callsOf({ request }: HasRequest): number {
  return Math.max(1, stopsOf(request).length);
}

/** {@link callsOf}, before the request is built: `turns` are those of the prompt, without parts where the model is asked. */
export function callsOfTurns(turns: readonly { readonly parts?: unknown }[], method: Method): number {
  const asks = turns.filter(({ parts }) => !parts).length;
  if (!['generateContent', 'streamGenerateContent'].includes(method) || asks === 0) return 1;
  return asks + (turns.at(-1)?.parts ? 1 : 0);
}

/** The functions whose responses follow the reply of a call, in order; undefined where none does. */
export function respondedTo({ request }: HasRequest, call: number): readonly string[] | undefined {
  const stop = stopsOf(request)[call];
  const contents = request.body?.contents;
  if (stop === undefined || !Array.isArray(contents)) return undefined;
  const names = partsOf(contents[stop + 1]).flatMap((part) =>
    isObject(part) && isObject(part.functionResponse) && typeof part.functionResponse.name === 'string'
      ? [part.functionResponse.name]
      : [],
  );
  return names.length > 0 ? names : undefined;
}

/** The characters of the texts in a request’s contents. */
export function textLength(body: Body | undefined): number {
  const contents = Array.isArray(body?.contents) ? body.contents : [];
  return contents
    .flatMap(partsOf)
    .reduce<number>(
      (sum, part) => sum + (isObject(part) && typeof part.text === 'string' ? part.text.length : 0),
      0,
    );
}

function partsOf(content: BodyValue | undefined): readonly JsonValue[] {
  return isObject(content) && Array.isArray(content.parts) ? content.parts : [];
}

/** Bytes of a value on the wire, roughly: names and punctuation do not count. */
export function bytesOf(value: BodyValue): number {
  if (value instanceof Media) return Math.ceil(value.size / 3) * 4;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + bytesOf(inner), 0);
}

/** A Content as reports show it: the texts of its parts, media as `[image/png, 1234 bytes, sha256:…]`. */
export interface DisplayTurn {
  readonly role?: string;
  /** Absent for an empty model turn. */
  readonly text?: string;
}

export function displayTurn({ role, parts }: BuiltContent): DisplayTurn {
  const shown = parts?.map((part) => {
    const value = part as { text?: string; inlineData?: { data: unknown } };
    if (value.inlineData?.data instanceof Media) {
      const { mimeType, size, digest } = value.inlineData.data;
      return `[${mimeType}, ${size} bytes, sha256:${digest.slice(0, 12)}]`;
    }
    return value.text ?? JSON.stringify(part);
  });
  return { ...(role === undefined ? {} : { role }), ...(shown ? { text: shown.join('\n') } : {}) };
}

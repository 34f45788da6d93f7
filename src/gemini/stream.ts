import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { cut } from '../lib/redact.ts';
import { holdsError } from './errors.ts';
import { createReassembly } from './reassemble.ts';
import type { Exchange, TransportFailure } from './request.ts';

/** What a stream came to: the parts of an exchange that its body decides. */
export type StreamResult = Pick<
  Exchange,
  'body' | 'text' | 'failure' | 'streamError' | 'incomplete' | 'chunks' | 'firstTokenMs'
>;

/** Reads the bytes of a stream's body, however they are cut. */
export interface StreamReader {
  feed(bytes: Uint8Array): void;
  /** True after an error or unreadable data: the rest of the stream is useless. */
  failed(): boolean;
  /** Ends the stream; `failure` says why, if it did not end by itself. */
  end(failure?: TransportFailure): StreamResult;
}

const excerptCharacters = 2000;
const notText = 'the stream holds something that is neither an event nor an error';

/** Why a reply cannot be read as text. */
export const notUtf8 = 'the response is not UTF-8';

/**
 * Reads a stream of generated content: server-sent events, or the JSON array that is streamed without `alt=sse`.
 * An error is taken in both its forms, raw (as the API writes it into a running stream) and as an event (as proxies
 * re-wrap it). `elapsed` gives milliseconds since sending; a stream is whole once `wanted` candidates have finished.
 */
export function createStreamReader(elapsed: () => number, wanted = 1): StreamReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const whole = createReassembly();
  /** Lines that are no server-sent event: a raw error, a JSON array, or a page of some proxy. */
  const raw: string[] = [];
  let start = '';
  let error: JsonObject | undefined;
  let malformed: string | undefined;
  let chunks = 0;
  let firstTokenMs: number | undefined;

  const take = (value: JsonValue | undefined, live: boolean): void => {
    if (error || malformed !== undefined) return;
    if (!isObject(value)) malformed = notText;
    else if (holdsError(value)) error = value;
    else {
      chunks++;
      if (live && firstTokenMs === undefined && hasPart(value)) firstTokenMs = elapsed();
      whole.add(value);
    }
  };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      // Neither kind of event is Gemini's, but gateways in front of it write them.
      if (event === 'error') take(asError(data), true);
      else if (data !== '[DONE]') for (const value of valuesOf(parse(data))) take(value, true);
    },
    onError: ({ line }) => void raw.push(line ?? ''),
  });
  const feedText = (text: string): void => {
    // A little more than is kept, so that the cut can be made at a safe place.
    if (start.length < 2 * excerptCharacters) start += text;
    parser.feed(text);
  };

  /** Decodes more bytes, or without any the end: characters may be cut anywhere. */
  const decode = (bytes?: Uint8Array): void => {
    let text: string;
    try {
      text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      malformed ??= notUtf8;
      return;
    }
    feedText(text);
  };

  return {
    feed: decode,
    failed: () => error !== undefined || malformed !== undefined,
    end(failure) {
      // A connection that broke off may have done so within a character.
      if (!failure) decode();
      // The last event counts even when its blank line is missing, but not when the connection broke off within it.
      parser.feed(failure ? '\n' : '\n\n');
      const rest = raw.length > 0 && malformed === undefined ? parse(raw.join('\n')) : undefined;
      if (rest !== undefined) for (const value of valuesOf(rest)) take(value, false);
      else if (raw.length > 0 && !failure) malformed ??= notText;

      const counts = { chunks, ...(firstTokenMs === undefined ? {} : { firstTokenMs }) };
      if (error) return { body: error, streamError: true, ...counts };
      if (failure) return { ...counts, failure };
      if (malformed !== undefined)
        return {
          ...counts,
          text: cut(start, excerptCharacters),
          failure: { kind: 'malformed', message: malformed },
        };
      const body = whole.body();
      return {
        ...(chunks > 0 ? { body } : {}),
        ...(isComplete(body, wanted) ? {} : { incomplete: true }),
        ...counts,
      };
    },
  };
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    // The caller says what it means that this is not JSON.
    return undefined;
  }
}

/** The body that an event named `error` means: its data may be a whole body, an error alone, or plain text. */
function asError(data: string): JsonObject {
  const [value] = valuesOf(parse(data));
  return isObject(value) && holdsError(value) ? value : { error: value || data };
}

function valuesOf(value: JsonValue | undefined): (JsonValue | undefined)[] {
  return Array.isArray(value) ? value : [value];
}

function candidatesOf(body: JsonObject): JsonObject[] {
  return Array.isArray(body.candidates) ? body.candidates.filter(isObject) : [];
}

/** True if there is something to show: events with an empty content, or with empty text, also occur. */
function hasPart(event: JsonObject): boolean {
  return candidatesOf(event).some(
    ({ content }) =>
      isObject(content) &&
      Array.isArray(content.parts) &&
      content.parts.some((part) => isObject(part) && part.text !== '' && Object.keys(part).length > 0),
  );
}

function isComplete(body: JsonObject, wanted: number): boolean {
  if (isObject(body.promptFeedback) && body.promptFeedback.blockReason != null) return true;
  const candidates = candidatesOf(body);
  return candidates.length >= wanted && candidates.every(({ finishReason }) => finishReason != null);
}

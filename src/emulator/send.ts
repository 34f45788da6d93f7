import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { Rule } from './script.ts';

/** Sends a JSON body, pretty-printed as the API does by default. */
export function sendJson(response: ServerResponse, code: number, body: unknown, pretty: boolean): void {
  const text = `${JSON.stringify(body, null, pretty ? 2 : 0)}\n`;
  response.writeHead(code, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Misbehaves as a network or a proxy would. */
export function sendFault(response: ServerResponse, fault: string): void {
  const json = { 'content-type': 'application/json; charset=UTF-8' };
  if (fault === 'hang') return;
  if (fault === 'reset') return void response.socket?.resetAndDestroy();
  if (fault === 'html') {
    response.writeHead(502, { 'content-type': 'text/html' });
    return void response.end('<html><body>502 Bad Gateway</body></html>');
  }
  response.writeHead(200, fault === 'cut' ? { ...json, 'content-length': 4096 } : json);
  if (fault === 'malformed') return void response.end('{"candidates": [{"content": ');
  response.write('{\n  "candidates": [');
  if (fault === 'cut') setTimeout(() => response.destroy(), 5);
}

/** Streams a reply: SSE with CRLF, or without alt=sse one JSON array. */
export async function sendStream(
  response: ServerResponse,
  reply: JsonValue,
  { sse, rule }: { sse: boolean; rule?: Rule },
): Promise<void> {
  const events = cut(reply, rule?.chunks ?? 3);
  response.writeHead(200, { 'content-type': sse ? 'text/event-stream' : 'application/json; charset=UTF-8' });
  const half = Math.max(1, Math.floor(events.length / 2));
  for (const [index, event] of events.entries()) {
    if (index > 0 && rule?.chunkDelay) await sleep(rule.chunkDelay);
    if (index === half && rule?.fault === 'midStreamError') {
      const error = {
        error: {
          code: 503,
          message:
            'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
          status: 'UNAVAILABLE',
        },
      };
      return void response.end(JSON.stringify(error, null, 2));
    }
    if (index === half && rule?.fault === 'cut') return void response.destroy();
    const text = sse
      ? `data: ${spaced(event)}\r\n\r\n`
      : `${index === 0 ? '[' : ',\r\n'}${JSON.stringify(event, null, 2)}`;
    response.write(text);
  }
  response.end(sse ? '' : ']');
}

/** One line, a space after each colon and none after commas, as the service writes events. */
function spaced(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(',')}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}

/** Cuts a reply into events: texts in pieces, finishReason only in the last. */
function cut(reply: JsonValue, pieces: number): JsonObject[] {
  if (!isObject(reply)) return [];
  const candidate = Array.isArray(reply.candidates) ? reply.candidates[0] : undefined;
  const content = isObject(candidate) && isObject(candidate.content) ? candidate.content : undefined;
  const parts = Array.isArray(content?.parts) ? content.parts : [];
  if (
    !isObject(candidate) ||
    !content ||
    parts.length === 0 ||
    (Array.isArray(reply.candidates) && reply.candidates.length > 1)
  )
    return [reply];
  const deltas = parts.flatMap((part) => {
    if (!isObject(part) || typeof part.text !== 'string') return [part];
    const characters = [...part.text];
    const size = Math.max(1, Math.ceil(characters.length / pieces));
    const { text: _, ...rest } = part;
    return Array.from({ length: Math.ceil(characters.length / size) }, (_unused, index): JsonValue => ({
      text: characters.slice(index * size, (index + 1) * size).join(''),
      ...rest,
    }));
  });
  const { finishReason, safetyRatings, finishMessage, ...head } = candidate;
  const last = {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(safetyRatings === undefined ? {} : { safetyRatings }),
    ...(finishMessage === undefined ? {} : { finishMessage }),
  };
  return deltas.map((part, index) => ({
    ...reply,
    candidates: [
      { ...head, content: { ...content, parts: [part] }, ...(index === deltas.length - 1 ? last : {}) },
    ],
  }));
}

/** Misbehaves as a network, a proxy or a failing service would. */
import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../lib/json.ts';
import { scripted } from './fail.ts';
import type { Writing } from './query.ts';
import { jsonType, sendJson, sendText, writeJson, type Stream } from './send.ts';

/** Long enough for what was written to leave before the connection is torn down. */
const flushed = 5;

/** Faults that come before any answer; false for one that needs an answer to spoil. */
export function failAtOnce(response: ServerResponse, fault: string): boolean {
  if (fault === 'hang') return true;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return true;
  }
  if (fault !== 'html') return false;
  sendText(
    response,
    502,
    'text/html',
    '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n',
  );
  return true;
}

/** Spoils a whole answer: half of it arrives. */
export function spoilAnswer(response: ServerResponse, fault: string, body: unknown, writing: Writing): void {
  if (fault.startsWith('midStreamError')) return sendJson(response, 503, scripted(503).body());
  const whole = Buffer.from(writeJson(body, writing));
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  const complete = fault === 'malformed';
  response.writeHead(200, {
    'content-type': jsonType,
    'content-length': complete ? half.length : whole.length,
  });
  if (complete) return void response.end(half);
  response.write(half);
  if (fault === 'cut') setTimeout(() => response.destroy(), flushed);
}

/** Spoils a stream where it stands. */
export function spoilStream(response: ServerResponse, fault: string, stream: Stream, writing: Writing): void {
  stream.open();
  if (fault === 'stall') return;
  if (fault === 'cut') return void setTimeout(() => response.destroy(), flushed);
  if (fault === 'malformed')
    return void response.end(
      writing.sse ? 'data: {"candidates": [{"content": \r\n\r\n' : ',\r\n{"candidates": [',
    );
  stream.error(scripted(503).body(), fault === 'midStreamErrorEvent');
}

/** How many events come before a fault; a stream of one event fails before it. */
export function eventsBefore(events: readonly JsonValue[]): number {
  return Math.floor(events.length / 2);
}

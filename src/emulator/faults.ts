/** Fails on demand as a network, a proxy or a service can fail. */
import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../lib/json.ts';
import { apiError } from './errors.ts';
import type { OutputFormat } from './route.ts';
import { jsonType, sendJson, sendText, writeJson, type Stream } from './send.ts';

/** Milliseconds that let what was written leave before the connection is closed. */
const flushTime = 5;

/** Faults that come before any answer; false for one that breaks an answer. */
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

/** Breaks a whole answer: half of it arrives. */
export function breakAnswer(
  response: ServerResponse,
  fault: string,
  body: unknown,
  format: OutputFormat,
): void {
  if (fault.startsWith('midStreamError')) return sendJson(response, 503, apiError(503).body());
  const whole = Buffer.from(writeJson(body, format));
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  const complete = fault === 'malformed';
  response.writeHead(200, {
    'content-type': jsonType,
    'content-length': complete ? half.length : whole.length,
  });
  if (complete) return void response.end(half);
  response.write(half);
  if (fault === 'cut') setTimeout(() => response.destroy(), flushTime);
}

/** Breaks a stream after the events that were sent. */
export function breakStream(
  response: ServerResponse,
  fault: string,
  stream: Stream,
  format: OutputFormat,
): void {
  stream.open();
  if (fault === 'stall') return;
  if (fault === 'cut') return void setTimeout(() => response.destroy(), flushTime);
  if (fault === 'malformed')
    return void response.end(
      format.sse ? 'data: {"candidates": [{"content": \r\n\r\n' : ',\r\n{"candidates": [',
    );
  stream.error(apiError(503).body(), fault === 'midStreamErrorEvent');
}

/** How many events come before a fault: half of them; none of one. */
export function eventsBefore(events: readonly JsonValue[]): number {
  return Math.floor(events.length / 2);
}

/** Writes answers as the API does: JSON, server-sent events, or one array in pieces. */
import type { ServerResponse } from 'node:http';
import { isObject, type JsonValue } from '../lib/json.ts';
import type { OutputFormat } from './route.ts';

export const jsonType = 'application/json; charset=UTF-8';
const defaultFormat: OutputFormat = { pretty: true, sse: false };

/** A body as it is sent. */
export function writeJson(body: unknown, { pretty }: OutputFormat = defaultFormat): string {
  return `${JSON.stringify(body, null, pretty ? 2 : 0)}\n`;
}

/** Sends a JSON body, pretty-printed by default. */
export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  format: OutputFormat = defaultFormat,
): void {
  sendText(response, code, jsonType, writeJson(body, format));
}

/** Sends a whole body of any type. */
export function sendText(response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Sends the page that the service's front end shows for an unknown address. */
export function sendNotFound(response: ServerResponse, pathname: string): void {
  const escaped = pathname.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  sendText(
    response,
    404,
    'text/html; charset=UTF-8',
    `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> That’s an error.</p>\n<p>The requested URL <code>${escaped}</code> was not found on this server.</p>\n</html>\n`,
  );
}

/** A stream that is being written. */
export interface Stream {
  open(): void;
  event(value: JsonValue): void;
  error(body: object, framed: boolean): void;
  end(): void;
}

/** Writes the events of a stream one by one; the first opens it. */
export function openStream(response: ServerResponse, { sse, pretty }: OutputFormat): Stream {
  let count = 0;
  const indent = pretty ? 2 : 0;
  const open = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': sse ? 'text/event-stream' : jsonType });
    response.flushHeaders();
  };
  return {
    open,
    event(value) {
      open();
      const separator = count++ === 0 ? '[' : ',\r\n';
      response.write(
        sse ? `data: ${spaced(value)}\r\n\r\n` : separator + JSON.stringify(value, null, indent),
      );
    },
    error(body, framed) {
      open();
      const text = JSON.stringify(body, null, indent);
      if (!sse) response.end(`${count === 0 ? '[' : ',\r\n'}${text}]`);
      else response.end(framed ? `data: ${spaced(body as JsonValue)}\r\n\r\n` : text);
    },
    end() {
      open();
      response.end(sse ? '' : count === 0 ? '[]' : ']');
    },
  };
}

/** JSON on one line with a space after each colon, as the service writes events. */
function spaced(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(',')}}`;
}

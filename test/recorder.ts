/** A proxy in front of an endpoint: passes everything on, and keeps what came. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonValue } from '../src/lib/json.ts';

export interface Recorded {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; undefined if there is none. */
  readonly body?: JsonValue;
}

export interface Recorder {
  readonly url: string;
  readonly requests: Recorded[];
  readonly close: () => Promise<void>;
}

export interface RecorderOptions {
  /** A path that the endpoint does not know; it is taken off. */
  readonly prefix?: string;
  /** Makes it speak HTTPS, as `localhost`. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Listens before `target`. */
export async function record(target: string, { prefix = '', tls }: RecorderOptions = {}): Promise<Recorder> {
  const requests: Recorded[] = [];
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks);
      requests.push({
        method,
        url,
        headers,
        ...(body.length > 0 ? { body: JSON.parse(body.toString()) as JsonValue } : {}),
      });
      if (!url.startsWith(prefix)) {
        response.writeHead(404).end();
        return;
      }
      const answer = await fetch(target + url.slice(prefix.length), {
        method,
        headers: Object.entries(headers).flatMap(([name, value]) =>
          typeof value === 'string' && !hopByHop.has(name) ? [[name, value]] : [],
        ),
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    })().catch(() => response.destroy());
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}${prefix}`,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A call as it reached the server. */
interface ReceivedRequest {
  /** The text of the last turn. */
  readonly prompt: string;
  readonly model: string;
  readonly streamed: boolean;
  /** How often this call has arrived, this time included. */
  readonly times: number;
  readonly headers: IncomingMessage['headers'];
  readonly turns: number;
}

/** Answers a call in place of the default answer. */
export type Answer = (requests: ReceivedRequest, response: ServerResponse) => unknown;

export interface Gemini {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  readonly close: () => Promise<void>;
}

/** A server that echoes prompts, counts calls, and fails as a test requires. */
export async function gemini(answer?: Answer): Promise<Gemini> {
  const requests: ReceivedRequest[] = [];
  const times = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { contents = [] } = (text === '' ? {} : JSON.parse(text)) as {
        contents?: { parts?: { text?: string }[] }[];
      };
      const key = `${request.url} ${text}`;
      times.set(key, (times.get(key) ?? 0) + 1);
      const call: ReceivedRequest = {
        prompt: contents.at(-1)?.parts?.[0]?.text ?? '',
        model: /models\/([^:/?]+)/.exec(request.url ?? '')?.[1] ?? '',
        streamed: (request.url ?? '').includes(':streamGenerateContent'),
        times: times.get(key) ?? 0,
        headers: request.headers,
        turns: contents.length,
      };
      requests.push(call);
      Promise.resolve(answer?.(call, response)).then(
        () => {
          if (!answer || !(response.headersSent || response.destroyed || unanswered.has(response)))
            repeat(call, response);
        },
        () => response.destroy(),
      );
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const unanswered = new WeakSet<ServerResponse>();

/** Leaves a call without any answer. */
export function hang(response: ServerResponse): void {
  unanswered.add(response);
}

/** What the usual answer says. */
const wordsFor = (prompt: string): string => `You said: ${prompt}`;

function repeat({ prompt, model, streamed }: ReceivedRequest, response: ServerResponse): void {
  const body = {
    candidates: [
      { content: { role: 'model', parts: [{ text: wordsFor(prompt) }] }, finishReason: 'STOP', index: 0 },
    ],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 },
    modelVersion: model,
  };
  if (!streamed) return json(response, 200, body);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`data: ${JSON.stringify(body)}\r\n\r\n`);
}

/** A JSON answer. */
export function json(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** An error of the API. */
export function failure(code: number, status: string, message = status, ...details: object[]): object {
  return { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } };
}

const detail = (type: string, more: object): object => ({
  '@type': `type.googleapis.com/google.rpc.${type}`,
  ...more,
});
export const errorInfo = (reason: string): object =>
  detail('ErrorInfo', { reason, domain: 'googleapis.com' });
export const retryInfo = (retryDelay: string): object => detail('RetryInfo', { retryDelay });
export const quotaFailure = (quotaId: string): object =>
  detail('QuotaFailure', { violations: [{ quotaId }] });

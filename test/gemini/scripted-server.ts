import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** One request as it stood on the wire. */
export interface Seen {
  readonly line: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Answer = (socket: Socket, seen: Seen) => void;

/** A server on 127.0.0.1 whose every byte a test decides: the nth request gets the nth answer, later ones the last. */
export async function scripted(
  ...answers: Answer[]
): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket));
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (received) => {
      text += received;
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const [line = '', ...rest] = text.slice(0, end).split('\r\n');
        const headers = Object.fromEntries(
          rest.map((entry) => [
            entry.slice(0, entry.indexOf(':')).toLowerCase(),
            entry.slice(entry.indexOf(':') + 1).trim(),
          ]),
        );
        const length = Number(headers['content-length'] ?? 0);
        if (text.length < end + 4 + length) return;
        const body = text.slice(end + 4, end + 4 + length);
        text = text.slice(end + 4 + length);
        const index = seen.push({ line, headers, body }) - 1;
        (answers[index] ?? answers.at(-1))?.(socket, { line, headers, body });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An answer with a whole body. */
export function whole(status: number, body: unknown, headers = ''): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (socket) =>
    void socket.write(
      `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
}

/** The start of a chunked answer. */
export function chunkedHead(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
}

/** One chunk of a chunked answer; false where the client has enough to read for now. */
export function chunk(socket: Socket, bytes: Buffer): boolean {
  return socket.write(
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
  );
}

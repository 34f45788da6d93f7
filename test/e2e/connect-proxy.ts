/** A small HTTP proxy that knows only CONNECT. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  /** Its address, with the user and password it wants. */
  readonly url: string;
  /** The received requests: method and address. */
  readonly requests: string[];
  /** The bytes that clients sent through it. */
  readonly seen: () => string;
  readonly close: () => Promise<void>;
}

/** Listens on this machine; with `credentials` (`user:password`) it rejects all other clients. */
export async function openProxy(credentials?: string): Promise<ConnectProxy> {
  const requests: string[] = [];
  const bytes: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(501).end();
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request, client: Socket, head: Buffer) => {
    requests.push(`CONNECT ${request.url}`);
    const given = request.headers['proxy-authorization'] ?? '';
    if (credentials !== undefined && given !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      client.on('data', (chunk: Buffer) => bytes.push(chunk));
      client.pipe(target).pipe(client);
    });
    sockets.add(target);
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const)
      one.on('error', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`,
    requests,
    seen: () => Buffer.concat(bytes).toString('latin1'),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

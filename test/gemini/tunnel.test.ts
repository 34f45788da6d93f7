/** Broken proxies: each ends one attempt in time and is not called repeatedly. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Exchange, GeminiRequest } from '../../src/gemini/request.ts';
import { createTransport } from '../../src/gemini/transport.ts';

const request: GeminiRequest = { method: 'models.get', model: 'gemini-3.8-flash' };

/** One call through a proxy that treats each connection so; with the number of connections that it saw. */
async function through(
  treat: (socket: Socket) => unknown,
  origin: string,
  bounds: { timeoutMs?: number; connectTimeoutMs?: number } = {},
): Promise<{ exchange: Exchange; connections: number }> {
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => treat(socket));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const transport = createTransport({
    baseUrl: origin,
    apiKey: 'k',
    timeoutMs: 5000,
    env: { HTTP_PROXY: address, HTTPS_PROXY: address },
    ...bounds,
  });
  try {
    const exchange = await transport.call(request);
    return { exchange, connections: sockets.size };
  } finally {
    await transport.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
}

test.for([
  ['where nobody listens', 'http://127.0.0.1:9', 'ECONNREFUSED'],
  ['whose name is not found', 'http://no-such-host.invalid:80', /ENOTFOUND|EAI_AGAIN/],
] as const)('names the proxy if it is one %s', async ([, address, code]) => {
  for (const baseUrl of ['https://server.example', 'http://server.example']) {
    const env = { HTTP_PROXY: address, HTTPS_PROXY: address };
    const transport = createTransport({ baseUrl, apiKey: 'k', timeoutMs: 5000, env });
    const { failure } = await transport.call(request);
    await transport.close();
    expect(failure?.kind).toBe('connect');
    expect(failure?.message).toMatch(/^the server cannot be reached \(no connection to the proxy: \w+\)$/);
    expect(failure?.message).toMatch(code);
  }
});

test.for<[name: string, treat: (socket: Socket) => unknown, message: string]>([
  ['closes', (socket) => socket.end(), 'the server cannot be reached (the proxy ended the connection)'],
  [
    'resets',
    (socket) => socket.resetAndDestroy(),
    'the server cannot be reached (the proxy ended the connection)',
  ],
  [
    'refuses',
    (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    'the server cannot be reached (the proxy answered 407)',
  ],
])('calls a proxy that %s only once', async ([, treat, message]) => {
  for (const origin of ['https://server.example', 'http://server.example']) {
    const { exchange, connections } = await through(treat, origin);
    expect(exchange.failure).toEqual({ kind: 'connect', message });
    expect(connections).toBe(1);
  }
});

test('the connect timeout applies to a silent proxy', async () => {
  const { exchange, connections } = await through(() => undefined, 'https://server.example', {
    connectTimeoutMs: 100,
  });
  expect(exchange.failure).toEqual({
    kind: 'timeout',
    message: 'no connection within 100 ms (connect timeout)',
    unsent: true,
  });
  expect(connections).toBe(1);
});

test('a silent proxy delays neither the call timeout nor close', async () => {
  const { exchange } = await through(() => undefined, 'https://server.example', { timeoutMs: 100 });
  expect(exchange.failure?.message).toBe('no response within 100 ms (total timeout)');
});

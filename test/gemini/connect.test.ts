/** Connections that never come about: a server that accepts, and never answers the handshake. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GeminiRequest } from '../../src/gemini/request.ts';
import { createTransport, type Transport } from '../../src/gemini/transport.ts';

const request: GeminiRequest = { method: 'models.get', model: 'gemini-3.8-flash' };
const silent = createServer();

beforeAll(() => once(silent.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => void silent.close());

function to(bounds: { timeoutMs: number; connectTimeoutMs?: number }): Transport {
  const { port } = silent.address() as AddressInfo;
  return createTransport({ baseUrl: `https://127.0.0.1:${port}`, apiKey: 'k', env: {}, ...bounds });
}

async function accepted(): Promise<Socket> {
  const [socket] = (await once(silent, 'connection')) as [Socket];
  socket.on('error', () => undefined).resume();
  return socket;
}

test('the connect timeout is exact to a second', async () => {
  const transport = to({ timeoutMs: 60_000, connectTimeoutMs: 1100 });
  const order: string[] = [];
  const call = transport.call(request).then(({ failure }) => {
    order.push('call');
    return failure;
  });
  // A timer that starts in the same process and later is a clock that a busy machine does not upset.
  await Promise.all([call, after(2500).then(() => order.push('timer'))]);
  await transport.close();
  expect(await call).toEqual({
    kind: 'timeout',
    message: 'no connection within 1100 ms (connect timeout)',
    unsent: true,
  });
  expect(order).toEqual(['call', 'timer']);
});

test('a timeout longer than Node timers allow means no limit', async () => {
  const transport = to({ timeoutMs: 200, connectTimeoutMs: 3_000_000_000 });
  expect((await transport.call(request)).failure?.message).toBe('no response within 200 ms (total timeout)');
  await transport.close();
});

test('close ends pending connections', async () => {
  const transport = to({ timeoutMs: 50, connectTimeoutMs: 3_600_000 });
  const socket = accepted();
  const { failure } = await transport.call(request);
  expect(failure?.message).toBe('no response within 50 ms (total timeout)');
  const closed = once(await socket, 'close');
  await transport.close();
  await closed;
});

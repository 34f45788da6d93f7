import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { readExchange } from '../../src/gemini/call-result.ts';
import { classify } from '../../src/gemini/errors.ts';
import { Media } from '../../src/gemini/media.ts';
import type { GeminiRequest } from '../../src/gemini/request.ts';
import { createTransport } from '../../src/gemini/transport.ts';
import { chunk, chunkedHead, scripted, whole } from './scripted-server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(...answers: Parameters<typeof scripted>) {
  const server = await scripted(...answers);
  closers.push(() => server.close());
  return server;
}

function connect(baseUrl: string, more: Partial<Parameters<typeof createTransport>[0]> = {}) {
  const transport = createTransport({ baseUrl, apiKey: 'secret-key', timeoutMs: 5000, env: {}, ...more });
  closers.push(() => transport.close());
  return transport;
}

const ask: GeminiRequest = { method: 'generateContent', model: 'm', body: { contents: [] } };
const stream: GeminiRequest = { ...ask, method: 'streamGenerateContent' };
const ok = whole(200, { ok: true });

describe('requests', () => {
  test.for([
    ['', ask, 'POST /v1beta/models/m:generateContent HTTP/1.1'],
    ['/', stream, 'POST /v1beta/models/m:streamGenerateContent?alt=sse HTTP/1.1'],
    [
      '/pre/fix/',
      { ...ask, model: 'tunedModels/t 1' },
      'POST /pre/fix/v1beta/tunedModels/t%201:generateContent HTTP/1.1',
    ],
    ['/pre/v1', { ...ask, model: 'models/m' }, 'POST /pre/v1/models/m:generateContent HTTP/1.1'],
    ['/v1alpha/', { method: 'models.get', model: 'a/../b' }, 'GET /v1alpha/models/a%2F..%2Fb HTTP/1.1'],
    ['', { method: 'models.list' }, 'GET /v1beta/models?pageSize=1000 HTTP/1.1'],
  ] as const)('%s', async ([prefix, request, line]) => {
    const server = await serve(ok);
    await connect(server.url + prefix).call(request);
    expect(server.seen.map((seen) => seen.line)).toEqual([line]);
    expect(server.seen[0]?.headers).toMatchObject({ 'x-goog-api-key': 'secret-key' });
  });

  test('sends media as base64', async () => {
    const server = await serve(ok);
    const data = new Media('image/png', 'digest', 2, 'QUI=');
    await connect(server.url).call({ ...ask, body: { contents: [{ parts: [{ inlineData: { data } }] }] } });
    expect(server.seen[0]?.body).toBe('{"contents":[{"parts":[{"inlineData":{"data":"QUI="}}]}]}');
  });

  test('uses the proxy of the environment', async () => {
    const proxy = await serve((socket) => void socket.end('HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n'));
    const target = await serve(ok);
    const through = await connect(target.url, { env: { HTTP_PROXY: proxy.url } }).call(ask);
    expect(through.failure?.message).toContain('407');
    expect([through.failure?.kind, proxy.seen[0]?.line.split(' ')[0]]).toEqual(['connect', 'CONNECT']);
    const direct = await connect(target.url, { env: { HTTP_PROXY: proxy.url, no_proxy: '127.0.0.1' } }).call(
      ask,
    );
    expect(direct.body).toEqual({ ok: true });
    const wrong = await connect(target.url, { env: { HTTP_PROXY: 'http://user:pw@:::' } }).call(ask);
    expect(wrong.failure).toEqual({
      kind: 'connect',
      message: 'the proxy address in HTTP_PROXY is not a URL',
    });
  });
});

const to = (location: string) => whole(307, '', `location: ${location}\r\n`);

describe('redirects', () => {
  test('are followed on the same origin', async () => {
    const server = await serve(to('/elsewhere?x=1'), ok);
    expect((await connect(server.url).call(ask)).body).toEqual({ ok: true });
    expect(server.seen[1]?.line).toBe('POST /elsewhere?x=1 HTTP/1.1');
    expect(server.seen[1]?.body).toBe(server.seen[0]?.body);
  });

  test('never carry the key to another origin', async () => {
    const other = await serve(ok);
    const server = await serve(to(`${other.url}/v1beta/models/m:generateContent?key=x`));
    const { failure } = await connect(server.url).call(ask);
    expect(failure?.kind).toBe('redirect');
    expect(failure?.message).not.toMatch(/secret|key=/);
    expect(other.seen).toEqual([]);
  });

  const endless: Parameters<typeof scripted>[0] = (socket) => {
    socket.write('HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ntransfer-encoding: chunked\r\n\r\n');
    const piece = (): void => {
      if (!socket.destroyed && chunk(socket, Buffer.alloc(16_384))) setImmediate(piece);
      else socket.once('drain', piece);
    };
    piece();
  };
  const cutShort: Parameters<typeof scripted>[0] = (socket) =>
    void socket.end('HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ncontent-length: 100\r\n\r\n<ht');

  test.for([
    ['is longer than anybody reads', endless],
    ['breaks off', cutShort],
    ['is a page', whole(307, '<html>Moved</html>', 'location: /elsewhere\r\n')],
  ] as const)('are followed whose body %s', async ([, answer]) => {
    const server = await serve(answer, ok);
    const transport = connect(server.url);
    expect((await transport.call(stream)).status).toBe(200);
    expect(server.seen[1]?.line).toBe('POST /elsewhere HTTP/1.1');
  });

  test('count towards the timeout of a stalled call', async () => {
    const server = await serve(
      (socket) => void socket.write('HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ncontent-length: 9\r\n\r\n<'),
    );
    const { failure } = await connect(server.url, { timeoutMs: 100 }).call(ask);
    expect(failure).toEqual({
      kind: 'timeout',
      message: 'the response did not end within 100 ms (total timeout)',
    });
    expect(server.seen).toHaveLength(1);
  });

  test('are followed three times at most', async () => {
    const server = await serve(to('/again'));
    expect((await connect(server.url).call(ask)).failure).toEqual({
      kind: 'redirect',
      message: 'more than 3 redirects',
    });
    expect(server.seen).toHaveLength(4);
  });
});

describe('failures', () => {
  const event = 'data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}\r\n\r\n';

  test.for([
    ['reset before the headers', 'reset', ask, 'reset', (s) => s.resetAndDestroy()],
    ['closed before the headers', 'closed', ask, 'reset', (s) => s.destroy()],
    ['silence', 'hang', ask, 'timeout', () => {}],
    [
      'a body that stalls',
      'stall',
      ask,
      'timeout',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    ],
    ['a truncated body', 'cut', ask, 'cut', (s) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    ['HTML under 200', 'html', ask, 'malformed', whole(200, '<html><title>Sign in</title></html>')],
    ['nothing under 200', 'nothing', ask, 'malformed', whole(200, '')],
    ['no HTTP', 'noise', ask, 'malformed', (s) => s.end('SSH-2.0-OpenSSH_9\r\n\r\n')],
    [
      'a truncated stream',
      'cut',
      stream,
      'cut',
      (s) => (chunkedHead(s), chunk(s, Buffer.from(event)), s.end()),
    ],
    [
      'a stream that stalls',
      'stall',
      stream,
      'timeout',
      (s) => (chunkedHead(s), chunk(s, Buffer.from(event))),
    ],
  ] as [string, string, GeminiRequest, string, Parameters<typeof scripted>[0]][])(
    '%s',
    async ([, , request, kind, answer]) => {
      const server = await serve(answer);
      const exchange = await connect(server.url, { timeoutMs: kind === 'timeout' ? 150 : 5000 }).call(
        request,
      );
      expect(exchange.failure?.kind).toBe(kind);
      expect(exchange.failure?.message).not.toMatch(/127|secret/);
      expect(exchange.body).toBeUndefined();
      expect(classify(exchange)).toEqual({ kind: 'transient', reason: kind });
    },
  );

  test('headers that are too large count as an answer', async () => {
    const server = await serve(whole(200, {}, `x-big: ${'y'.repeat(100_000)}\r\n`));
    const { failure, totalMs } = await connect(server.url).call(ask);
    expect(failure).toEqual({
      kind: 'malformed',
      message: 'the headers of the response are too large to be read',
    });
    expect(readExchange(ask.method, { totalMs, ...(failure ? { failure } : {}) }).costUnknown).toBe(true);
  });

  test('a call that ended before it was sent costs nothing', async () => {
    // A connection is made, and TLS never is.
    const server = createServer((socket) => {
      socket.on('error', () => {});
      setTimeout(() => socket.destroy(), 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const exchange = await connect(`https://127.0.0.1:${port}`).call(ask);
    server.close();
    expect(exchange.failure).toMatchObject({ kind: 'reset', unsent: true });
    expect(readExchange(ask.method, exchange).costUnknown).toBe(false);
  });

  test.for<[string, Partial<Parameters<typeof createTransport>[0]>, Parameters<typeof scripted>[0]]>([
    ['first byte', { firstByteTimeoutMs: 300 }, () => {}],
    ['idle', { idleTimeoutMs: 300 }, (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    [
      'idle after a piece',
      { idleTimeoutMs: 200 },
      (s) => (chunkedHead(s), setTimeout(() => chunk(s, Buffer.from(event)), 100)),
    ],
  ])('a step timeout is exact to a second: %s', async ([, bounds, answer]) => {
    const server = await serve(answer);
    const { failure, totalMs } = await connect(server.url, bounds).call(stream);
    expect(failure?.kind).toBe('timeout');
    expect(failure).not.toHaveProperty('unsent');
    expect(totalMs).toBeGreaterThan(290);
    expect(totalMs).toBeLessThan(2000);
  });

  test('a step timeout does not limit the whole call', async () => {
    const pieces = [event, event, event.replace('}]}}', '}]},"finishReason":"STOP"}')];
    const server = await serve((s) => {
      chunkedHead(s);
      pieces.forEach((piece, index) => setTimeout(() => chunk(s, Buffer.from(piece)), 100 + 150 * index));
      setTimeout(() => s.write('0\r\n\r\n'), 500);
    });
    const exchange = await connect(server.url, { firstByteTimeoutMs: 200, idleTimeoutMs: 200 }).call(stream);
    expect([exchange.failure, exchange.chunks, exchange.incomplete]).toEqual([undefined, 3, undefined]);
    expect(exchange.totalMs).toBeGreaterThan(400);
  });

  test('a closed port is a connect failure', async () => {
    const server = await scripted(ok);
    await server.close();
    expect((await connect(server.url).call(ask)).failure).toEqual({
      kind: 'connect',
      message: 'the server cannot be reached (ECONNREFUSED)',
    });
  });

  test('cancels calls before and while they wait, without a listener warning', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => void warnings.push(warning.name);
    process.on('warning', note);
    const server = await serve(() => {});
    const controller = new AbortController();
    const transport = connect(server.url);
    const calls = Array.from({ length: 64 }, () => transport.call(ask, controller.signal));
    setTimeout(() => controller.abort(), 50);
    const kinds = new Set((await Promise.all(calls)).map(({ failure }) => failure?.kind));
    const late = await transport.call(ask, controller.signal);
    process.off('warning', note);
    expect([...kinds, late.failure?.kind, ...warnings]).toEqual(['cancelled', 'cancelled']);
  });

  test('reports a key that no header can carry', async () => {
    const { failure } = await connect('http://127.0.0.1:9', { apiKey: 'schlüssel\u0416' }).call(ask);
    expect(failure?.message).toBe('the API key holds characters that a header cannot carry');
  });

  test('keeps the status and text of an error page', async () => {
    const server = await serve(whole(502, '<html>\n<title>502 Bad Gateway</title>', 'retry-after: 3\r\n'));
    const exchange = await connect(server.url).call(stream);
    expect(exchange).toMatchObject({
      status: 502,
      text: '<html>\n<title>502 Bad Gateway</title>',
      retryAfterMs: 3000,
    });
    expect(classify(exchange)).toEqual({ kind: 'transient', reason: 'HTTP 502', retryAfterMs: 3000 });
  });
});

describe('models.list', () => {
  const [a, b] = [{ name: 'models/a' }, { name: 'models/b' }];

  test('joins all pages', async () => {
    const server = await serve(
      whole(200, { models: [a], nextPageToken: 'p/2' }),
      whole(200, { models: [b] }),
    );
    const exchange = await connect(server.url).call({ method: 'models.list' });
    expect(exchange.body).toEqual({ models: [a, b] });
    expect(server.seen[1]?.line).toContain('?pageSize=1000&pageToken=p%2F2 ');
  });

  test('ends when a page token repeats', async () => {
    const server = await serve(whole(200, { models: [a], nextPageToken: 'same' }));
    const exchange = await connect(server.url).call({ method: 'models.list' });
    expect(exchange.failure?.kind).toBe('malformed');
    expect(server.seen).toHaveLength(2);
  });

  test('a missing later page is a reset, not a cut', async () => {
    const server = await serve(
      whole(200, { models: [a], nextPageToken: 'x' }),
      (socket) => void socket.destroy(),
    );
    const exchange = await connect(server.url).call({ method: 'models.list' });
    expect([exchange.failure?.kind, exchange.status]).toEqual(['reset', undefined]);
  });

  test('returns an error of a later page', async () => {
    const error = { error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } };
    const server = await serve(whole(200, { models: [a], nextPageToken: 'x' }), whole(503, error));
    expect(await connect(server.url).call({ method: 'models.list' })).toMatchObject({
      status: 503,
      body: error,
    });
  });
});

test('reads a stream byte by byte', async () => {
  const text =
    'data: {"candidates":[{"content":{"parts":[{"text":"Grüße "}],"role":"model"},"index":0}]}\r\n\r\n' +
    'data: {"candidates":[{"content":{"parts":[{"text":"🎒"}],"role":"model"},"finishReason":"STOP","index":0}]}\r\n\r\n';
  const server = await serve((socket) => {
    chunkedHead(socket);
    for (const byte of Buffer.from(text)) chunk(socket, Buffer.from([byte]));
    socket.write('0\r\n\r\n');
  });
  const exchange = await connect(server.url).call(stream);
  expect(exchange).toMatchObject({
    status: 200,
    body: {
      candidates: [
        { content: { parts: [{ text: 'Grüße 🎒' }], role: 'model' }, finishReason: 'STOP', index: 0 },
      ],
    },
    chunks: 2,
  });
  expect(exchange.firstTokenMs).toBeLessThanOrEqual(exchange.totalMs);
});

describe('a reply that is not UTF-8', () => {
  const answer = Buffer.from(
    '{"candidates":[{"content":{"parts":[{"text":"Grüße 🎒"}],"role":"model"},"finishReason":"STOP"}]}',
  );
  /** The last byte of ü is gone; the last character is cut; a byte that begins nothing. */
  const spoilt = [
    Buffer.concat([answer.subarray(0, answer.indexOf('ü') + 1), answer.subarray(answer.indexOf('ü') + 2)]),
    Buffer.concat([answer.subarray(0, answer.indexOf('🎒') + 3), answer.subarray(answer.indexOf('🎒') + 4)]),
    Buffer.concat([answer.subarray(0, 50), Buffer.from([0xff]), answer.subarray(50)]),
  ];
  const failed = { failure: { kind: 'malformed', message: 'the response is not UTF-8' } };
  const raw =
    (bytes: Buffer, status = 200) =>
    (socket: Socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    };

  test.for(spoilt)('is malformed and retried: body %#', async (bytes) => {
    const server = await serve(raw(bytes));
    const exchange = await connect(server.url).call(ask);
    expect(exchange).toMatchObject({ status: 200, ...failed });
    expect(exchange.body).toBeUndefined();
    expect(classify(exchange)).toMatchObject({ kind: 'transient', reason: 'malformed' });
  });

  test.for(spoilt.flatMap((bytes) => [1, 2, 1000].map((size) => ({ bytes, size }))))(
    'is malformed: stream %#',
    async ({ bytes, size }) => {
      const all = Buffer.concat([Buffer.from('data: '), bytes, Buffer.from('\r\n\r\n')]);
      const server = await serve((socket) => {
        chunkedHead(socket);
        for (let at = 0; at < all.length; at += size) chunk(socket, all.subarray(at, at + size));
        socket.write('0\r\n\r\n');
      });
      const exchange = await connect(server.url).call(stream);
      expect(exchange).toMatchObject({ status: 200, ...failed });
    },
  );

  test('accepts characters of every length', async () => {
    const server = await serve(raw(answer));
    expect(await connect(server.url).call(ask)).toMatchObject({
      body: { candidates: [{ content: { parts: [{ text: 'Grüße 🎒' }] } }] },
    });
  });

  test('a rejection stays a rejection', async () => {
    const server = await serve(raw(Buffer.from([0x4e, 0x6f, 0xff]), 403));
    expect(classify(await connect(server.url).call(ask))).toMatchObject({ kind: 'permanent' });
  });
});

/** The roads to an endpoint, each taken by the built command: HTTPS, proxies, and addresses with a path. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { scripted, whole } from '../gemini/scripted-server.ts';
import { record, type Recorder } from '../recorder.ts';
import { openProxy, type ConnectProxy } from './connect-proxy.ts';
import { project } from './project.ts';

const suite = `suite: roads
model: gemini-3.8-flash
configs: { whole: {}, streamed: { method: streamGenerateContent } }
prompts: { story: Write a story about a magic backpack. }
tests:
  - name: asked
    assert: [ { contains: { text: backpack, ignoreCase: true } } ]
  - { name: counted, method: countTokens, configs: [whole], assert: [ { tokens: { total: 8 } } ] }
  - { name: embedded, method: embedContent, model: gemini-embedding-001, assert: [ { embedding: { dimensions: 3072 } } ] }
  - { name: all at once, method: batchEmbedContents, model: gemini-embedding-001, assert: [ { embedding: { dimensions: 3072 } } ] }
  - { name: looked up, method: models.get, assert: [ { response: { path: $.inputTokenLimit, min: 1 } } ] }
  - { name: listed, method: models.list, assert: [ { response: { path: "$.models[*].name", contains: models/gemini-3.8-flash } } ] }
`;
const files = { 'suites/roads.suite.yaml': suite };
const calls = 7;
const key = 'planted-key-of-this-test';
const file = (name: string): string => path.join(import.meta.dirname, 'localhost', name);
const tls = { cert: readFileSync(file('cert.pem'), 'utf8'), key: readFileSync(file('key.pem'), 'utf8') };
/** No proxy but the one a test sets, and no exception from it. */
const bare = {
  GEMINI_API_KEY: key,
  HTTP_PROXY: undefined,
  HTTPS_PROXY: undefined,
  NO_PROXY: undefined,
  http_proxy: undefined,
  https_proxy: undefined,
  no_proxy: undefined,
};
const trusting = { ...bare, NODE_EXTRA_CA_CERTS: file('cert.pem') };

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let plain: Recorder;
let secure: Recorder;
beforeAll(async () => {
  emulator = await startEmulator();
  plain = await record(emulator.url);
  secure = await record(emulator.url, { tls });
});
afterAll(async () => {
  await plain.close();
  await secure.close();
  await emulator.close();
});

interface Outcome {
  readonly code: number | null;
  readonly said: string;
  /** How many requests reached the endpoint. */
  readonly reached: number;
}

/** Runs the suite against an endpoint and checks that no output contains the key. */
async function run(endpoint: Recorder, env: NodeJS.ProcessEnv, more: string[] = []): Promise<Outcome> {
  endpoint.requests.length = 0;
  return project(files, async ({ assay, read }) => {
    const ended = await assay(['run', '--base-url', endpoint.url, '--retries', '0', ...more], env);
    const said = ended.stdout + ended.stderr;
    for (const text of [
      said,
      read('reports/roads.json'),
      read('reports/run.json'),
      read('reports/journal.jsonl'),
    ])
      expect(text).not.toContain(key);
    return { code: ended.code, said, reached: endpoint.requests.length };
  });
}

async function through<T>(
  credentials: string | undefined,
  use: (proxy: ConnectProxy) => Promise<T>,
): Promise<T> {
  const proxy = await openProxy(credentials);
  try {
    return await use(proxy);
  } finally {
    await proxy.close();
  }
}

test('allows headers as large as Node is configured for', async () => {
  const server = await scripted(whole(200, { models: [] }, `x-large: ${'x'.repeat(20_000)}\r\n`));
  try {
    await project({}, async ({ assay }) => {
      const args = ['models', '--base-url', server.url];
      const usual = await assay(args, bare);
      expect(usual.stderr).toContain('the headers of the response are too large to be read');
      const allowed = await assay(args, { ...bare, NODE_OPTIONS: '--max-http-header-size=65536' });
      expect(allowed.stderr).toBe('');
      expect(allowed.code).toBe(0);
    });
  } finally {
    await server.close();
  }
});

describe('HTTPS', () => {
  test('works with a trusted certificate', async () => {
    expect(await run(secure, trusting)).toMatchObject({ code: 0, reached: calls });
    for (const { headers } of secure.requests) expect(headers['x-goog-api-key']).toBe(key);
  });

  test('sends nothing to a server with an untrusted certificate and reports the reason', async () => {
    const { code, said, reached } = await run(secure, bare, ['--retries', '5', '--concurrency', '1']);
    expect([code, reached]).toEqual([3, 0]);
    expect(said).toContain(
      "error[run-stopped]: the server's certificate is not trusted; if it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS (DEPTH_ZERO_SELF_SIGNED_CERT)",
    );
    // It never heals: the first call ends the run.
    expect(said).toContain('0 passed, 0 failed, 1 errored, 6 skipped');
  });

  test('fails if the server speaks plain HTTP', async () => {
    plain.requests.length = 0;
    const address = { ...plain, url: plain.url.replace('http:', 'https:') };
    const { code, said } = await run(address, trusting);
    expect(code).toBe(3);
    expect(said).toMatch(/the server cannot be reached \(\w+\)/);
    expect(plain.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  test.for<[string, () => Recorder, string]>([
    ['HTTP_PROXY', () => plain, '127.0.0.1'],
    ['http_proxy', () => plain, '127.0.0.1'],
    ['HTTPS_PROXY', () => secure, 'localhost'],
    ['https_proxy', () => secure, 'localhost'],
  ])('%s is used', async ([name, endpoint, host]) =>
    through(undefined, async (proxy) => {
      expect(await run(endpoint(), { ...trusting, [name]: proxy.url })).toMatchObject({
        code: 0,
        reached: calls,
      });
      const { port } = new URL(endpoint().url);
      expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${host}:${port}`]));
      expect(proxy.seen().includes(key)).toBe(endpoint() === plain);
    }),
  );

  test.for<[string, NodeJS.ProcessEnv]>([
    ['for another scheme', { HTTPS_PROXY: 'PROXY' }],
    ['if NO_PROXY names the host', { HTTP_PROXY: 'PROXY', NO_PROXY: 'example.com,127.0.0.1' }],
    ['if no_proxy names all', { HTTP_PROXY: 'PROXY', no_proxy: '*' }],
    ['if the lower-case name is empty', { HTTP_PROXY: 'PROXY', http_proxy: '' }],
  ])('is not used %s', async ([, env]) =>
    through(undefined, async (proxy) => {
      const set = Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value?.replace('PROXY', proxy.url)]),
      );
      expect(await run(plain, { ...bare, ...set })).toMatchObject({ code: 0, reached: calls });
      expect(proxy.requests).toEqual([]);
    }),
  );

  test('is used if NO_PROXY names another host', async () =>
    through(undefined, async (proxy) => {
      await run(plain, { ...bare, HTTP_PROXY: proxy.url, NO_PROXY: 'example.com:80,.local' });
      expect(proxy.requests.length).toBeGreaterThan(0);
    }));

  test('works with a password and never shows it', async () =>
    through('user:planted-password', async (proxy) => {
      const { code, said, reached } = await run(secure, { ...trusting, HTTPS_PROXY: proxy.url });
      expect([code, reached]).toEqual([0, calls]);
      expect(said).not.toContain('planted-password');
    }));

  test('that rejects is reported by its status, without its address', async () =>
    through('user:right', async (proxy) => {
      const wrong = proxy.url.replace(':right', ':planted-password');
      const { code, said, reached } = await run(plain, { ...bare, HTTP_PROXY: wrong });
      expect([code, reached]).toEqual([3, 0]);
      expect(said).toContain('407');
      expect(said).not.toContain('planted-password');
      expect(said).not.toContain(new URL(proxy.url).port);
    }));

  test('that is unreachable is reported', async () => {
    const gone = await through(undefined, async ({ url }) => url);
    const { code, said } = await run(plain, { ...bare, HTTP_PROXY: gone });
    expect(code).toBe(3);
    expect(said).toContain('the server cannot be reached (no connection to the proxy: ECONNREFUSED)');
  });

  test.for<[string, NodeJS.ProcessEnv, string]>([
    ['is not a URL', { HTTP_PROXY: 'planted-password' }, 'HTTP_PROXY is not a URL'],
    [
      'speaks SOCKS',
      { http_proxy: 'socks5://u:planted-password@127.0.0.1:1' },
      'http_proxy is neither http nor https',
    ],
    ['has no scheme', { HTTP_PROXY: 'planted-password:pw@h:80' }, 'HTTP_PROXY is neither http nor https'],
  ])('that %s is rejected before the first call', async ([, env, words]) => {
    plain.requests.length = 0;
    await project(files, async ({ assay }) => {
      const ended = await assay(['run', '--base-url', plain.url], { ...bare, ...env });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(`error[bad-proxy]: the proxy address in ${words}`);
      expect(ended.stderr).toContain('help: only http and https proxies are supported');
      expect(ended.stdout + ended.stderr).not.toContain('planted-password');
      expect(ended.stdout + ended.stderr).not.toContain(key);
    });
    expect(plain.requests).toEqual([]);
  });

  test('that no call uses is not checked', async () =>
    expect(
      await run(plain, { ...bare, HTTP_PROXY: 'socks5://127.0.0.1:1', NO_PROXY: '.example, 127.0.0.1' }),
    ).toMatchObject({ code: 0, reached: calls }));

  test('is never used for the own emulator', async () =>
    through(undefined, async (proxy) => {
      await project(files, async ({ assay }) => {
        const ended = await assay('run --emulator', {
          ...bare,
          HTTP_PROXY: proxy.url,
          http_proxy: proxy.url,
        });
        expect(ended.code, ended.stderr).toBe(0);
        expect(proxy.requests).toEqual([]);
      });
    }));
});

describe('an address with a path', () => {
  test.for<[string, string, string, string]>([
    ['precedes the version', '/gemini', '', '/gemini/v1beta/'],
    ['can end in a slash', '/deep/er', '/', '/deep/er/v1beta/'],
    ['can choose the version', '/gate', '/v1', '/gate/v1/'],
    ['can be only the version', '', '/v1alpha/', '/v1alpha/'],
  ])('%s: %s%s', async ([, prefix, end, start]) => {
    const endpoint = await record(emulator.url, { prefix });
    try {
      const outcome = await run({ ...endpoint, url: endpoint.url + end }, bare);
      expect(outcome).toMatchObject({ code: 0, reached: calls });
      const addresses = endpoint.requests.map(({ method, url }) => `${method} ${url}`).toSorted();
      expect(addresses).toEqual(
        [
          `GET ${start}models/gemini-3.8-flash`,
          `GET ${start}models?pageSize=1000`,
          `POST ${start}models/gemini-3.8-flash:countTokens`,
          `POST ${start}models/gemini-3.8-flash:generateContent`,
          `POST ${start}models/gemini-3.8-flash:streamGenerateContent?alt=sse`,
          `POST ${start}models/gemini-embedding-001:batchEmbedContents`,
          `POST ${start}models/gemini-embedding-001:embedContent`,
        ].toSorted(),
      );
    } finally {
      await endpoint.close();
    }
  });

  test('can come from the environment', async () => {
    const endpoint = await record(emulator.url, { prefix: '/from/env' });
    try {
      await project(files, async ({ assay }) => {
        const ended = await assay('run', { ...bare, GOOGLE_GEMINI_BASE_URL: endpoint.url });
        expect(ended.code, ended.stderr).toBe(0);
        expect(endpoint.requests).toHaveLength(calls);
        const listed = await assay('models', { ...bare, GOOGLE_GEMINI_BASE_URL: endpoint.url });
        expect(listed.stdout).toContain('gemini-3.8-flash');
      });
    } finally {
      await endpoint.close();
    }
  });
});

/** What each failure of a call means for its case, its model and its run. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import {
  errorInfo,
  failure,
  gemini,
  json,
  quotaFailure,
  retryInfo,
  type Answer,
  type Gemini,
} from './gemini.ts';
import { project } from './project.ts';

let server: Gemini | undefined;
afterEach(() => server?.close());
async function serve(answer: Answer): Promise<Gemini> {
  return (server = await gemini(answer));
}

type Fail = (response: ServerResponse) => void;
const say =
  (code: number, body: unknown, headers: Record<string, string> = {}): Fail =>
  (response) =>
    json(response, code, body, headers);
const page =
  (code: number): Fail =>
  (response) => {
    response.writeHead(code, { 'content-type': 'text/html' });
    response.end('<html><title>Welcome to the proxy</title></html>');
  };
const event = 'data: {"candidates":[{"content":{"parts":[{"text":"You"}]}}]}\r\n\r\n';
const streaming =
  (rest: string, end = true): Fail =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event + rest);
    if (end) response.end();
    else setTimeout(() => response.destroy(), 5);
  };
const perMinute = quotaFailure('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
const perDay = quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier');

/** Each fails a case for good, and no other. */
const never: Record<string, Fail> = {
  'invalid argument': say(400, failure(400, 'INVALID_ARGUMENT')),
  'failed precondition': say(400, failure(400, 'FAILED_PRECONDITION')),
  'no permission': say(403, failure(403, 'PERMISSION_DENIED')),
  'words of a cap in a quoted request': say(
    400,
    failure(400, 'INVALID_ARGUMENT', 'bad value "our spending cap"'),
  ),
  'missing file': say(404, failure(404, 'NOT_FOUND', 'Requested entity was not found.')),
  'page of the front': page(404),
  'too large': say(413, failure(413, 'X')),
  'not built': say(501, failure(501, 'UNIMPLEMENTED')),
  'refused within 200': say(200, { error: { status: 'INVALID_ARGUMENT', message: 'm' } }),
  'redirect elsewhere': (response) => {
    response.writeHead(307, { location: 'http://127.0.0.2:1/' });
    response.end();
  },
};

/** Each comes once and is tried again. */
const once: Record<string, Fail> = {
  'quota a minute': say(429, failure(429, 'RESOURCE_EXHAUSTED', 'm', perMinute, retryInfo('0.010000001s'))),
  'quota with a header': say(429, failure(429, 'RESOURCE_EXHAUSTED'), { 'retry-after': '0' }),
  burst: say(429, failure(429, 'RESOURCE_EXHAUSTED')),
  'request timeout': say(408, failure(408, 'X')),
  internal: say(500, failure(500, 'INTERNAL')),
  'bad gateway': page(502),
  overloaded: say(503, failure(503, 'UNAVAILABLE')),
  'gateway timeout': say(504, failure(504, 'DEADLINE_EXCEEDED')),
  'strange page': page(521),
  'overloaded within 200': say(200, { error: { status: 'UNAVAILABLE', message: 'm' } }),
  'page with 200': page(200),
  'nothing with 200': (response) => response.end(),
  'half of JSON': (response) => response.end('{"candidates": [{"content"'),
  'a list': say(200, []),
  reset: (response) => void response.socket?.resetAndDestroy(),
  closed: (response) => void response.socket?.destroy(),
  'no HTTP': (response) => void response.socket?.end('SSH-2.0-OpenSSH_9\r\n\r\n'),
  cut: (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"candidates"');
    setTimeout(() => response.destroy(), 5);
  },
  hang: (response) => {
    response.writeHead(200, { 'content-length': 1000 }).flushHeaders();
  },
  'stream: cut': streaming('', false),
  'stream: without its end': streaming(''),
  'stream: raw error': streaming('{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}'),
  'stream: error as event': streaming('data: {"error":{"code":500,"message":"m"}}\r\n\r\n'),
  'stream: malformed event': streaming('data: {"candidates": [{\r\n\r\n'),
  'stream: empty': (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end();
  },
};

const rows = (names: readonly string[]): string => JSON.stringify(names.map((n) => ({ n })));
const suiteOf = (names: readonly string[]): string => `suite: s
model: gemini-3.8-flash
configs: { plain: {}, streamed: { method: streamGenerateContent } }
prompts: { p: "Try {{n}}." }
tests:
  - { name: t, configs: [plain], data: ${rows(names.filter((name) => !name.startsWith('stream:')))}, row: "{{n}}", assert: [ { contains: You said } ] }
  - { name: u, configs: [streamed], data: ${rows([...names.filter((name) => name.startsWith('stream:')), 'streamed well'])}, row: "{{n}}", assert: [ { contains: You said } ] }
`;

const nameOf = (prompt: string): string => /^Try (.*)\.$/.exec(prompt)?.[1] ?? prompt;

interface RunJson {
  readonly ended: string;
  readonly suites: {
    readonly cases: {
      readonly id: string;
      readonly trials: {
        readonly attempts: number;
        readonly waitedMs: number;
        readonly retried?: { failed?: string; status?: number; waitedMs: number; call: number; ms: number }[];
      }[];
    }[];
  }[];
}

describe('a case', () => {
  test('with a permanent error is called once and affects no other', async () => {
    const { url, requests } = await serve(({ prompt }, response) => never[nameOf(prompt)]?.(response));
    const names = Object.keys(never);
    await project({ 'suites/s.suite.yaml': suiteOf([...names, 'good']) }, async ({ assay, results }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 4`);
      expect(ended.code, ended.stderr).toBe(3);
      expect(ended.stderr).toBe('');
      expect(requests.filter(({ times }) => times > 1)).toEqual([]);
      expect(requests).toHaveLength(names.length + 2);
      const verdicts = Object.fromEntries(
        results('s').cases.map(({ id, verdict }) => [id.split(' / ')[1], verdict]),
      );
      expect(verdicts).toEqual({
        ...Object.fromEntries(names.map((name) => [name, 'errored'])),
        good: 'passed',
        'streamed well': 'passed',
      });
    });
  });

  test('with a transient error is retried; run.json has each attempt and wait', async () => {
    const { url, requests } = await serve(({ prompt, times }, response) => {
      if (times === 1) once[nameOf(prompt)]?.(response);
    });
    const names = Object.keys(once);
    await project({ 'suites/s.suite.yaml': suiteOf(names) }, async ({ assay, results, read }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 32 --timeout 1500`);
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      expect(ended.stderr).toBe('');
      expect(requests).toHaveLength(names.length * 2 + 1);
      expect(results('s').summary).toMatchObject({ passed: names.length + 1, cases: names.length + 1 });
      const { suites } = JSON.parse(read('reports/run.json')) as RunJson;
      for (const { id, trials } of suites[0]?.cases ?? []) {
        const name = id.split(' / ')[1] ?? '';
        const [trial] = trials;
        expect(trials).toHaveLength(1);
        if (name === 'streamed well') {
          expect(trial).toMatchObject({ attempts: 1, waitedMs: 0 });
          expect(trial?.retried).toBeUndefined();
          continue;
        }
        expect(trial, name).toMatchObject({
          attempts: 2,
          retried: [{ call: 0, failed: expect.any(String) as string }],
        });
        expect(trial?.waitedMs).toBe(trial?.retried?.[0]?.waitedMs);
        if (name === 'quota a minute') {
          expect(trial?.retried?.[0]).toMatchObject({ status: 429, failed: 'RESOURCE_EXHAUSTED' });
          // The service requested 10.000001 ms: at least 11 ms, and a tenth more at most.
          expect([11, 12, 13]).toContain(trial?.waitedMs);
        }
      }
    });
  });

  test('fails after its retries, or at once with none', async () => {
    const { url, requests } = await serve((_, response) => json(response, 503, failure(503, 'UNAVAILABLE')));
    const suite = suiteOf(['a']);
    await project({ 'suites/s.suite.yaml': suite }, async ({ assay, results }) => {
      const ended = await assay(`run --base-url ${url} --retries 0`);
      expect([ended.code, requests.length]).toEqual([3, 2]);
      await assay(`run --base-url ${url} --retries 2`);
      expect(requests.length).toBe(2 + 2 * 3);
      expect(results('s').summary).toMatchObject({ errored: 2, failed: 0 });
    });
  });

  test('that asserts an error is judged by a rejection with a long wait and stops nothing', async () => {
    const { url } = await serve(({ prompt }, response) => {
      if (nameOf(prompt) === 'a') longWait('301s')(response);
    });
    const suite = suiteOf(['a', 'b']).replace(
      'row: "{{n}}", assert: [ { contains: You said } ]',
      'row: "{{n}}", assert: [ { any: [ { error: { status: RESOURCE_EXHAUSTED } }, { contains: You said } ] } ]',
    );
    await project({ 'suites/s.suite.yaml': suite }, async ({ assay, results }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 1`);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect(results('s').summary).toMatchObject({ passed: 3 });
    });
  });
});

const longWait = (wait: string): Fail => say(429, failure(429, 'RESOURCE_EXHAUSTED', 'm', retryInfo(wait)));

test.for<[wait: string, text: string]>([
  ['301s', '6 min'],
  ['86400s', '24 h'],
])('a requested wait of %s stops the model and is reported', async ([wait, text]) => {
  const { url, requests } = await serve((_, response) => longWait(wait)(response));
  const names = Array.from({ length: 40 }, (_, index) => `case ${index}`);
  await project({ 'suites/s.suite.yaml': suiteOf(names) }, async ({ assay, results }) => {
    const ended = await assay(`run --base-url ${url} --concurrency 4`);
    expect(ended.code).toBe(3);
    expect(requests.length).toBeLessThanOrEqual(4);
    const message = `m; the service asks to wait ${text}`;
    expect(ended.stderr).toContain(
      `error[model-stopped]: no further calls to gemini-3.8-flash: ${message}\n`,
    );
    expect(ended.stderr).toContain('continue with: assay run --resume');
    const { cases, summary } = results('s');
    expect(summary).toMatchObject({ errored: requests.length, skipped: 41 - requests.length });
    const messages = cases.flatMap(({ trials }) => trials.map(({ error }) => error?.message));
    expect(messages).toEqual(messages.map(() => message));
  });
});

test('reports a limit that slows a run once per model', async () => {
  const { url } = await serve(({ times }, response) => {
    if (times === 1)
      say(429, failure(429, 'RESOURCE_EXHAUSTED', 'm', namedQuota, retryInfo('0.01s')))(response);
  });
  await project({ 'suites/s.suite.yaml': suiteOf(['a', 'b']) }, async ({ assay }) => {
    const line =
      'gemini-3.8-flash: the service names a limit of 60,000 requests a minute (429); the run keeps to it, and goes faster while nothing is refused; --rpm N sets a limit of your own\n';
    expect(await assay(`run --base-url ${url}`)).toMatchObject({ code: 0, stderr: line });
    expect(await assay(`run --base-url ${url} --quiet`)).toMatchObject({ code: 0, stderr: '' });
  });
});

const namedQuota = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel', quotaValue: '60000' }],
};

test('retries do not multiply the load in an outage', async () => {
  const { url, requests } = await serve((_, response) =>
    json(response, 503, failure(503, 'UNAVAILABLE', 'm'), { 'x-nothing': '1' }),
  );
  const names = Array.from({ length: 300 }, (_, index) => `case ${index}`);
  await project({ 'suites/s.suite.yaml': suiteOf(names) }, async ({ assay }) => {
    const ended = await assay(`run --base-url ${url} --concurrency 2 --retries 1 --quiet`);
    expect(ended.code).toBe(3);
    // 301 cases, and of their retries only the floor: five for each of the two in flight.
    expect(requests.length).toBe(301 + 10);
  });
});

const invalidKey = say(
  400,
  failure(400, 'INVALID_ARGUMENT', 'API key not valid.', errorInfo('API_KEY_INVALID')),
);
const daily = say(
  429,
  failure(
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your quota.\nPlease retry in 7.9s.',
    perDay,
    retryInfo('7s'),
  ),
);
const vanished = say(
  404,
  failure(404, 'NOT_FOUND', 'models/gemini-3.8-flash is not found for API version v1beta.'),
);

const leaked = 'Your API key was reported as leaked. Please use another API key.';
const depleted =
  'Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.';

/** Two models, sixty cases each. */
const two = `suite: s
models: [gemini-3.8-flash, gemini-2.5-flash-lite]
prompts: { p: "Try {{n}}." }
tests: [ { name: t, data: ${rows(Array.from({ length: 60 }, (_, index) => String(index)))}, row: "{{n}}", assert: [ { contains: You said } ] } ]
`;

describe('a failure with wider effect', () => {
  test.for<[string, Fail, message: string, help: string]>([
    ['a bad key', invalidKey, 'API key not valid.', 'set GEMINI_API_KEY to a valid key'],
    [
      'an invalid bearer token',
      say(401, failure(401, 'UNAUTHENTICATED')),
      'UNAUTHENTICATED',
      'set GEMINI_API_KEY to a valid key',
    ],
    [
      'a key without access to this service',
      say(403, failure(403, 'PERMISSION_DENIED', 'Blocked.', errorInfo('API_KEY_SERVICE_BLOCKED'))),
      'Blocked.',
      'change the restrictions of the key',
    ],
    ['a leaked key', say(403, failure(403, 'PERMISSION_DENIED', leaked)), leaked, 'make a new key'],
    [
      'a disabled API',
      say(403, failure(403, 'PERMISSION_DENIED', 'Not used.', errorInfo('SERVICE_DISABLED'))),
      'Not used.',
      "enable the Generative Language API in the key's project",
    ],
    [
      'a place where the API is not offered',
      say(400, failure(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.')),
      'User location is not supported for the API use.',
      'use a region where the API is available',
    ],
    ['used-up credits', say(429, failure(429, 'RESOURCE_EXHAUSTED', depleted)), depleted, 'buy credits'],
  ])('%s stops the run within one round of calls', async ([, fail, message, help]) => {
    const { url, requests } = await serve((_, response) => {
      if (requests.length > 20) fail(response);
    });
    await project({ 'suites/s.suite.yaml': two }, async ({ assay, results, read }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 8`);
      expect(ended.code).toBe(3);
      const line = `assay run --resume --base-url ${url} --concurrency 8`;
      expect(ended.stderr).toContain(
        `error[run-stopped]: ${message}\n  = help: replies so far are kept; ${help}`,
      );
      expect(ended.stderr).toContain(`, then continue with: ${line}\n\n1 error\n`);
      const refused = requests.length - 20;
      expect(refused).toBeGreaterThan(0);
      expect(refused).toBeLessThanOrEqual(8);
      const { cases, summary } = results('s');
      expect(summary).toMatchObject({ passed: 20, errored: refused, skipped: 100 - refused });
      for (const each of cases as { verdict: string; skip?: string }[])
        if (each.verdict === 'skipped') expect(each.skip).toBe(`not asked: ${message}`);
      expect(JSON.parse(read('reports/run.json'))).toMatchObject({ ended: 'stopped', message });
      await server?.close();
      const well = await serve(() => undefined);
      const resumed = await assay(`run --resume --base-url ${well.url} --concurrency 8`);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(well.requests).toHaveLength(100);
      expect(resumed.stderr).toContain(`resumed: 20 trials kept; ${refused} errored, to run again\n`);
    });
  });

  test.for<[string, Fail, message: string, help: (line: string) => string]>([
    [
      'a daily quota',
      daily,
      'You exceeded your quota.',
      (line) =>
        `replies so far are kept; wait for midnight Pacific time, when the daily quota is renewed, then continue with: ${line}`,
    ],
    [
      'a removed model',
      vanished,
      'models/gemini-3.8-flash is not found for API version v1beta.',
      () => 'this key may not use it, or not for this method; list the models with: assay models',
    ],
  ])('%s stops its model, and others continue', async ([, fail, message, help]) => {
    const { url, requests } = await serve(({ model }, response) => {
      if (model === 'gemini-3.8-flash' && requests.filter((each) => each.model === model).length > 5)
        fail(response);
    });
    await project({ 'suites/s.suite.yaml': two }, async ({ assay, results, read }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 8`);
      expect(ended.code).toBe(3);
      expect(ended.stderr).toBe(
        `error[model-stopped]: no further calls to gemini-3.8-flash: ${message}\n  = help: ${help(`assay run --resume --base-url ${url} --concurrency 8`)}\n\n1 error\n`,
      );
      const refused = requests.filter(({ model }) => model === 'gemini-3.8-flash').length - 5;
      expect(refused).toBeGreaterThan(0);
      expect(refused).toBeLessThanOrEqual(8);
      expect(results('s').summary).toMatchObject({ passed: 65, errored: refused, skipped: 55 - refused });
      for (const each of results('s').cases as { verdict: string; skip?: string }[])
        if (each.verdict === 'skipped') expect(each.skip).toBe(`not asked: ${message}`);
      expect(JSON.parse(read('reports/run.json'))).toMatchObject({
        ended: 'stopped',
        stoppedModels: { 'gemini-3.8-flash': message },
      });
    });
  });

  test.for<[string, Fail, status: string]>([
    ['a bad key', invalidKey, 'INVALID_ARGUMENT'],
    ['a daily quota', daily, 'RESOURCE_EXHAUSTED'],
    ['a removed model', vanished, 'NOT_FOUND'],
  ])('%s stops nothing if the case asserts it', async ([, fail, status]) => {
    const { url, requests } = await serve(({ prompt }, response) => {
      if (prompt === 'Fail.') fail(response);
    });
    const suite = `suite: s
model: gemini-3.8-flash
prompts: { q: Fail., p: "Try {{n}}." }
tests:
  - { name: fails, prompts: [q], assert: [ { error: { status: ${status} } } ] }
  - { name: goes on, prompts: [p], data: ${rows(['a', 'b', 'c'])}, assert: [ { contains: You said } ] }
`;
    await project({ 'suites/s.suite.yaml': suite }, async ({ assay, results }) => {
      const ended = await assay(`run --base-url ${url} --concurrency 1`);
      expect(ended.stderr).toBe('');
      expect(ended.code, ended.stdout).toBe(0);
      expect(results('s').summary).toMatchObject({ passed: 4, skipped: 0 });
      expect(requests.map(({ prompt }) => prompt)[0]).toBe('Fail.');
      expect(requests).toHaveLength(4);
    });
  });

  test.for<[model: string, method: string, help: string]>([
    ['gemini-3.8-flsh', 'generateContent', 'did you mean "gemini-3.8-flash" or '],
    ['gemini-3.8-flsh', 'models.get', 'did you mean "gemini-3.8-flash" or '],
    ['no-such-thing', 'generateContent', 'list the models with: assay models'],
  ])('an unknown model (%s, %s) gets a hint and no resume line', async ([model, method, help]) => {
    const suite = `suite: s
model: ${model}
prompts: { p: Hello }
tests: [ { name: t, method: ${method}${method === 'models.get' ? '' : ', prompts: [p]'}, assert: [ { response: { path: $.x, exists: true } } ] } ]
`;
    await project({ 'suites/s.suite.yaml': suite }, async ({ assay }) => {
      const ended = await assay('run --emulator');
      expect(ended.code).toBe(3);
      expect(ended.stderr).toContain(`error[model-stopped]: no further calls to ${model}: `);
      expect(ended.stderr).toContain(`  = help: ${help}`);
      expect(ended.stderr).not.toContain('resume');
    });
  });
});

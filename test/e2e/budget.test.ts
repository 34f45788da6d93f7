/** What a plan says a run could cost, and runs with a budget. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { errorInfo, failure, gemini, json, type Answer } from './gemini.ts';
import { project, type Project } from './project.ts';

/** 50 cases whose replies are as long as they may be, and cost as much. */
const suite = `suite: a
model: gemini-3.1-pro-preview
defaults: { maxOutputTokens: 100 }
prompts: { p: "Number {{n}}." }
tests: [ { name: t, data: rows.csv, row: "{{n}}", assert: [ { outcome: truncated } ] } ]
`;
const rows = `n\n${Array.from({ length: 50 }, (_, n) => n).join('\n')}\n`;
const script = `replies:
  - reply:
      text: one two three
      finishReason: MAX_TOKENS
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 100, totalTokenCount: 200 }
`;
const files = { 'suites/a.suite.yaml': suite, 'suites/rows.csv': rows, 'script.yaml': script };

interface Ran {
  readonly ended: string;
  readonly suites: { readonly groups: { readonly usd: number; readonly tokens: number }[] }[];
}
const ran = ({ read }: Project): Ran => JSON.parse(read('reports/run.json')) as Ran;
const spent = (at: Project): { usd: number; tokens: number } =>
  ran(at).suites[0]?.groups[0] ?? { usd: 0, tokens: 0 };

test.for([0.001, 0.004, 0.01, 0.02])('stays within --max-cost %d, and --resume continues', (most) =>
  project(files, async (at) => {
    const ended = await at.assay(`run --emulator --script script.yaml --max-cost ${most} --concurrency 16`);
    expect(ended.code).toBe(3);
    expect(ran(at).ended).toBe('budget');
    expect(spent(at).usd).toBeLessThanOrEqual(most);
    const { passed = 0, skipped = 0, errored } = at.results('a').summary;
    expect(passed + skipped).toBe(50);
    expect(errored).toBe(0);
    expect(ended.stderr).toContain(
      'error[budget-ended]: the next call of gemini-3.1-pro-preview may cost up to',
    );
    // No call fits under the lowest budget: the same line would end the same way.
    const line = most === 0.001 ? '0.001380' : most;
    expect(ended.stderr).toContain(
      `continue with: assay run --resume --emulator --script script.yaml --max-cost ${line} --concurrency 16\n`,
    );
    const again = await at.assay('run --emulator --script script.yaml --resume');
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`resumed: ${passed} trial`);
    expect(at.results('a').summary).toMatchObject({ passed: 50 });
  }),
);

test('stays within --max-tokens', () =>
  project(files, async (at) => {
    const ended = await at.assay('run --emulator --script script.yaml --max-tokens 3000');
    expect(ended.code).toBe(3);
    expect(spent(at).tokens).toBeLessThanOrEqual(3000);
    expect(spent(at).tokens).toBeGreaterThan(2000);
  }));

test('a high budget changes nothing', () =>
  project(files, async (at) => {
    expect((await at.assay('run --emulator --script script.yaml --max-cost 1')).code).toBe(0);
    expect(spent(at).usd).toBeCloseTo((50 * (100 * 2 + 100 * 12)) / 1e6, 9);
  }));

const answeredByAnother = script.replace(
  'finishReason: MAX_TOKENS',
  'finishReason: MAX_TOKENS\n      modelVersion: gemini-3.1-pro-preview',
);

test('counts another answering model at its price, or at the price of the suite', () =>
  project({ ...files, 'script.yaml': answeredByAnother }, async (at) => {
    at.write('suites/a.suite.yaml', suite.replace('3.1-pro-preview', '3.8-flash'));
    const ended = await at.assay('run --emulator --script script.yaml --max-cost 0.01 --concurrency 16');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('of gemini-3.8-flash may cost up');
    // Calls in flight were reserved at the price of the model that was named.
    expect(spent(at).usd).toBeLessThanOrEqual(0.01 + 16 * 0.0014);
    expect(spent(at).usd).toBeGreaterThan(0.007);
    at.write(
      'suites/a.suite.yaml',
      `${suite.replace('3.1-pro-preview', '3.8-flash')}prices: { gemini-3.8-flash: { input: 1, output: 1 } }\n`,
    );
    expect((await at.assay('run --emulator --script script.yaml --max-cost 0.02')).code).toBe(0);
    expect(spent(at).usd).toBeCloseTo((50 * 200) / 1e6, 9);
  }));

test('rejects a model without a price under --max-cost, at its test', () =>
  project({ ...files, 'suites/a.suite.yaml': suite.replace('3.1-pro-preview', '99-new') }, async (at) => {
    const ended = await at.assay('run --emulator --max-cost 1');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[unpriced-model]: no price of gemini-99-new is known');
    expect(ended.stderr).toContain('--> suites/a.suite.yaml:5:');
    at.write(
      'suites/a.suite.yaml',
      `${suite.replace('3.1-pro-preview', '99-new')}prices: { gemini-99-new: { input: 1, output: 2 } }\n`,
    );
    expect((await at.assay('run --emulator --script script.yaml --max-cost 1')).code).toBe(3);
  }));

test('plan prints calls, tokens and the maximum cost of a run', () =>
  project(files, async (at) => {
    const { stdout } = await at.assay('plan');
    expect(stdout).toContain('50 cases, 50 trials, 50 calls, about 150 input tokens');
    expect(stdout).toMatch(/at most [\d,]+ tokens and \$0\.0\d+; nothing was sent/);
    const counted = await at.assay('plan --count-tokens --emulator');
    expect(counted.stdout).toMatch(
      /50 calls, 150 input tokens\nat most 5,150 tokens and \$0\.0603; only tokens were counted/,
    );
  }));

test.for<[what: string, answer: Answer, reason: string]>([
  ['fails', (_, response) => json(response, 403, failure(403, 'PERMISSION_DENIED', 'no')), 'no'],
  ['has no total', (_, response) => json(response, 200, {}), 'the response has no totalTokens'],
])('plan --count-tokens reports a count that %s', ([, answer, reason]) =>
  counting(answer, async (at, plan) => {
    const table = await at.assay(plan);
    expect(table.code).toBe(3);
    expect(table.stdout).toMatch(/50 calls, about [\d,]+ input tokens\n/);
    expect(table.stderr).toBe(
      `error[not-counted]: the tokens of 50 of 50 requests could not be counted, and are estimated: ${reason}\n\n1 error\n`,
    );
    const listed = await at.assay(`${plan} --format json`);
    expect(listed.code).toBe(3);
    expect(listed.stderr).toBe(table.stderr);
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({ id: expect.any(String) as string, inputTokens: 3, counted: false }),
    );
  }),
);

test('plan --count-tokens counts a case that asserts an error as zero', () =>
  counting(
    (_, response) => json(response, 400, failure(400, 'INVALID_ARGUMENT', 'no')),
    async (at, plan) => {
      at.write('suites/a.suite.yaml', suite.replace('outcome: truncated', 'error: { code: 400 }'));
      const ended = await at.assay(plan);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain('50 calls, 0 input tokens\n');
    },
  ));

test('plan --count-tokens stops at a bad key', () =>
  counting(
    (_, response) =>
      json(response, 400, failure(400, 'INVALID_ARGUMENT', 'not valid', errorInfo('API_KEY_INVALID'))),
    async (at, plan) => {
      const ended = await at.assay(plan);
      expect(ended).toMatchObject({
        code: 3,
        stdout: '',
        stderr: 'error[not-counted]: no tokens were counted: not valid\n\n1 error\n',
      });
    },
  ));

test('plan --count-tokens retries transient failures', () =>
  counting(
    ({ times }, response) =>
      times === 1
        ? json(response, 503, failure(503, 'UNAVAILABLE'))
        : json(response, 200, { totalTokens: 1000 }),
    async (at, plan) => {
      // More retries than are made before anything was counted would be too many.
      at.write('suites/rows.csv', 'n\n1\n2\n3\n');
      const ended = await at.assay(plan);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain('3 calls, 3,000 input tokens\n');
    },
  ));

/** Plans the 50 cases against a server that counts so. */
async function counting(answer: Answer, use: (at: Project, plan: string) => Promise<void>): Promise<void> {
  const server = await gemini(answer);
  try {
    await project(files, (at) => use(at, `plan --count-tokens --base-url ${server.url}`));
  } finally {
    await server.close();
  }
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const pictured = `suite: a
model: gemini-3.8-flash
prompts: { p: [ { image: pixel.png }, What is it? ] }
tests: [ { name: t, assert: [ { contains: x } ] } ]
`;

/** Runs a case with a picture, under a budget, against a server that counts so. */
async function picturing(
  answer: Answer,
  use: (ended: Awaited<ReturnType<Project['assay']>>, at: Project) => unknown,
): Promise<void> {
  const server = await gemini(answer);
  try {
    await project({ 'suites/a.suite.yaml': pictured }, async (at) => {
      writeFileSync(path.join(at.folder, 'suites/pixel.png'), pixel);
      await use(await at.assay(`run --base-url ${server.url} --max-cost 0.01 --retries 0`), at);
    });
  } finally {
    await server.close();
  }
}

test('a bad key while counting media stops the run with its message', () =>
  picturing(
    (_, response) =>
      json(response, 400, failure(400, 'INVALID_ARGUMENT', 'not valid', errorInfo('API_KEY_INVALID'))),
    (ended) => {
      expect(ended.code).toBe(3);
      expect(ended.stderr).toContain(
        'error[run-stopped]: not valid\n  = help: replies so far are kept; set GEMINI_API_KEY to a valid key',
      );
    },
  ));

test('names media that could not be counted', () =>
  picturing(
    (_, response) => json(response, 503, failure(503, 'UNAVAILABLE', 'overloaded')),
    (ended) => {
      expect(ended.code).toBe(3);
      expect(ended.stderr).toMatch(
        /its media could not be counted, so the model's input limit was used: overloaded\n/,
      );
    },
  ));

test('the error names a fitting maxOutputTokens, and the resume line a fitting budget', () =>
  picturing(
    (_, response) => json(response, 200, { totalTokens: 270 }),
    (ended, at) => {
      expect(ended.code).toBe(3);
      const fitting = /with maxOutputTokens: (\d+) it would fit/.exec(ended.stderr)?.[1];
      expect(Number(fitting)).toBeGreaterThan(1000);
      const [, least = ''] =
        /continue with: assay run --resume .* --max-cost ([\d.]+)/.exec(ended.stderr) ?? [];
      expect(Number(least)).toBeGreaterThan(0.01);
      expect(ended.stderr).toContain(`this call needs --max-cost ${least} or more`);
      expect(at.results('a').summary).toMatchObject({ skipped: 1 });
    },
  ));

test('plan never counts unknown costs as zero', () =>
  project({ ...files, 'suites/a.suite.yaml': suite.replace('3.1-pro-preview', '99-new') }, async (at) => {
    expect((await at.assay('plan')).stdout).toMatch(
      /\nat most [\d,]+ tokens and an unknown cost, without the cost of gemini-99-new, whose price is not known; nothing was sent\n/,
    );
    at.write('suites/a.suite.yaml', suite.replace('3.1-pro-preview', '99-new').replace('100', 'null'));
    expect((await at.assay('plan')).stdout).toContain(
      '\nat most unknown: the limits of gemini-99-new are not known; set maxOutputTokens; nothing was sent\n',
    );
    const both = suite
      .replace('gemini-3.1-pro-preview', 'gemini-99-new')
      .replace('tests: [', 'tests: [ { name: u, model: gemini-3.1-pro-preview, data: [ { n: 1 } ] },');
    at.write('suites/a.suite.yaml', both);
    expect((await at.assay('plan')).stdout).toMatch(
      /at most [\d,]+ tokens and \$0\.\d+, without the cost of/,
    );
  }));

interface Spending {
  readonly lost?: number;
  readonly suites: {
    readonly groups: { readonly usd: number; readonly unpriced: number; readonly lost: number }[];
    readonly cases: {
      readonly id: string;
      readonly trials: { readonly usd?: number; readonly lost?: number }[];
    }[];
  }[];
}
const spending = ({ read }: Project): Spending => JSON.parse(read('reports/run.json')) as Spending;

/** Runs the cases of these names against a server that answers them so. */
async function withAnswers(
  names: readonly string[],
  answer: Answer,
  use: (at: Project, run: string) => Promise<void>,
): Promise<void> {
  const server = await gemini(answer);
  const data = JSON.stringify(names.map((n) => ({ n })));
  const text = `suite: a
model: gemini-3.1-pro-preview
prompts: { p: "{{n}}" }
tests: [ { name: t, data: ${data}, row: "{{n}}", assert: [ { contains: You said } ] } ]
`;
  try {
    await project({ 'suites/a.suite.yaml': text }, (at) => use(at, `run --base-url ${server.url}`));
  } finally {
    await server.close();
  }
}

test('reports lost replies next to known costs, also of retried trials', () =>
  withAnswers(
    ['good', 'cut once', 'lost', 'refused', 'refused once'],
    ({ prompt, times }, response) => {
      if (prompt === 'lost' || (prompt === 'cut once' && times === 1))
        response.end('{"candidates": [{"content"');
      if (prompt === 'refused') json(response, 400, failure(400, 'INVALID_ARGUMENT'));
      if (prompt === 'refused once' && times === 1) json(response, 503, failure(503, 'UNAVAILABLE'));
    },
    async (at, run) => {
      const ended = await at.assay(`${run} --retries 1`);
      expect(ended.stdout).toContain('$0.0003, unknown for 3 lost replies\n');
      const { suites } = spending(at);
      // Three answers of 5 tokens in and 7 out.
      expect(suites[0]?.groups[0]).toMatchObject({ usd: 0.000282, unpriced: 0, lost: 3 });
      const lost = Object.fromEntries(
        suites[0]?.cases.map(({ id, trials }) => [id.split(' / ')[1], trials[0]?.lost]) ?? [],
      );
      expect(lost).toEqual({ 'cut once': 1, lost: 2 });
      await at.assay('report --quiet');
      expect(spending(at)).toMatchObject({ suites: [{ groups: [{ lost: 3 }] }] });
      // Asked again, what was lost before stays lost.
      await at.assay(`${run} --retries 0 --resume`);
      expect(spending(at).suites[0]?.groups[0]).toMatchObject({ usd: 0.000282, lost: 4 });
      await at.assay('report --quiet');
      expect(spending(at).suites[0]?.groups[0]).toMatchObject({ usd: 0.000282, lost: 4 });
    },
  ));

test('a call that reached no server costs nothing', () =>
  withAnswers(
    ['good'],
    () => undefined,
    async (at) => {
      const ended = await at.assay('run --base-url http://127.0.0.1:1 --retries 1');
      expect(ended.code).toBe(3);
      expect(ended.stdout).toMatch(/ s; cost: \$0\n/);
    },
  ));

test('reports calls of unfinished trials as lost', () =>
  withAnswers(
    ['cut', 'bad key'],
    async ({ prompt }, response) => {
      if (prompt === 'cut') response.end('{"candidates": [{"content"');
      else await new Promise((resolve) => setTimeout(resolve, 100));
      if (prompt !== 'cut')
        json(response, 400, failure(400, 'INVALID_ARGUMENT', 'm', errorInfo('API_KEY_INVALID')));
    },
    async (at, run) => {
      const ended = await at.assay(`${run} --retries 50`);
      expect(ended.stdout).toMatch(/: unknown for [1-9]\d* lost repl(y|ies)\n/);
      const { lost = 0, suites } = spending(at);
      expect(lost).toBeGreaterThan(0);
      expect(suites[0]?.groups[0]).toMatchObject({ usd: 0, lost: 0 });
      await at.assay('report --quiet');
      expect(spending(at).lost).toBe(lost);
      await at.assay(`${run} --retries 50 --resume --quiet`);
      expect(spending(at).lost).toBeGreaterThan(lost);
    },
  ));

/** A service that fails one attempt in five, in ten ways. */
import { afterEach, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { scriptOf } from '../emulator/serve.ts';
import { project } from './project.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const key = { GEMINI_API_KEY: 'any' };

const suite = `suite: many
model: gemini-3.8-flash
configs: { plain: {}, streamed: { method: streamGenerateContent } }
prompts: { p: "Tell of number {{n}}." }
assert: [ { finishReason: STOP }, { contains: number } ]
tests: [ { name: t, data: rows.csv, row: "{{n}}" } ]
`;
const files = {
  'suites/many.suite.yaml': suite,
  'suites/rows.csv': `n\n${Array.from({ length: 1000 }, (_, index) => 100_000 + index).join('\n')}\n`,
};

/** The first rule that is drawn answers: with 2.2 % each, 20 % of all attempts. */
const share = 0.022;
const faulty = `
seed: 3
replies:
${[
  'error: { code: 429, retryDelay: 0.05s, quota: perMinute }',
  'error: { code: 429, quota: burst }',
  'error: { code: 500 }',
  'error: { code: 503 }',
  'fault: reset',
  'fault: hang',
  'fault: malformed',
  'fault: html',
  'fault: cut',
  'fault: midStreamError',
]
  .map((answer) => `  - { probability: ${share}, ${answer} }`)
  .join('\n')}
`;

test('judges 2,000 cases with failing calls as if nothing had failed', { timeout: 300_000 }, () =>
  project(files, async ({ assay, read }) => {
    const well = await startEmulator({ seed: 3 });
    const ill = await startEmulator({ script: await scriptOf(faulty) });
    closers.push(well.close, ill.close);
    const args = '--concurrency 64 --reporter json --quiet';
    const whole = await assay(`run --base-url ${well.url} --reports whole ${args}`, key);
    expect(whole, whole.stderr).toMatchObject({ code: 0, stderr: '' });
    const ended = await assay(`run --base-url ${ill.url} ${args} --retries 8 --timeout 4000`, key);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(read('reports/many.json')).toBe(read('whole/many.json'));

    const { suites } = JSON.parse(read('reports/run.json')) as {
      suites: {
        summary: Record<string, number>;
        cases: { trials: { attempts: number; retried?: { failed?: string; status?: number }[] }[] }[];
      }[];
    };
    expect(suites[0]?.summary).toMatchObject({ cases: 2000, passed: 2000, errored: 0 });
    const trials = suites[0]?.cases.flatMap((each) => each.trials) ?? [];
    const attempts = trials.reduce((sum, each) => sum + each.attempts, 0);
    // 2,000 ÷ 0.8 and chance, and what a busy machine makes time out; no trial had more than its nine.
    expect(attempts).toBeGreaterThan(2300);
    expect(attempts).toBeLessThan(3500);
    expect(Math.max(...trials.map((each) => each.attempts))).toBeLessThanOrEqual(9);
    const ways = new Set(
      trials.flatMap(({ retried = [] }) => retried.map(({ failed, status }) => `${status ?? ''} ${failed}`)),
    );
    for (const way of [
      '429 RESOURCE_EXHAUSTED',
      '500 INTERNAL',
      '503 UNAVAILABLE',
      ' reset',
      ' timeout',
      '200 malformed',
      '502 HTTP 502',
      '200 cut',
      '200 UNAVAILABLE',
    ])
      expect([...ways]).toContain(way);
  }),
);

test('only the seed decides which calls fail', () =>
  project(
    { ...files, 'suites/rows.csv': `n\n${Array.from({ length: 60 }, (_, index) => index).join('\n')}\n` },
    async ({ assay, read }) => {
      const failed: string[] = [];
      for (const [concurrency, seed] of [
        [1, 3],
        [32, 3],
        [32, 4],
      ] as const) {
        const server = await startEmulator({
          script: await scriptOf(
            'replies: [ { probability: 0.3, error: { code: 429, retryDelay: 0s, quota: burst } } ]',
          ),
          seed,
        });
        closers.push(server.close);
        const ended = await assay(
          `run --base-url ${server.url} --concurrency ${concurrency} --retries 8 --reporter json --quiet`,
          key,
        );
        expect(ended.code, ended.stderr).toBe(0);
        const { suites } = JSON.parse(read('reports/run.json')) as {
          suites: { cases: { id: string; trials: { attempts: number }[] }[] }[];
        };
        failed.push(JSON.stringify(suites[0]?.cases.map(({ id, trials }) => [id, trials[0]?.attempts])));
      }
      expect(failed[1]).toBe(failed[0]);
      expect(failed[2]).not.toBe(failed[0]);
      expect(failed[0]).toMatch(/,2\]/);
    },
  ));

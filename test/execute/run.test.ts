/** Runs on a clock that a test moves: which calls are in flight when. */
import { expect, test } from 'vitest';
import { runPlans, type RunOptions } from '../../src/execute/run.ts';
import type { Exchange, GeminiRequest } from '../../src/gemini/request.ts';
import type { EndRecord } from '../../src/journal/record.ts';
import { planSound } from '../suites.ts';
import type { TrialVerdict } from '../../src/judge/trial-policy.ts';
import { judging } from './judging.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

const suite = (limits: string): string => `suite: s
models: [slow, quick]
limits: { models: { ${limits} } }
prompts: { p: "Number {{n}}." }
tests: [ { name: t, data: rows.csv } ]
`;
const rows = (count: number): string => `n\n${Array.from({ length: count }, (_, n) => n).join('\n')}\n`;
const reply: Exchange = {
  status: 200,
  body: { candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }] },
  totalMs: 100,
};

interface Call {
  readonly model: string;
  readonly at: number;
}

/** Runs `count` cases on each of two models, each call of 100 ms; `until` ends the watching. */
async function watch(
  count: number,
  limits: string,
  options: Partial<RunOptions>,
  until: (calls: readonly Call[], elapsed: number) => boolean,
): Promise<{ calls: Call[]; most: number; elapsed: number; clock: FakeClock }> {
  const clock = fakeClock();
  const begun = clock.now();
  const calls: Call[] = [];
  let inFlight = 0;
  let most = 0;
  const stop = new AbortController();
  const plan = await planSound({ 'a.suite.yaml': suite(limits), 'rows.csv': rows(count) });
  const running = runPlans([plan], {
    transport: {
      call: async ({ model = '' }: GeminiRequest) => {
        calls.push({ model, at: clock.now() - begun });
        most = Math.max(most, ++inFlight);
        await clock.sleep(100);
        inFlight--;
        return reply;
      },
    },
    journal: { append: () => Promise.resolve({ at: 0, length: 1 }) },
    concurrency: 4,
    retries: 0,
    clock,
    signal: stop.signal,
    ...judging(),
    ...options,
  });
  let elapsed = 0;
  while (!until(calls, elapsed)) {
    await clock.pass(5);
    await new Promise((resolve) => setImmediate(resolve));
    elapsed = clock.now() - begun;
    if (elapsed > 600_000) break;
  }
  stop.abort();
  for (let left = 0; left < 30; left++) {
    await clock.pass(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await running;
  return { calls, most, elapsed, clock };
}

const of = (calls: readonly Call[], model: string): Call[] => calls.filter((each) => each.model === model);

test('a model that waits for quota does not block another', async () => {
  const { calls, most, elapsed } = await watch(
    100,
    'slow: { rpm: 60 }',
    {},
    (all) => of(all, 'quick').length === 100,
  );
  // Four at a time, 100 ms each; the slow one had a call a second among them.
  expect(elapsed).toBeLessThanOrEqual(2900);
  expect(most).toBe(4);
  expect(of(calls, 'slow').length).toBeGreaterThanOrEqual(3);
  expect(of(calls, 'slow').length).toBeLessThanOrEqual(4);
});

test('a rate-limited model keeps its pace next to a busy one', async () => {
  const { calls } = await watch(
    300,
    'slow: { rpm: 120 }',
    { concurrency: 2 },
    (all) => of(all, 'slow').length === 12,
  );
  const at = of(calls, 'slow').map((call) => call.at);
  // One place or the other is free within 100 ms.
  for (const [index, time] of at.entries()) {
    expect(time).toBeGreaterThanOrEqual(index * 500);
    expect(time).toBeLessThanOrEqual(index * 500 + 110);
  }
});

test('two models without limits share the concurrency', async () => {
  const { calls, most, elapsed } = await watch(40, '', {}, (all) => all.length === 80);
  expect(most).toBe(4);
  expect(elapsed).toBeLessThanOrEqual(2100);
  const half = calls.slice(0, 40);
  expect(of(half, 'slow').length).toBeGreaterThanOrEqual(16);
  expect(of(half, 'quick').length).toBeGreaterThanOrEqual(16);
});

test('concurrency 1 makes one call at a time', async () => {
  const { most } = await watch(10, '', { concurrency: 1 }, (all) => all.length === 20);
  expect(most).toBe(1);
});

test.for<[bail: number, concurrency: number, models: string, most: number]>([
  [1, 1, '', 1],
  [3, 1, '', 3],
  [1, 4, '', 4],
  [2, 4, '', 5],
  [1, 1, 'slow: { rpm: 60000 }', 1],
])(
  '--bail %i with %i in flight makes no call after the last allowed failure',
  async ([bail, concurrency, limits, most]) => {
    const { calls, clock } = await watch(
      50,
      limits,
      {
        bail,
        concurrency,
        // A judge that takes its time.
        ...judging(async (): Promise<TrialVerdict> => {
          for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
          return 'failed';
        }),
      },
      (_, elapsed) => elapsed > 3000,
    );
    expect(calls.length).toBe(most);
    expect(clock.sleeping()).toBe(0);
  },
);

test('a model whose every call is rejected stops after ten minutes; others continue', async () => {
  const clock = fakeClock();
  const calls = { slow: 0, quick: 0 };
  const refusal = {
    error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted.' },
  };
  const plan = await planSound({ 'a.suite.yaml': suite(''), 'rows.csv': rows(200) });
  const run: { end?: EndRecord } = {};
  void runPlans([plan], {
    transport: {
      call: async ({ model }: GeminiRequest) => {
        calls[model === 'slow' ? 'slow' : 'quick']++;
        await clock.sleep(100);
        return model === 'slow' ? { status: 429, body: refusal, totalMs: 100 } : reply;
      },
    },
    journal: { append: () => Promise.resolve({ at: 0, length: 1 }) },
    concurrency: 4,
    retries: 5,
    clock,
    signal: new AbortController().signal,
    ...judging(),
  }).then(({ record }) => (run.end = record));
  while (!run.end) {
    await clock.pass(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const minutes = (clock.now() - 1_000_000) / 60_000;
  expect(minutes).toBeGreaterThanOrEqual(10);
  expect(minutes).toBeLessThan(13);
  expect(calls.quick).toBe(200);
  expect(calls.slow).toBeLessThan(20);
  expect(run.end).toMatchObject({
    reason: 'stopped',
    stoppedModels: {
      slow: 'Resource has been exhausted; the service has refused every call for ten minutes',
    },
  });
});

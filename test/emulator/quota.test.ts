/** The quota: a token bucket for each model, with a fake clock. */
import { expect, test } from 'vitest';
import { createQuota } from '../../src/emulator/quota.ts';
import { during, says } from './serve.ts';

function clocked(limits: { rpm?: number; tpm?: number }) {
  let time = 0;
  const quota = createQuota(limits, () => time);
  return {
    pass: (tokens = 0, model = 'm') => quota(model, () => tokens) === undefined,
    failure: (tokens = 0) => quota('m', () => tokens),
    wait: (seconds: number) => void (time += seconds * 1000),
  };
}

test('a small quota allows two calls at once, a large one more', () => {
  const small = clocked({ rpm: 60 });
  expect([small.pass(), small.pass(), small.pass()]).toEqual([true, true, false]);
  const large = clocked({ rpm: 600 });
  expect(Array.from({ length: 12 }, () => large.pass()).filter(Boolean)).toHaveLength(10);
});

test('the bucket refills up to its burst', () => {
  const { pass, wait } = clocked({ rpm: 60 });
  pass();
  pass();
  wait(0.9);
  expect(pass()).toBe(false);
  wait(0.1);
  expect([pass(), pass()]).toEqual([true, false]);
  wait(1000);
  expect([pass(), pass(), pass()]).toEqual([true, true, false]);
});

test('the error says when the next call passes', () => {
  const { pass, failure, wait } = clocked({ rpm: 30 });
  pass();
  pass();
  expect(failure()?.details).toContainEqual({
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: '2s',
  });
  wait(2);
  expect(pass()).toBe(true);
});

test('tokens are counted; a call above the whole quota passes a full bucket', () => {
  const { pass, failure, wait } = clocked({ tpm: 100 });
  expect([pass(60), pass(60)]).toEqual([true, false]);
  expect(failure(60)?.message).toContain('generate_content_free_tier_input_token_count, limit: 100');
  wait(60);
  expect(pass(500)).toBe(true);
  expect(pass(1)).toBe(false);
});

test('each model has its own bucket', () => {
  const { pass } = clocked({ rpm: 1 });
  expect([pass(), pass(), pass(), pass(0, 'n')]).toEqual([true, true, false, true]);
});

test('a server without quota never rejects a call; one with quota gives all details', async () => {
  await during({ rpm: 1 }, async ({ call }) => {
    const answers = [];
    for (let i = 0; i < 3; i++)
      answers.push(await call('gemini-2.5-flash-lite', 'generateContent', says('Hello.')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.text).toContain('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
    expect(answers[2]?.text).toContain('"quotaValue": "1"');
  });
});

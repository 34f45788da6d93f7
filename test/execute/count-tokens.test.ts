/** The requests to countTokens, and failed counts. */
import { expect, test } from 'vitest';
import { createTokenCounter, type CountTokens } from '../../src/execute/count-tokens.ts';
import type { Exchange, GeminiRequest } from '../../src/gemini/request.ts';

const model = 'gemini-3.8-flash';
const signal = new AbortController().signal;
const text: GeminiRequest = { method: 'generateContent', model, body: { contents: [{ parts: [] }] } };
const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0.5 };
const five: Exchange = { status: 200, totalMs: 1, body: { totalTokens: 5 } };
const failed = (code: number, status: string, more: object = {}): Exchange => ({
  status: code,
  totalMs: 1,
  body: { error: { code, status, message: `it is ${status}`, ...more } },
});

function counter(
  answers: readonly Exchange[],
  retries = 2,
): { count: CountTokens; requests: GeminiRequest[] } {
  const requests: GeminiRequest[] = [];
  const call = (request: GeminiRequest): Promise<Exchange> => {
    requests.push(request);
    return Promise.resolve(answers[requests.length - 1] ?? answers.at(-1) ?? five);
  };
  return { requests, count: createTokenCounter({ transport: { call }, clock, retries }) };
}

test.for<[what: string, request: GeminiRequest, body: object]>([
  [
    'leaves out unanswered turns',
    {
      ...text,
      body: { contents: [{ parts: [{ text: 'a' }] }, { role: 'model' }, { parts: [{ text: 'b' }] }] },
    },
    {
      generateContentRequest: {
        model: `models/${model}`,
        contents: [{ parts: [{ text: 'a' }] }, { parts: [{ text: 'b' }] }],
      },
    },
  ],
  [
    'counts embedded content as contents',
    { method: 'embedContent', model, body: { content: { parts: [{ text: 'a' }] } } },
    { contents: [{ parts: [{ text: 'a' }] }] },
  ],
  [
    'counts a batch as contents',
    {
      method: 'batchEmbedContents',
      model,
      body: { requests: [{ content: { parts: [{ text: 'a' }] } }, { content: { parts: [{ text: 'b' }] } }] },
    },
    { contents: [{ parts: [{ text: 'a' }] }, { parts: [{ text: 'b' }] }] },
  ],
])('%s', async ([, request, body]) => {
  const { count, requests } = counter([five]);
  expect(await count(request, signal)).toEqual({ tokens: 5 });
  expect(requests).toEqual([{ method: 'countTokens', model, body }]);
});

test('retries a transient failure and no other', async () => {
  const passing = counter([failed(503, 'UNAVAILABLE'), five]);
  expect(await passing.count(text, signal)).toEqual({ tokens: 5 });
  const lasting = counter([failed(400, 'INVALID_ARGUMENT'), five]);
  expect(await lasting.count(text, signal)).toEqual({ failed: 'it is INVALID_ARGUMENT', refused: true });
  const hung = counter([{ totalMs: 1, failure: { kind: 'timeout', message: 'no response' } }], 5);
  expect(await hung.count(text, signal)).toEqual({ failed: 'no response' });
  expect(hung.requests).toHaveLength(2);
});

test('stops counting after eight failures in a row', async () => {
  const { count, requests } = counter([failed(503, 'UNAVAILABLE')], 0);
  for (let n = 0; n < 20; n++) expect(await count(text, signal)).toEqual({ failed: 'it is UNAVAILABLE' });
  expect(requests).toHaveLength(8);
});

test('a rejected key is fatal; a daily quota stops counting for its model', async () => {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };
  const bad = counter([failed(400, 'INVALID_ARGUMENT', { details: [info] })]);
  expect(await bad.count(text, signal)).toEqual({
    failed: 'it is INVALID_ARGUMENT',
    fatal: { cause: 'key' },
  });
  const quota = {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaId: 'RequestsPerDay' }],
  };
  const daily = counter([failed(429, 'RESOURCE_EXHAUSTED', { details: [quota] }), five]);
  expect(await daily.count(text, signal)).toEqual({ failed: 'it is RESOURCE_EXHAUSTED' });
  expect(await daily.count(text, signal)).toEqual({ failed: 'it is RESOURCE_EXHAUSTED' });
  expect(await daily.count({ ...text, model: 'another' }, signal)).toEqual({ tokens: 5 });
});

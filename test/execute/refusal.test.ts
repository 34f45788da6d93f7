import { expect, test } from 'vitest';
import { whyStopped } from '../../src/execute/refusal.ts';
import { readExchange } from '../../src/gemini/call-result.ts';

test.for<[message: string, why: string]>([
  ['Your quota is used up. Please retry in 2h.', 'Your quota is used up; the service asks to wait 2 h'],
  ['try again in 2 hours', 'the API refuses every call; the service asks to wait 2 h'],
])('why a model stopped: %s', ([message, why]) => {
  const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message };
  const exchange = { status: 429, body: { error }, retryAfterMs: 7_200_000, headMs: 1, totalMs: 1 };
  expect(whyStopped(readExchange('generateContent', exchange))).toBe(why);
});

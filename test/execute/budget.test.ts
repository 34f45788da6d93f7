import { assert, asyncProperty, array, constantFrom, integer, record } from 'fast-check';
import { expect, test } from 'vitest';
import { tokenLimits } from '../../src/gemini/request-tokens.ts';
import { createBudget, type Budget, type BudgetOptions } from '../../src/execute/budget.ts';
import { readExchange, type CallResult } from '../../src/gemini/call-result.ts';
import { costOf, worstCost, priceOf, type PriceOverrides } from '../../src/gemini/prices.ts';
import { Media } from '../../src/gemini/media.ts';
import type { Body, Exchange, GeminiRequest } from '../../src/gemini/request.ts';

const date = '2026-11-25T00:00:00.000Z';
const model = 'gemini-3.8-flash';
const signal = new AbortController().signal;

const read = (exchange: Exchange): CallResult => readExchange('generateContent', exchange);

function request(text: string, maxOutputTokens?: number, more: Body = {}): GeminiRequest {
  const body: Body = { contents: [{ parts: [{ text }] }], ...more };
  if (maxOutputTokens !== undefined) body.generationConfig = { maxOutputTokens };
  return { method: 'generateContent', model, body };
}

function reply(prompt: number, candidates: number): Exchange {
  return {
    status: 200,
    totalMs: 1,
    body: {
      candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }],
      usageMetadata: {
        promptTokenCount: prompt,
        candidatesTokenCount: candidates,
        totalTokenCount: prompt + candidates,
      },
      modelVersion: model,
    },
  };
}

interface Stopped {
  reason?: string;
  message?: string | undefined;
}

function budgetOf(options: Partial<BudgetOptions>): { budget: Budget; stopped: Stopped } {
  const stopped: Stopped = {};
  const budget = createBudget({
    clock: { now: () => Date.parse(date) },
    countTokens: () => Promise.resolve({ failed: 'HTTP 503' }),
    stop: (reason, message) => {
      stopped.reason ??= reason;
      stopped.message ??= message;
    },
    ...options,
  });
  return { budget, stopped };
}

/** How a call ends: with all it was allowed, with a share of it, unknown, refused, or lost on the way. */
const endings = ['most', 'half', 'none', 'no usage', 'refused', 'lost', 'unmade'] as const;

test('never exceeds the budget, for any costs and any order of replies', async () => {
  const call = record({
    bytes: integer({ min: 1, max: 400 }),
    output: integer({ min: 1, max: 5000 }),
    ending: constantFrom(...endings),
    inFlight: integer({ min: 1, max: 8 }),
  });
  await assert(
    asyncProperty(
      array(call, { minLength: 1, maxLength: 40 }),
      integer({ min: 0, max: 60_000 }),
      constantFrom('usd', 'tokens'),
      async (calls, ceiling, what) => {
        const maxUsd = ceiling / 1_000_000;
        const { budget, stopped } = budgetOf(what === 'usd' ? { maxUsd } : { maxTokens: ceiling });
        let usd = 0;
        let tokens = 0;
        const open: (() => void)[] = [];
        for (const { bytes, output, ending, inFlight } of calls) {
          while (open.length >= inFlight) open.shift()?.();
          const sending = request('a'.repeat(bytes), output);
          const reserving = budget.reserve(sending, undefined, signal);
          // Calls in flight settle while this one waits for budget.
          const waiting = setInterval(() => open.shift()?.(), 0);
          const reservation = await reserving;
          clearInterval(waiting);
          if (!reservation) break;
          const { input = 0 } = tokenLimits(sending);
          const price = priceOf(model, date);
          const worst = { usd: (price && worstCost(input, output, price)) ?? 0, tokens: input + output };
          open.push(() => {
            const share = ending === 'most' ? 1 : ending === 'half' ? 0.5 : 0;
            const [prompt, candidates] = [Math.floor(input * share), Math.floor(output * share)];
            if (ending === 'unmade') return reservation.release();
            if (ending === 'refused') return reservation.settle(read({ status: 429, totalMs: 1, body: {} }));
            if (ending === 'lost' || ending === 'no usage') {
              usd += worst.usd;
              tokens += worst.tokens;
              return reservation.settle(
                read(
                  ending === 'lost'
                    ? { totalMs: 1, failure: { kind: 'timeout', message: '' } }
                    : { status: 200, totalMs: 1, body: { candidates: [] } },
                ),
              );
            }
            usd += costOf({ prompt, candidates }, model, date) ?? 0;
            tokens += prompt + candidates;
            return reservation.settle(read(reply(prompt, candidates)));
          });
        }
        for (const end of open) end();
        if (what === 'usd') expect(usd).toBeLessThanOrEqual(maxUsd + 1e-9);
        else expect(tokens).toBeLessThanOrEqual(ceiling);
        if (stopped.reason !== undefined) expect(stopped.reason).toBe('budget');
      },
    ),
    { numRuns: 1000 },
  );
});

test('reports a call over budget with its cost and the maxOutputTokens that would fit', async () => {
  const { budget, stopped } = budgetOf({ maxUsd: 0.01 });
  expect(await budget.reserve(request('Tell a story.'), undefined, signal)).toBeUndefined();
  expect(stopped.reason).toBe('budget');
  expect(stopped.message).toMatch(
    /^the next call of gemini-3\.8-flash may cost up to \$0\.245799, and \$0\.010000 is left \(--max-cost\); with maxOutputTokens: \d+ it would fit$/,
  );
  const fitting = Number(/maxOutputTokens: (\d+)/.exec(stopped.message ?? '')?.[1]);
  const again = budgetOf({ maxUsd: 0.01 });
  expect(await again.budget.reserve(request('Tell a story.', fitting), undefined, signal)).toBeDefined();
});

test('rejects a model without a known price or known limits', async () => {
  const unpriced = budgetOf({ maxUsd: 1 });
  const call = { ...request('Hello', 10), model: 'gemini-99-new' };
  expect(await unpriced.budget.reserve(call, undefined, signal)).toBeUndefined();
  expect(unpriced.stopped.message).toContain('no price of gemini-99-new is known');
  const own = budgetOf({ maxUsd: 1 });
  expect(await own.budget.reserve(call, { 'gemini-99-new': { input: 1, output: 2 } }, signal)).toBeDefined();
  const boundless = budgetOf({ maxTokens: 1000 });
  expect(
    await boundless.budget.reserve({ ...request('Hello'), model: 'gemini-99-new' }, undefined, signal),
  ).toBe(undefined);
  expect(boundless.stopped.message).toContain('nothing limits the output of a call to gemini-99-new');
});

test('counts media with countTokens, or uses the limit of the model if that fails', async () => {
  const image = new Media('image/png', 'd'.repeat(64), 10, 'AAAA');
  const call: GeminiRequest = {
    method: 'generateContent',
    model,
    body: {
      contents: [{ parts: [{ text: 'What?' }, { inlineData: { mimeType: 'image/png', data: image } }] }],
      generationConfig: { maxOutputTokens: 100 },
    },
  };
  const counted = budgetOf({ maxTokens: 1000, countTokens: () => Promise.resolve({ tokens: 300 }) });
  expect(await counted.budget.reserve(call, undefined, signal)).toBeDefined();
  const uncounted = budgetOf({ maxTokens: 1000 });
  expect(await uncounted.budget.reserve(call, undefined, signal)).toBeUndefined();
  expect(uncounted.stopped.message).toBe(
    `the next call of ${model} may use up to 1048676 tokens, and 1000 are left (--max-tokens); its media could not be counted, so the model's input limit was used: HTTP 503`,
  );
  const refused = budgetOf({
    maxTokens: 1000,
    countTokens: () => Promise.resolve({ failed: 'API key not valid', fatal: { cause: 'key' } }),
  });
  expect(await refused.budget.reserve(call, undefined, signal)).toBeUndefined();
  expect(refused.stopped).toEqual({ reason: 'stopped', message: 'API key not valid' });
  const unbounded = budgetOf({ maxTokens: 1000, countTokens: () => Promise.resolve({ tokens: 300 }) });
  const open = { ...call, body: { contents: call.body?.contents ?? [] } };
  expect(await unbounded.budget.reserve(open, undefined, signal)).toBeUndefined();
  expect(unbounded.stopped.message).toContain('; with maxOutputTokens: 700 it would fit');
});

/** A reply of a dearer model: 3.1-pro-preview takes 2 and 12 USD for a million tokens, 3.8-flash 0.75 and 3.75. */
function dearer(prompt: number, candidates: number): Exchange {
  const { body, ...others } = reply(prompt, candidates);
  return { ...others, body: { ...(body as object), modelVersion: 'gemini-3.1-pro-preview' } };
}

/** Makes calls of 100 output tokens, four at a time, until the budget stops; each is answered at its most. */
async function drain(
  maxUsd: number,
  answer: (prompt: number, candidates: number) => Exchange,
  prices?: PriceOverrides,
): Promise<number> {
  const { budget } = budgetOf({ maxUsd });
  const call = request('Tell a story.', 100);
  const { input = 0 } = tokenLimits(call);
  let calls = 0;
  const caller = async (): Promise<void> => {
    for (;;) {
      const reservation = await budget.reserve(call, prices, signal);
      if (!reservation) return;
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      reservation.settle(read(answer(input, 100)));
    }
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
  return calls;
}

test('counts a reply of a more expensive model at its price', async () => {
  const { input = 0 } = tokenLimits(request('Tell a story.', 100));
  const each = costOf({ prompt: input, candidates: 100 }, 'gemini-3.1-pro-preview', date) ?? 0;
  // Calls in flight were reserved at the price of the model that was named: by so much the limit can be passed.
  const calls = await drain(10.5 * each, dearer);
  expect(calls).toBeGreaterThanOrEqual(10);
  expect(calls).toBeLessThanOrEqual(13);
});

test.for([-1000, Number.POSITIVE_INFINITY])(
  'counts a reply of %d tokens at its worst case',
  async (tokens) => {
    const each =
      worstCost(tokenLimits(request('Tell a story.', 100)).input ?? 0, 100, { input: 1, output: 1 }) ?? 0;
    const prices = { [model]: { input: 1, output: 1 } };
    expect(await drain(3.5 * each, () => reply(10, tokens), prices)).toBe(3);
    expect(await drain(3.5 * each, () => reply(tokens, 10), prices)).toBe(3);
  },
);

test('uses the price a suite sets, whichever model answers', async () => {
  const prices = { [model]: { input: 0, output: 10 } };
  expect(await drain(0.0105, dearer, prices)).toBe(10);
  expect(await drain(0.0105, dearer, { ...prices, 'gemini-3.1-pro-preview': { input: 0, output: 5 } })).toBe(
    20,
  );
});

test.for<[what: string, call: GeminiRequest, input: number | undefined, output: number | undefined]>([
  ['text: its bytes', request('é', 7), Buffer.byteLength(JSON.stringify(request('é', 7).body)), 7],
  [
    'no maxOutputTokens: the limit',
    request('a'),
    Buffer.byteLength(JSON.stringify(request('a').body)),
    65_536,
  ],
  [
    'candidates each',
    request('a', undefined, { generationConfig: { maxOutputTokens: 5, candidateCount: 3 } }),
    Buffer.byteLength(
      JSON.stringify(
        request('a', undefined, { generationConfig: { maxOutputTokens: 5, candidateCount: 3 } }).body,
      ),
    ),
    15,
  ],
  ['search adds any number of tokens', request('a', 5, { tools: [{ googleSearch: {} }] }), 1_048_576, 5],
  ['counting is free', { ...request('a'), method: 'countTokens' }, 0, 0],
  ['a listing is free', { method: 'models.list' }, 0, 0],
])('the limits of a call: %s', ([, call, input, output]) => {
  expect(tokenLimits(call)).toEqual({ input, output });
});

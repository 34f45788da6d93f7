/** What calls cost, by hand-worked figures in USD for a million tokens. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeReply } from '../../src/gemini/decode.ts';
import { models, type Price } from '../../src/gemini/model-table.ts';
import { billedAs, costOf, priceOf, worstCost, type PriceOverrides } from '../../src/gemini/prices.ts';
import type { Usage } from '../../src/gemini/reply.ts';

const autumn = '2026-11-20T12:00:00.000Z';

test.for<[string, string, string, Partial<Price> | undefined]>([
  ['the introductory price', 'gemini-3.8-flash', autumn, { input: 0.75, output: 3.75, cached: 0.075 }],
  ['its last day', 'gemini-3.8-flash', '2026-12-31T23:59:59.999Z', { input: 0.75 }],
  ['twice as much from 2027', 'gemini-3.8-flash', '2027-01-01T00:00:00.000Z', { input: 1.5, output: 7.5 }],
  ['a model before it is routed', 'gemini-2.5-pro', '2026-11-30T23:59:59Z', { input: 1.25, output: 10 }],
  ['and after, at the other’s price', 'gemini-2.5-pro', '2026-12-01', { input: 0.75, output: 3.75 }],
  ['and after that price has doubled', 'gemini-2.5-pro', '2027-03-01', { input: 1.5 }],
  ['2.5-flash is routed elsewhere', 'gemini-2.5-flash', '2026-12-01', { input: 0.3, cached: 0.03 }],
  ['a model of before October', 'gemini-3.5-flash', '2026-10-07', { input: 1.5, output: 9 }],
  ['and since it is routed', 'gemini-3.5-flash', autumn, { input: 0.75, output: 3.75, cached: 0.075 }],
  ['3.7-flash is routed since the same day', 'gemini-3.7-flash', '2026-10-08', { input: 0.75 }],
  ['with its resource name', 'models/gemini-3.5-flash-lite', autumn, { input: 0.3, output: 2.5 }],
  ['argon before December', 'gemini-4-argon', autumn, { input: 2, output: 10, cached: 0.1 }],
  ['argon since December', 'gemini-4-argon', '2026-12-01', { input: 4, output: 20, cached: 0.2 }],
  ['carbon since December', 'gemini-4-carbon', '2026-12-01', { input: 4, output: 20, cached: 0.2 }],
  ['hydrogen', 'gemini-4-hydrogen', '2026-12-01', { input: 1.5, output: 7.5, cached: 0.075 }],
  ['neon', 'gemini-4-neon', '2026-12-01', { input: 3, output: 15, cached: 0.15 }],
  ['speech', 'gemini-3.8-flash-tts', '2026-12-31', { input: 0.5, output: 9 }],
  ['speech from 2027', 'gemini-3.8-flash-lite-tts', '2027-01-01', { input: 1, output: 12 }],
  ['pictures, whose tokens have several prices', 'gemini-nano-banana-2.1', '2026-12-01', undefined],
  ['a version of a model', 'gemini-3.1-pro-preview-01-2026', autumn, { input: 2 }],
  ['an embedding model has no output', 'gemini-embedding-001', autumn, { input: 0.15 }],
  ['an unknown model', 'gemini-9-ultra', autumn, undefined],
  ['a moving alias', 'gemini-flash-latest', autumn, undefined],
  ['a model without a price', 'text-embedding-004', autumn, undefined],
  ['no name of an object’s own', 'constructor', autumn, undefined],
])('price: %s', ([, model, date, expected]) => {
  const price = priceOf(model, date);
  if (expected === undefined) expect(price).toBeUndefined();
  else expect(price).toMatchObject(expected);
});

const own: PriceOverrides = { 'gemini-9-ultra': { input: 10, output: 20 }, 'gemini-3.8-flash': { input: 1 } };

test.for<[string, Usage | undefined, string, string, PriceOverrides | undefined, number | undefined]>([
  [
    'prompt and candidates',
    { prompt: 1_000_000, candidates: 100_000 },
    'gemini-3.8-flash',
    autumn,
    undefined,
    1.125,
  ],
  [
    'thoughts are output',
    { prompt: 0, candidates: 10, thoughts: 90 },
    'gemini-3.8-flash',
    autumn,
    undefined,
    0.000375,
  ],
  [
    'cached tokens are part of the prompt',
    { prompt: 1000, cached: 400, candidates: 0 },
    'gemini-3.8-flash',
    autumn,
    undefined,
    0.00048,
  ],
  [
    'a tool’s prompt is input',
    { prompt: 21, toolUse: 160, thoughts: 86, candidates: 96 },
    'gemini-3.8-flash',
    autumn,
    undefined,
    0.00081825,
  ],
  [
    'at 200,000 tokens still short',
    { prompt: 200_000, candidates: 1000 },
    'gemini-3.1-pro-preview',
    autumn,
    undefined,
    0.412,
  ],
  [
    'above, the whole request is long',
    { prompt: 200_001, candidates: 1000 },
    'gemini-3.1-pro-preview',
    autumn,
    undefined,
    0.818004,
  ],
  [
    'cached and long',
    { prompt: 300_000, cached: 300_000 },
    'gemini-3.1-pro-preview',
    autumn,
    undefined,
    0.12,
  ],
  [
    'sound is dearer',
    { prompt: 1000, promptByModality: { TEXT: 200, AUDIO: 800 }, candidates: 0 },
    'gemini-2.5-flash',
    autumn,
    undefined,
    0.00086,
  ],
  [
    'and from the cache too',
    {
      prompt: 1000,
      cached: 500,
      promptByModality: { TEXT: 200, AUDIO: 800 },
      cachedByModality: { AUDIO: 500 },
    },
    'gemini-2.5-flash',
    autumn,
    undefined,
    0.00041,
  ],
  [
    'details above the count do not count twice',
    { prompt: 100, promptByModality: { AUDIO: 1000 } },
    'gemini-2.5-flash',
    autumn,
    undefined,
    0.0001,
  ],
  [
    'modalities of an embedding',
    { prompt: 1100, promptByModality: { IMAGE: 1000 } },
    'gemini-embedding-2',
    autumn,
    undefined,
    0.00047,
  ],
  ['a model of the suite’s own', { prompt: 10, candidates: 10 }, 'gemini-9-ultra', autumn, own, 0.0003],
  ['the suite’s price goes first', { prompt: 1_000_000 }, 'gemini-3.8-flash', '2027-06-01', own, 1],
  [
    'and knows no more than it says',
    { prompt: 1, candidates: 1 },
    'gemini-3.8-flash',
    autumn,
    own,
    undefined,
  ],
  [
    'a routed model at the suite’s price of the other',
    { prompt: 1_000_000 },
    'gemini-2.5-pro',
    '2027-01-01',
    own,
    1,
  ],
  ['an unknown model', { prompt: 10, candidates: 10 }, 'gemini-9-ultra', autumn, undefined, undefined],
  ['no usage', undefined, 'gemini-3.8-flash', autumn, undefined, undefined],
  ['no count of the prompt', { candidates: 5 }, 'gemini-3.8-flash', autumn, undefined, undefined],
  [
    'a cache without a price',
    { prompt: 10, cached: 5 },
    'gemini-2.0-flash-lite',
    autumn,
    undefined,
    undefined,
  ],
  ['another service tier', { prompt: 10, tier: 'flex' }, 'gemini-3.8-flash', autumn, undefined, undefined],
  ['another, priced by the suite', { prompt: 10, tier: 'flex' }, 'gemini-3.8-flash', autumn, own, 0.00001],
  ['the standard tier', { prompt: 4, tier: 'STANDARD' }, 'gemini-3.8-flash', autumn, undefined, 0.000003],
])('cost: %s', ([, usage, model, date, overrides, expected]) => {
  expect(costOf(usage, model, date, overrides)).toBe(expected);
});

test('the usageMetadata of a reply gives its cost', () => {
  const { usage } = decodeReply('generateContent', {
    status: 200,
    totalMs: 1,
    body: {
      candidates: [{ content: { parts: [{ text: 'A bell.' }] }, finishReason: 'STOP' }],
      usageMetadata: {
        promptTokenCount: 1000,
        cachedContentTokenCount: 100,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 30,
        totalTokenCount: 1050,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 700 },
          { modality: 'AUDIO', tokenCount: 300 },
        ],
        cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 100 }],
      },
    },
  });
  // 600 text · 0.3 + 300 sound · 1 + 100 cached · 0.03 + 50 output · 2.5
  expect(costOf(usage, 'gemini-2.5-flash', autumn)).toBe(0.000608);
});

const pro: Price = priceOf('gemini-3.1-pro-preview', autumn) ?? { input: 0 };
const audible: Price = priceOf('gemini-2.5-flash', autumn) ?? { input: 0 };

test.for<[string, number | Record<string, number>, number, Price, number | undefined]>([
  ['input and output', 1000, 100, pro, 0.0032],
  ['over the bound, the dearer tier', 300_000, 1000, pro, 1.218],
  ['of an unknown kind, the dearest', 1000, 0, audible, 0.001],
  ['by kind, each at its own', { TEXT: 1000, AUDIO: 100 }, 0, audible, 0.0004],
  ['no price of the output', 10, 10, { input: 1 }, undefined],
  ['none needed', 10, 0, { input: 1 }, 0.00001],
])('at worst: %s', ([, input, output, price, expected]) => {
  expect(worstCost(input, output, price)).toBe(expected);
});

test('no usage within the limits costs more than the worst case', () => {
  const priced = Object.keys(models).filter((model) => priceOf(model, autumn)?.output !== undefined);
  fc.assert(
    fc.property(
      fc.constantFrom(...priced),
      fc.nat({ max: 400_000 }),
      fc.nat({ max: 60_000 }),
      fc.nat({ max: 60_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (model, prompt, candidates, thoughts, share, sound) => {
        const price = priceOf(model, autumn);
        const cached = price?.cached === undefined ? 0 : Math.floor(prompt * share);
        const audio = Math.floor(prompt * sound);
        const usage = {
          prompt,
          cached,
          candidates,
          thoughts,
          promptByModality: { AUDIO: audio, TEXT: prompt - audio },
        };
        const cost = costOf(usage, model, autumn);
        const bound = price && worstCost(prompt, candidates + thoughts, price);
        expect(cost).toBeLessThanOrEqual(bound ?? Number.NaN);
      },
    ),
  );
});

test.for(Object.entries(models))(
  '%s: its prices are in order of date, with sources',
  ([, { prices = [] }]) => {
    const days = prices.map(({ from = '' }) => from);
    expect(days).toEqual([...days].toSorted());
    for (const { source, from } of prices) {
      expect(source).toMatch(/\w\.\w+\//);
      if (from !== undefined) expect(from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  },
);

test.for<[string, string, string | undefined, PriceOverrides | undefined, string]>([
  ['the model that answered', 'a', 'b', undefined, 'b'],
  ['the reply names no model', 'a', undefined, { b: { input: 1 } }, 'a'],
  ['the suite prices the requested model', 'a', 'b', { a: { input: 1 } }, 'a'],
  ['by its version', 'a-001', 'b', { a: { input: 1 } }, 'a-001'],
  ['the suite prices both', 'a', 'models/b', { a: { input: 1 }, b: { input: 2 } }, 'models/b'],
  ['the suite prices the answering one', 'a', 'b', { b: { input: 2 } }, 'b'],
])('billed as: %s', ([, requested, answered, overrides, expected]) => {
  expect(billedAs(requested, answered, overrides)).toBe(expected);
});

import { describe, expect, test } from 'vitest';
import { decodeReply, modelTurn } from '../../src/gemini/decode.ts';
import { judgeEnum } from '../../src/gemini/enums.ts';
import { knownModels, modelFacts } from '../../src/gemini/models.ts';
import type { Method } from '../../src/gemini/methods.ts';
import type { Outcome } from '../../src/gemini/reply.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';

const reply = (body: JsonValue, method: Method = 'generateContent') =>
  decodeReply(method, { status: 200, body, totalMs: 1 });
const one = (finishReason: string | undefined, parts?: JsonValue, more: JsonObject = {}): JsonObject => ({
  candidates: [
    {
      ...(parts === undefined ? {} : { content: { role: 'model', parts } }),
      ...(finishReason ? { finishReason } : {}),
      index: 0,
      ...more,
    },
  ],
});
const text = [{ text: 'Hi' }];
const call = { functionCall: { name: 'f' } };

describe('outcomes, shape by shape', () => {
  test.for<[string, JsonValue, Outcome]>([
    [
      'prompt blocked',
      { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 1 } },
      'promptBlocked',
    ],
    [
      'prompt blocked, empty list',
      { candidates: [], promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
      'promptBlocked',
    ],
    ['feedback without a block', { ...one('STOP', text), promptFeedback: { safetyRatings: [] } }, 'answered'],
    ['answer blocked', one('SAFETY', undefined, { safetyRatings: [{ blocked: true }] }), 'answerBlocked'],
    ['answer blocked with text', one('PROHIBITED_CONTENT', text), 'answerBlocked'],
    ['image blocked', one('IMAGE_SAFETY'), 'answerBlocked'],
    [
      'MAX_TOKENS in thought',
      { candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }] },
      'truncated',
    ],
    ['MAX_TOKENS with text', one('MAX_TOKENS', text), 'truncated'],
    ['RECITATION', one('RECITATION', undefined, { citationMetadata: {} }), 'recited'],
    ['OTHER', one('OTHER', undefined, { finishMessage: 'why' }), 'aborted'],
    ['empty STOP', { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] }, 'empty'],
    ['STOP with an empty content', { candidates: [{ content: {}, finishReason: 'STOP' }] }, 'empty'],
    ['MAX_TOKENS with an empty text', one('MAX_TOKENS', [{ text: '' }]), 'truncated'],
    ['only thoughts', one('STOP', [{ text: 'Hm', thought: true }]), 'empty'],
    ['white space', one('STOP', [{ text: ' \n' }]), 'empty'],
    ['text', one('STOP', text), 'answered'],
    ['unknown finishReason', one('BRAND_NEW', text), 'aborted'],
    ['a finishReason named like a method', one('constructor', text), 'aborted'],
    ['CONTINUATION', one('CONTINUATION', text), 'truncated'],
    ['no finishReason', one(undefined, text), 'aborted'],
    ['image', one('STOP', [{ inlineData: { mimeType: 'image/png', data: '' } }]), 'answered'],
    ['code', one('STOP', [{ executableCode: { language: 'PYTHON', code: '1' } }]), 'answered'],
    ['function call beside text', one('STOP', [...text, call]), 'calledTool'],
    ['no candidates', {}, 'empty'],
    [
      'wrong types everywhere',
      {
        candidates: [{ content: { parts: 'x' }, finishReason: 3, safetyRatings: 1 }, 7],
        usageMetadata: [],
        modelVersion: 1,
      },
      'aborted',
    ],
    ['candidates is a map', { candidates: {} }, 'empty'],
    [
      'several candidates',
      {
        candidates: [
          ...(one('STOP', text).candidates as JsonValue[]),
          ...(one('SAFETY').candidates as JsonValue[]),
        ],
      },
      'answerBlocked',
    ],
    ['a list', [], 'malformed'],
    ['a text', 'x', 'malformed'],
    ['an error under 200', { error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT' } }, 'apiError'],
  ])('%s', ([, body, outcome]) => {
    expect(reply(body).outcome).toBe(outcome);
  });

  test('a failed call, and a body that is cut', () => {
    const failed = decodeReply('generateContent', {
      failure: { kind: 'reset', message: 'gone' },
      totalMs: 1,
    });
    expect(failed).toMatchObject({ outcome: 'apiError', error: { transport: 'reset', message: 'gone' } });
    const cut = decodeReply('streamGenerateContent', {
      status: 200,
      incomplete: true,
      body: one(undefined, text),
      totalMs: 1,
    });
    expect(cut).toMatchObject({ outcome: 'malformed', candidates: [{ outcome: 'malformed', text: 'Hi' }] });
    const page = {
      status: 200,
      text: '<p>\nx',
      failure: { kind: 'malformed', message: 'the response is not JSON' },
      totalMs: 1,
    } as const;
    expect(decodeReply('generateContent', page)).toMatchObject({
      outcome: 'malformed',
      problem: 'the response is not JSON: <p> x',
    });
  });
});

test('what a candidate holds', () => {
  const body: JsonObject = {
    ...one(
      'STOP',
      [{ text: 'Hm', thought: true }, { text: 'a' }, call, { text: 'b', thoughtSignature: 'x' }],
      {
        safetyRatings: [{ category: 'C', probability: 'LOW', blocked: 'no' }],
        citationMetadata: { citationSources: [{ uri: 'u' }] },
        avgLogprobs: -0.5,
      },
    ),
    usageMetadata: {
      promptTokenCount: 21,
      toolUsePromptTokenCount: 160,
      thoughtsTokenCount: 86,
      candidatesTokenCount: 96,
      cachedContentTokenCount: '3',
    },
    modelVersion: 'm',
    responseId: 'r',
  };
  const decoded = reply(body);
  expect(decoded).toMatchObject({
    modelVersion: 'm',
    responseId: 'r',
    usage: { prompt: 21, toolUse: 160, thoughts: 86, candidates: 96, total: 363 },
    candidates: [
      {
        text: 'ab',
        thoughts: 'Hm',
        functionCalls: [{ name: 'f', args: {} }],
        safetyRatings: [{ category: 'C', probability: 'LOW' }],
        citations: [{ uri: 'u' }],
        avgLogprobs: -0.5,
      },
    ],
  });
  expect(decoded.usage?.cached).toBeUndefined();
  expect(modelTurn(decoded)).toEqual((body.candidates as JsonObject[])[0]?.content);
  expect(modelTurn(reply(one('STOP', [])))).toBeUndefined();
  expect(reply(one('STOP', [call])).candidates[0]?.text).toBeUndefined();
  expect(reply(one('STOP', [{ text: '' }])).candidates[0]?.text).toBe('');
});

test.for<[string, JsonObject]>([
  ['below zero', { promptTokenCount: 10, candidatesTokenCount: -10, totalTokenCount: 0 }],
  ['a total below zero', { promptTokenCount: 10, totalTokenCount: -1 }],
  ['not finite', { promptTokenCount: Number.POSITIVE_INFINITY, candidatesTokenCount: 1 }],
  ['of a modality', { promptTokenCount: 10, promptTokensDetails: [{ modality: 'TEXT', tokenCount: -3 }] }],
])('token counts that are none leave the usage unknown: %s', ([, usageMetadata]) => {
  expect(reply({ ...one('STOP', [{ text: 'a' }]), usageMetadata }).usage).toBeUndefined();
});

test.for<[Method, JsonValue, object]>([
  ['countTokens', { totalTokens: -8 }, { outcome: 'malformed' }],
  ['countTokens', { totalTokens: 8 }, { kind: 'count', outcome: 'answered', usage: { total: 8 } }],
  ['countTokens', {}, { outcome: 'malformed' }],
  [
    'embedContent',
    { embedding: { values: [1, 2] }, usageMetadata: { promptTokenCount: 2 } },
    { outcome: 'answered', vectors: [[1, 2]], usage: { prompt: 2, total: 2 } },
  ],
  ['embedContent', { embedding: {} }, { outcome: 'malformed' }],
  [
    'batchEmbedContents',
    { embeddings: [{ values: [1] }, { values: [2] }] },
    { outcome: 'answered', vectors: [[1], [2]] },
  ],
  ['batchEmbedContents', { embeddings: [{ values: [1] }, {}] }, { outcome: 'malformed' }],
  ['batchEmbedContents', { embeddings: [] }, { outcome: 'malformed' }],
  ['models.get', { name: 'models/m' }, { kind: 'model', outcome: 'answered', raw: { name: 'models/m' } }],
  ['models.list', { models: [] }, { kind: 'models', outcome: 'answered' }],
])('%s %j', ([method, body, expected]) => {
  expect(reply(body, method)).toMatchObject(expected);
});

test('enums: slips are told from news', () => {
  expect(judgeEnum('finishReason', 'STOP')).toBe('known');
  expect(judgeEnum('finishReason', 'stop')).toEqual({ near: 'STOP' });
  expect(judgeEnum('finishReason', 'MAX_TOKEN')).toEqual({ near: 'MAX_TOKENS' });
  expect(judgeEnum('harmThreshold', 'BLOCK_ONLY_HIHG')).toEqual({ near: 'BLOCK_ONLY_HIGH' });
  expect(judgeEnum('finishReason', 'BRAND_NEW_REASON')).toBe('unknown');
  expect(judgeEnum('serviceTier', 'flex')).toBe('known');
});

test('models', () => {
  expect(modelFacts('models/gemini-3.8-flash')).toMatchObject({
    thinks: true,
    ignoresSampling: true,
    outputTokenLimit: 65_536,
  });
  expect(modelFacts('gemini-2.5-pro')).toMatchObject({ routedTo: 'gemini-3.8-flash', until: '2026-12-01' });
  expect(modelFacts('gemini-pro-vision')).toMatchObject({ state: 'shutDown' });
  expect(modelFacts('gemini-pro-latest')).toBeUndefined();
  expect(modelFacts('toString')).toBeUndefined();
  expect(knownModels()).toContain('gemini-embedding-2');
});

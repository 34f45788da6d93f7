import { describe, expect, test } from 'vitest';
import { decodeReply, modelTurn } from '../../src/gemini/decode.ts';
import { judgeEnum } from '../../src/gemini/enums.ts';
import { endedBy, modelFacts } from '../../src/gemini/models.ts';
import type { Method } from '../../src/gemini/methods.ts';
import type { Outcome } from '../../src/gemini/reply.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';

const reply = (body: JsonValue, method: Method = 'generateContent') =>
  decodeReply(method, { status: 200, body, totalMs: 1 });
const one = (finishReason: JsonValue | undefined, parts?: JsonValue, more: JsonObject = {}): JsonObject => ({
  candidates: [
    {
      ...(parts === undefined ? {} : { content: { role: 'model', parts } }),
      ...(finishReason === undefined ? {} : { finishReason }),
      index: 0,
      ...more,
    },
  ],
});
const text = [{ text: 'Hi' }];
const call = { functionCall: { name: 'f' } };
const image = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };

describe('each shape of a reply has its outcome', () => {
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
    ...[
      'OTHER',
      'MALFORMED_FUNCTION_CALL',
      'UNEXPECTED_TOOL_CALL',
      'TOO_MANY_TOOL_CALLS',
      'MALFORMED_RESPONSE',
      'MISSING_THOUGHT_SIGNATURE',
      'NO_IMAGE',
      'IMAGE_OTHER',
      'ESCALATION',
      'FINISH_REASON_UNSPECIFIED',
      'stop',
    ].flatMap((reason): [string, JsonValue, Outcome][] => [
      [`${reason} beside a text`, one(reason, text), 'aborted'],
      [`${reason} beside a call`, one(reason, [call]), 'aborted'],
    ]),
    ['image', one('STOP', [{ inlineData: image }]), 'answered'],
    ['image without data', one('STOP', [{ inlineData: { mimeType: 'image/png' } }]), 'empty'],
    ['image of no bytes', one('STOP', [{ inlineData: { ...image, data: '' } }]), 'empty'],
    ['image of padding', one('STOP', [{ inlineData: { ...image, data: ' ==\n' } }]), 'empty'],
    ['image as a thought', one('STOP', [{ inlineData: image, thought: true }]), 'empty'],
    ['file', one('STOP', [{ fileData: { fileUri: 'files/a' } }]), 'answered'],
    ['file without address', one('STOP', [{ fileData: { mimeType: 'image/png' } }]), 'empty'],
    ['code', one('STOP', [{ executableCode: { language: 'PYTHON', code: '1' } }]), 'answered'],
    ['empty code', one('STOP', [{ executableCode: { language: 'PYTHON' } }]), 'empty'],
    ['output', one('STOP', [{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } }]), 'answered'],
    ['no output', one('STOP', [{ codeExecutionResult: { outcome: 'OUTCOME_OK' } }]), 'empty'],
    ['a call without a name', one('STOP', [{ functionCall: { args: {} } }]), 'empty'],
    ['a call as a thought', one('STOP', [{ ...call, thought: true }]), 'empty'],
    ...[
      '\u200B',
      '\u200C\u200D',
      '\u2060',
      '\uFEFF',
      '\uFE0F',
      '\u00A0\u3000',
      '\u{E0101}',
      '\u00AD',
      '\u2800',
      '\0',
    ].map((unseen): [string, JsonValue, Outcome] => [
      `nothing visible: ${JSON.stringify(unseen)}`,
      one('STOP', [{ text: unseen }, { text: ' ' }]),
      'empty',
    ]),
    ['a joiner within an emoji', one('STOP', [{ text: '👩\u200D🚀' }]), 'answered'],
    ['STOP by its number', one(1, text), 'answered'],
    ['MAX_TOKENS by its number', one(2, text), 'truncated'],
    ['SAFETY by its number', one(3, text), 'answerBlocked'],
    ['LANGUAGE by its number', one(6, text), 'answerBlocked'],
    ['a number without a name', one(99, text), 'aborted'],
    ['a number below zero', one(-1, text), 'aborted'],
    ['a finishReason of another type', one([1], text), 'aborted'],
    ['a block by its number', { promptFeedback: { blockReason: 1 } }, 'promptBlocked'],
    [
      'a block without a name',
      { ...one('STOP', text), promptFeedback: { blockReason: 77 } },
      'promptBlocked',
    ],
    ['function call beside text', one('STOP', [...text, call]), 'calledTool'],
    ['no candidates', {}, 'empty'],
    [
      'wrong types everywhere',
      {
        candidates: [{ content: { parts: 'x' }, finishReason: {}, safetyRatings: 1 }, 7],
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

  test('a failed call and a truncated body', () => {
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

test('reads the fields of a candidate', () => {
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

test('names known numbers of enums and keeps unknown ones as digits', () => {
  const body = {
    ...one(2, text, { safetyRatings: [{ category: 7, probability: 4 }, { category: 99 }] }),
    usageMetadata: { promptTokenCount: 3, promptTokensDetails: [{ modality: 2, tokenCount: 3 }] },
  };
  expect(reply(body)).toMatchObject({
    candidates: [
      {
        finishReason: 'MAX_TOKENS',
        safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH' }, { category: '99' }],
      },
    ],
    usage: { promptByModality: { IMAGE: 3 } },
  });
  expect(reply(one(99, text)).candidates[0]?.finishReason).toBe('99');
  expect(reply({ promptFeedback: { blockReason: 4 } }).blockReason).toBe('PROHIBITED_CONTENT');
});

test('reads every part in order, and the grounding', () => {
  const parts = [
    { text: 'Hm', thought: true, thoughtSignature: 'x' },
    { inlineData: image, thought: true },
    { text: 'a' },
    { executableCode: { language: 1, code: '1+1' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } },
    { fileData: { mimeType: 'video/mp4', fileUri: 'files/a' } },
    { functionCall: { name: 'f', args: { b: 1 }, id: 'i' } },
    { toolCall: { toolType: 'URL_CONTEXT' }, thoughtSignature: 'x' },
    { thoughtSignature: 'x' },
    {},
    { inlineData: { data: 'AA==' } },
  ];
  const groundingMetadata = {
    webSearchQueries: ['q', 7],
    groundingChunks: [{ web: { uri: 'u', title: 't' } }, { image: { sourceUri: 's' } }, { maps: {} }],
  };
  expect(reply(one('STOP', parts, { groundingMetadata })).candidates[0]).toMatchObject({
    parts: [
      { kind: 'text', text: 'Hm', thought: true },
      { kind: 'media', ...image, thought: true },
      { kind: 'text', text: 'a' },
      { kind: 'code', language: 'PYTHON', code: '1+1' },
      { kind: 'codeResult', outcome: 'OUTCOME_OK', output: '2' },
      { kind: 'file', mimeType: 'video/mp4', uri: 'files/a' },
      { kind: 'call', name: 'f', args: { b: 1 }, id: 'i' },
      { kind: 'other', part: { toolCall: { toolType: 'URL_CONTEXT' } } },
      { kind: 'media', data: 'AA==' },
    ],
    functionCalls: [{ name: 'f', args: { b: 1 }, id: 'i' }],
    grounding: { queries: ['q'], uris: ['u', 's'] },
  });
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

test('distinguishes misspelt enum values from new ones', () => {
  expect(judgeEnum('finishReason', 'STOP')).toBe('known');
  expect(judgeEnum('finishReason', 'stop')).toBe('known');
  expect(judgeEnum('finishReason', 'stpo')).toEqual({ near: 'STOP' });
  expect(judgeEnum('harmCategory', '7')).toBe('known');
  expect(judgeEnum('harmCategory', '70')).toBe('unknown');
  expect(judgeEnum('schemaType', 'null')).toBe('known');
  expect(judgeEnum('finishReason', 'MAX_TOKEN')).toEqual({ near: 'MAX_TOKENS' });
  expect(judgeEnum('harmThreshold', 'BLOCK_ONLY_HIHG')).toEqual({ near: 'BLOCK_ONLY_HIGH' });
  expect(judgeEnum('finishReason', 'BRAND_NEW_REASON')).toBe('unknown');
  expect(judgeEnum('serviceTier', 'flex')).toBe('known');
});

test('reads a list of models', () => {
  expect(modelFacts('models/gemini-3.8-flash')).toMatchObject({
    thinks: true,
    ignoresSampling: true,
    outputTokenLimit: 65_536,
  });
  expect(modelFacts('gemini-pro-latest')).toBeUndefined();
  expect(modelFacts('toString')).toBeUndefined();
});

test.for<[string, string, object | undefined]>([
  ['gemini-2.5-pro', '2026-11-30T23:59:59Z', undefined],
  ['gemini-2.5-pro', '2026-12-01T00:00:00Z', { routedTo: 'gemini-3.8-flash', until: '2026-12-01' }],
  ['models/gemini-2.5-flash', '2026-12-01', { routedTo: 'gemini-3.5-flash-lite' }],
  ['gemini-2.5-flash-lite', '2027-06-01', undefined],
  ['gemini-3.7-flash', '2026-10-08', { routedTo: 'gemini-3.8-flash' }],
  ['gemini-3.5-flash', '2026-10-07', undefined],
  ['gemini-3.5-flash', '2026-10-08', { routedTo: 'gemini-3.6-flash' }],
  ['gemini-2.0-flash-001', '2026-12-01', { until: '2026-06-01', replacement: 'gemini-3.8-flash' }],
  ['gemini-2.5-flash-image', '2026-12-01', undefined],
  ['gemini-2.5-flash-image', '2027-03-15', { replacement: 'gemini-3.1-flash-lite-image' }],
  ['gemini-pro-vision', '2026-12-01', { until: '' }],
  ['gemini-4-argon', '2030-01-01', undefined],
  ['gemini-99-new', '2030-01-01', undefined],
])('what has become of %s by %s', ([model, day, expected]) => {
  const ended = endedBy(model, day);
  if (expected === undefined) expect(ended).toBeUndefined();
  else expect(ended).toMatchObject(expected);
});

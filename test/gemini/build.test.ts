/** How a case becomes a request: where each field goes, method by method. */
import { expect, test } from 'vitest';
import { buildRequest, type BuildInput } from '../../src/gemini/build.ts';
import type { Conversation } from '../../src/gemini/request.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { messageOfMethod, misfits } from '../api/description.ts';

const parts = (text: string) => ({ parts: [{ text }] });
const model = 'gemini-3.8-flash';
const named = `models/${model}`;
const contents = [[parts('Hello.')]];

test.for<[string, BuildInput, Conversation]>([
  [
    'generateContent: a text without a role, no empty generationConfig',
    { method: 'generateContent', model, fields: {}, contents },
    { method: 'generateContent', model, asks: [], body: { contents: [parts('Hello.')] } },
  ],
  [
    'streamGenerateContent: each field in its place, maps and single entries as the API’s lists',
    {
      method: 'streamGenerateContent',
      model: named,
      fields: {
        temperature: 0,
        thinkingConfig: { includeThoughts: true },
        responseJsonSchema: { type: 'object' },
        systemInstruction: 'Be brief.',
        safetySettings: { HARM_CATEGORY_HARASSMENT: 'OFF' },
        tools: { googleSearch: {} },
        toolConfig: { retrievalConfig: { languageCode: 'nb' } },
        cachedContent: 'cachedContents/a',
        serviceTier: 'flex',
        store: false,
        labels: { team: 'a' },
      },
      contents,
    },
    {
      method: 'streamGenerateContent',
      model,
      asks: [],
      body: {
        contents: [parts('Hello.')],
        generationConfig: {
          temperature: 0,
          thinkingConfig: { includeThoughts: true },
          responseJsonSchema: { type: 'object' },
        },
        systemInstruction: parts('Be brief.'),
        safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
        tools: [{ googleSearch: {} }],
        toolConfig: { retrievalConfig: { languageCode: 'nb' } },
        cachedContent: 'cachedContents/a',
        serviceTier: 'flex',
        store: false,
        labels: { team: 'a' },
      },
    },
  ],
  [
    'a conversation: the model answers every turn without parts',
    {
      method: 'generateContent',
      model,
      fields: {},
      contents: [[{ role: 'user', ...parts('One.') }, { role: 'model' }, { role: 'user', ...parts('Two.') }]],
    },
    {
      method: 'generateContent',
      model,
      asks: [1],
      body: {
        contents: [{ role: 'user', ...parts('One.') }, { role: 'model' }, { role: 'user', ...parts('Two.') }],
      },
    },
  ],
  [
    'countTokens: the whole request with its model, without unanswered turns',
    {
      method: 'countTokens',
      model,
      fields: { systemInstruction: { parts: [{ text: 'Be brief.' }] }, topK: 3 },
      contents: [[{ role: 'user', ...parts('One.') }, { role: 'model' }]],
    },
    {
      method: 'countTokens',
      model,
      asks: [],
      body: {
        generateContentRequest: {
          model: named,
          contents: [{ role: 'user', ...parts('One.') }],
          generationConfig: { topK: 3 },
          systemInstruction: parts('Be brief.'),
        },
      },
    },
  ],
  [
    'embedContent: the parts of all turns as one content without a role',
    {
      method: 'embedContent',
      model: 'gemini-embedding-2',
      fields: { outputDimensionality: 8, embedContentConfig: { taskType: 'CLUSTERING' } },
      contents: [
        [
          { role: 'user', ...parts('a') },
          { role: 'model', ...parts('b') },
        ],
      ],
    },
    {
      method: 'embedContent',
      model: 'gemini-embedding-2',
      asks: [],
      body: {
        model: 'models/gemini-embedding-2',
        content: { parts: [{ text: 'a' }, { text: 'b' }] },
        outputDimensionality: 8,
        embedContentConfig: { taskType: 'CLUSTERING' },
      },
    },
  ],
  [
    'batchEmbedContents: a request for each prompt, each with its model',
    {
      method: 'batchEmbedContents',
      model: 'e',
      fields: { title: 'A' },
      contents: [[parts('a')], [parts('b')]],
    },
    {
      method: 'batchEmbedContents',
      model: 'e',
      asks: [],
      body: {
        requests: [
          { model: 'models/e', content: parts('a'), title: 'A' },
          { model: 'models/e', content: parts('b'), title: 'A' },
        ],
      },
    },
  ],
  [
    'a tuned model keeps its collection',
    { method: 'embedContent', model: 'tunedModels/t', fields: {}, contents },
    {
      method: 'embedContent',
      model: 'tunedModels/t',
      asks: [],
      body: { model: 'tunedModels/t', content: parts('Hello.') },
    },
  ],
  [
    'models.get and models.list have no body',
    { method: 'models.get', model, fields: {}, contents: [] },
    { method: 'models.get', model, asks: [] },
  ],
])('%s', ([, input, expected]) => {
  const built = buildRequest(input);
  expect(built).toEqual(expected);
  const message = messageOfMethod(input.method);
  if (message !== undefined)
    expect(misfits(message, JSON.parse(JSON.stringify(built.body)) as JsonValue)).toEqual([]);
});

test('merges extra last: maps by key, other values replaced', () => {
  const { body } = buildRequest({
    method: 'generateContent',
    model,
    fields: { temperature: 1, topK: 3, stopSequences: ['a'] },
    contents,
    extra: [
      { generationConfig: { topK: 4, stopSequences: ['b'], newest: false } },
      { generationConfig: { stopSequences: [], newest: true }, continuationToken: 'AAAA' },
    ],
  });
  expect(body).toEqual({
    contents: [parts('Hello.')],
    generationConfig: { temperature: 1, topK: 4, stopSequences: [], newest: true },
    continuationToken: 'AAAA',
  });
});

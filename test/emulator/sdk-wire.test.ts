/** The requests that the official SDK sends for each of its calls. */
import type * as first from 'genai-1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { messageOfMethod, misfits } from '../api/description.ts';
import { record, type Recorder } from '../recorder.ts';
import { sdks } from './sdks.ts';

const model = 'gemini-3.8-flash';
const says = (...parts: object[]): JsonObject[] => [{ parts: parts as JsonObject[], role: 'user' }];
const hello = { contents: says({ text: 'Hello' }) };
const embed = (text: string[], more: object = {}, name = 'gemini-embedding-001'): JsonObject => ({
  content: { role: 'user', parts: text.map((each) => ({ text: each })) },
  model: `models/${name}`,
  ...more,
});

type Ask = (ai: first.GoogleGenAI) => Promise<unknown>;
const ask =
  (contents: first.ContentListUnion, config?: first.GenerateContentConfig, name = model): Ask =>
  (ai) =>
    ai.models.generateContent({ model: name, contents, ...(config ? { config } : {}) });

const generating = `models/${model}:generateContent`;
/** The call, and method, address after the version, and body of every request that it makes. */
const calls: [string, Ask, (readonly [string, string, object?])[]][] = [
  ['a text', ask('Hello'), [['POST', generating, hello]]],
  [
    'a picture',
    ask([{ text: 'What?' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }]),
    [
      [
        'POST',
        generating,
        { contents: says({ text: 'What?' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }) },
      ],
    ],
  ],
  [
    'a config',
    ask('Hello', {
      temperature: 0.5,
      systemInstruction: 'Be brief.',
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'string' },
      thinkingConfig: { thinkingBudget: 10 },
    }),
    [
      [
        'POST',
        generating,
        {
          ...hello,
          systemInstruction: { parts: [{ text: 'Be brief.' }], role: 'user' },
          generationConfig: {
            temperature: 0.5,
            responseMimeType: 'application/json',
            responseJsonSchema: { type: 'string' },
            thinkingConfig: { thinkingBudget: 10 },
          },
        },
      ],
    ],
  ],
  [
    'tools alone, with an empty generationConfig',
    ask('Hello', { tools: [{ googleSearch: {} }] }),
    [['POST', generating, { ...hello, tools: [{ googleSearch: {} }], generationConfig: {} }]],
  ],
  [
    'extraBody, merged into the body',
    ask('Hello', { httpOptions: { extraBody: { store: true } } }),
    [['POST', generating, { ...hello, store: true, generationConfig: {} }]],
  ],
  ['a model by its whole name', ask('Hello', undefined, `models/${model}`), [['POST', generating, hello]]],
  [
    'a stream',
    async (ai) => {
      for await (const chunk of await ai.models.generateContentStream({ model, contents: 'Hello' }))
        void chunk;
    },
    [['POST', `models/${model}:streamGenerateContent?alt=sse`, hello]],
  ],
  [
    'a chat, sent whole with every turn',
    async (ai) => {
      const chat = ai.chats.create({ model: 'gemini-2.5-flash-lite' });
      await chat.sendMessage({ message: 'Hello' });
      await chat.sendMessage({ message: 'And?' });
    },
    [
      ['POST', 'models/gemini-2.5-flash-lite:generateContent'],
      ['POST', 'models/gemini-2.5-flash-lite:generateContent'],
    ],
  ],
  [
    'a count',
    (ai) => ai.models.countTokens({ model, contents: 'Hello' }),
    [['POST', `models/${model}:countTokens`, hello]],
  ],
  [
    'one embedding, as a batch',
    (ai) =>
      ai.models.embedContent({
        model: 'gemini-embedding-001',
        contents: 'a',
        config: { taskType: 'RETRIEVAL_DOCUMENT', title: 'A', outputDimensionality: 8 },
      }),
    [
      [
        'POST',
        'models/gemini-embedding-001:batchEmbedContents',
        { requests: [embed(['a'], { taskType: 'RETRIEVAL_DOCUMENT', title: 'A', outputDimensionality: 8 })] },
      ],
    ],
  ],
  [
    'several embeddings',
    (ai) => ai.models.embedContent({ model: 'gemini-embedding-001', contents: ['a', 'b'] }),
    [['POST', 'models/gemini-embedding-001:batchEmbedContents', { requests: [embed(['a']), embed(['b'])] }]],
  ],
  [
    'several texts for the second embedding model, as one',
    (ai) => ai.models.embedContent({ model: 'gemini-embedding-2', contents: ['a', 'b'] }),
    [
      [
        'POST',
        'models/gemini-embedding-2:batchEmbedContents',
        { requests: [embed(['a', 'b'], {}, 'gemini-embedding-2')] },
      ],
    ],
  ],
  [
    'a list, page by page',
    async (ai) => {
      for await (const each of await ai.models.list({ config: { pageSize: 20 } })) void each;
    },
    [
      ['GET', 'models?pageSize=20'],
      ['GET', expect.stringMatching(/^models\?pageSize=20&pageToken=\w+$/) as string],
    ],
  ],
  ['a list', (ai) => ai.models.list(), [['GET', 'models']]],
  ['a model', (ai) => ai.models.get({ model }), [['GET', `models/${model}`]]],
];

describe.each(sdks)('SDK %s', (version, path, { GoogleGenAI }) => {
  let emulator: Awaited<ReturnType<typeof startEmulator>>;
  let recorder: Recorder;
  let ai: first.GoogleGenAI;
  beforeAll(async () => {
    emulator = await startEmulator();
    recorder = await record(emulator.url, { prefix: '/behind/a/gate' });
    ai = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: `${recorder.url}/` } });
  });
  afterAll(async () => {
    await recorder.close();
    await emulator.close();
  });

  test.for(calls)('%s', async ([, call, expected]) => {
    recorder.requests.length = 0;
    await call(ai);
    const start = `/behind/a/gate/${path}/`;
    expect(recorder.requests.map(({ method, url, body }) => [method, url.replace(start, ''), body])).toEqual(
      expected.map(([method, url, body], index) => [method, url, body ?? recorder.requests[index]?.body]),
    );
    for (const { url, headers, method, body } of recorder.requests) {
      expect(headers).toMatchObject({
        'x-goog-api-key': 'test',
        'content-type': 'application/json',
        'user-agent': `google-genai-sdk/${version} gl-node/${process.version}`,
      });
      expect(url).not.toContain('key=');
      if (method === 'GET') expect(body).toBeUndefined();
      // Google's own client and the description of Google's API agree.
      else expect(misfits(messageOfMethod(/:(\w+)/.exec(url)?.[1] ?? '') ?? '', body ?? null)).toEqual([]);
    }
  });

  test('a chat sends the model’s turns back unchanged', async () => {
    recorder.requests.length = 0;
    const chat = ai.chats.create({ model });
    const answer = await chat.sendMessage({ message: 'Hello' });
    await chat.sendMessage({ message: 'And?' });
    expect(recorder.requests[1]?.body).toMatchObject({
      contents: [...hello.contents, answer.candidates?.[0]?.content ?? {}, ...says({ text: 'And?' })],
    });
  });

  test('the timeout is sent in whole seconds', async () => {
    recorder.requests.length = 0;
    await ask('Hello', { httpOptions: { timeout: 1500 } })(ai);
    expect(recorder.requests[0]?.headers['x-server-timeout']).toBe('2');
  });

  test('labels are sent from version 2 on', async () => {
    recorder.requests.length = 0;
    const labelled = ask('Hello', { labels: { team: 'a' } })(ai);
    if (version.startsWith('1.'))
      return expect(labelled).rejects.toThrow('labels parameter is not supported');
    await labelled;
    return expect(recorder.requests[0]?.body).toMatchObject({ labels: { team: 'a' } });
  });

  test('countTokens takes contents only', async () => {
    const count = ai.models.countTokens({ model, contents: 'Hello', config: { systemInstruction: 'x' } });
    await expect(count).rejects.toThrow('systemInstruction parameter is');
  });
});

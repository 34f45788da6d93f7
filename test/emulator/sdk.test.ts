/** The official SDK, in each major version, works with the emulator. */
import type * as first from 'genai-1';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { sdks } from './sdks.ts';
import { scriptOf } from './serve.ts';

const script = await scriptOf(`
replies:
  - { when: { prompt: refused }, error: { code: 503 } }
  - { when: { prompt: used up }, error: { quota: perDay, limit: 250 } }
  - { when: { prompt: breaks raw }, fault: midStreamError }
  - { when: { prompt: breaks framed }, fault: midStreamErrorEvent }
  - { when: { prompt: breaks off }, fault: cut }
  - { when: { prompt: forbidden }, block: PROHIBITED_CONTENT }
  - { when: { prompt: busy once }, times: 1, error: { code: 503 } }
  - { when: { prompt: page of a proxy }, fault: html }
  - { when: { prompt: takes its time }, delay: 5000, reply: { text: late } }
  - { when: { prompt: never there }, fault: hang }
  - { when: { prompt: goes on }, times: 1, reply: { text: "One, ", finishReason: CONTINUATION, continuationToken: AAAA } }
  - { when: { prompt: goes on }, reply: { text: two. } }
  - { when: { prompt: cites }, reply: { text: It rains., citationMetadata: { citationSources: [ { startIndex: 0, endIndex: 9, uri: "https://example.com", license: mit } ] }, groundingMetadata: { webSearchQueries: [ rain ], groundingChunks: [ { web: { uri: "https://example.com", title: Rain } } ] } } }
  - { when: { prompt: runs short }, reply: { finishReason: NEWEST_REASON } }
`);
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const model = 'gemini-3.8-flash';

describe.each(sdks)(
  'SDK %s',
  (
    version,
    _path,
    {
      GoogleGenAI,
      ApiError,
      FunctionCallingConfigMode,
      HarmBlockThreshold,
      HarmCategory,
      ThinkingLevel,
      Type,
    },
  ) => {
    let emulator: Awaited<ReturnType<typeof startEmulator>>;
    let ai: first.GoogleGenAI;
    beforeAll(async () => {
      emulator = await startEmulator({ script });
      ai = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: emulator.url } });
    });
    afterAll(() => emulator.close());

    const generate = (contents: first.ContentListUnion, config: first.GenerateContentConfig = {}) =>
      ai.models.generateContent({ model, contents, config });
    const collect = async (contents: string, config: first.GenerateContentConfig = {}) => {
      const chunks: first.GenerateContentResponse[] = [];
      for await (const chunk of await ai.models.generateContentStream({ model, contents, config }))
        chunks.push(chunk);
      return chunks;
    };
    const failure = async (promise: Promise<unknown>): Promise<InstanceType<typeof ApiError>> => {
      const error: unknown = await promise.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ApiError);
      return error as InstanceType<typeof ApiError>;
    };

    test('generates text', async () => {
      const response = await generate('Write a story about a magic backpack.');
      expect(response.text).toContain('backpack');
      expect(response.candidates?.[0]?.finishReason).toBe('STOP');
      expect(response.modelVersion).toBe(model);
      expect(response.usageMetadata?.promptTokenCount).toBe(8);
    });

    test('sends config, system instruction and safety settings', async () => {
      const response = await generate('Write a long story about a magic backpack.', {
        systemInstruction: 'You write for toddlers.',
        temperature: 0.4,
        topK: 10,
        topP: 0.8,
        stopSequences: ['. '],
        maxOutputTokens: 800,
        candidateCount: 1,
        safetySettings: [
          {
            category: HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
            threshold: HarmBlockThreshold.BLOCK_ONLY_HIGH,
          },
        ],
      });
      expect(response.candidates).toHaveLength(1);
      expect(response.text).toMatch(/backpack$/);
    });

    test('sends a picture', async () => {
      const response = await generate([
        { text: 'What is in this picture?' },
        { inlineData: { mimeType: 'image/png', data: pixel } },
      ]);
      expect(response.usageMetadata?.promptTokensDetails).toEqual([
        { modality: 'TEXT', tokenCount: 6 },
        { modality: 'IMAGE', tokenCount: 258 },
      ]);
    });

    test('keeps a chat', async () => {
      const chat = ai.chats.create({ model });
      const one = await chat.sendMessage({ message: 'Name a fruit.' });
      const two = await chat.sendMessage({ message: 'Describe it as a pear.' });
      expect(one.text).toContain('fruit');
      expect(two.text).toContain('pear');
      expect(chat.getHistory()).toHaveLength(4);
      expect(two.usageMetadata?.promptTokenCount).toBeGreaterThan(one.usageMetadata?.promptTokenCount ?? 0);
    });

    test('streams the same text as a whole answer', async () => {
      const whole = await generate('Tell of a lighthouse.');
      const chunks = await collect('Tell of a lighthouse.');
      expect(chunks.length).toBeGreaterThan(2);
      expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(whole.text);
      expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean)).toEqual(['STOP']);
      expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBe(whole.usageMetadata?.totalTokenCount);
    });

    test('counts tokens', async () => {
      const { totalTokens } = await ai.models.countTokens({
        model,
        contents: 'Write a story about a magic backpack.',
      });
      expect(totalTokens).toBe(8);
    });

    test('embeds one text and several', async () => {
      const embedding = 'gemini-embedding-001';
      const one = await ai.models.embedContent({
        model: embedding,
        contents: 'a',
        config: { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 8 },
      });
      expect(one.embeddings?.[0]?.values).toHaveLength(8);
      const several = await ai.models.embedContent({ model: embedding, contents: ['a', 'b', 'c'] });
      expect(several.embeddings?.map(({ values }) => values?.length)).toEqual([3072, 3072, 3072]);
    });

    test('lists models page by page, and gets one', async () => {
      const names: (string | undefined)[] = [];
      for await (const each of await ai.models.list({ config: { pageSize: 4 } })) names.push(each.name);
      expect(names).toContain(`models/${model}`);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThan(8);
      expect(await ai.models.get({ model })).toMatchObject({
        name: `models/${model}`,
        inputTokenLimit: 1048576,
      });
    });

    test('calls a function and takes its answer', async () => {
      const tools = [
        {
          functionDeclarations: [
            {
              name: 'getWeather',
              description: 'The weather in a city.',
              parameters: {
                type: Type.OBJECT,
                properties: { city: { type: Type.STRING } },
                required: ['city'],
              },
            },
          ],
        },
      ];
      const question = { role: 'user', parts: [{ text: 'What is the weather in Oslo?' }] };
      const called = await generate([question], { tools });
      const call = called.functionCalls?.[0];
      expect(call).toMatchObject({ name: 'getWeather', args: { city: 'Oslo' } });
      expect(call?.id).toEqual(expect.any(String));
      const answered = await generate(
        [
          question,
          called.candidates?.[0]?.content ?? {},
          {
            role: 'user',
            parts: [
              {
                functionResponse: {
                  ...(call?.id === undefined ? {} : { id: call.id }),
                  name: 'getWeather',
                  response: { sky: 'clear', degrees: 21 },
                },
              },
            ],
          },
        ],
        { tools },
      );
      expect(answered.functionCalls).toBeUndefined();
      expect(answered.text).toContain('clear');
      const forced = await generate('Hello.', {
        tools,
        toolConfig: {
          functionCallingConfig: {
            mode: FunctionCallingConfigMode.ANY,
            allowedFunctionNames: ['getWeather'],
          },
        },
      });
      expect(forced.functionCalls?.[0]?.args).toEqual({ city: 'city' });
    });

    test('gets a value that fits the schema', async () => {
      const response = await generate('Give me a recipe.', {
        responseMimeType: 'application/json',
        responseSchema: {
          type: Type.OBJECT,
          properties: {
            title: { type: Type.STRING },
            minutes: { type: Type.INTEGER, minimum: 5, maximum: 90 },
            steps: { type: Type.ARRAY, items: { type: Type.STRING }, minItems: '2' },
          },
          propertyOrdering: ['steps', 'title', 'minutes'],
        },
      });
      const value = JSON.parse(response.text ?? '') as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['steps', 'title', 'minutes']);
      expect(value.minutes).toBe(5);
      const other = await generate('Give me a node.', {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          $defs: {
            node: {
              type: 'object',
              properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
            },
          },
          $ref: '#/$defs/node',
        },
      });
      expect(JSON.parse(other.text ?? '')).toHaveProperty('next');
    });

    test('shows thoughts apart from the text', async () => {
      const response = await generate('Tell of owls.', {
        thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW },
      });
      const parts = response.candidates?.[0]?.content?.parts ?? [];
      expect(parts.map(({ thought }) => thought === true)).toEqual([true, false]);
      expect(response.text).toBe(parts[1]?.text);
      expect(response.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
    });

    test('has no text if the limit is within the thoughts or the prompt is blocked', async () => {
      const short = await generate('Tell of owls.', { maxOutputTokens: 5 });
      expect(short.text).toBeUndefined();
      expect(short.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
      expect(short.usageMetadata).toMatchObject({ thoughtsTokenCount: 5 });
      const blocked = await generate('This is forbidden.');
      expect(blocked.text).toBeUndefined();
      expect(blocked.candidates).toBeUndefined();
      expect(blocked.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
    });

    test('throws errors with their status', async () => {
      const other = (apiKey: string) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: emulator.url } });
      const ask = { model, contents: 'Hello.' };
      const badKey = await failure(other('invalid-key').models.generateContent(ask));
      expect(badKey).toMatchObject({ status: 400 });
      expect(badKey.message).toContain('API_KEY_INVALID');
      expect(await failure(ai.models.generateContent({ ...ask, model: 'gemini-0.1-none' }))).toMatchObject({
        status: 404,
      });
      expect(await failure(generate('This is refused.'))).toMatchObject({ status: 503 });
      const quota = await failure(generate('This is used up.'));
      expect(quota).toMatchObject({ status: 429 });
      expect(quota.message).toContain('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
      expect(await failure(generate('A page of a proxy.'))).toMatchObject({ status: 502 });
      expect(await failure(ai.models.get({ model: 'gemini-0.1-none' }))).toMatchObject({ status: 404 });
      expect(await failure(collect('This is refused.'))).toMatchObject({ status: 503 });
    });

    test('gives up when every attempt fails', async () => {
      const patient = new GoogleGenAI({
        apiKey: 'test',
        httpOptions: { baseUrl: emulator.url, retryOptions: { attempts: 2 } },
      });
      const tried = patient.models.generateContent({ model, contents: 'This is refused.' });
      // The first major then throws without a status.
      if (version.startsWith('1.'))
        await expect(tried).rejects.toThrow('Retryable HTTP Error: Service Unavailable');
      else expect(await failure(tried)).toMatchObject({ status: 503 });
    });

    test('stops waiting when its time is up', async () => {
      const hasty = (contents: string, httpOptions: first.HttpOptions) =>
        ai.models.generateContent({ model, contents, config: { httpOptions } });
      await expect(hasty('This is never there.', { timeout: 100 })).rejects.toMatchObject({
        name: 'AbortError',
      });
      const options = { headers: { 'X-Server-Timeout': '0.1' } };
      expect(await failure(hasty('This takes its time.', options))).toMatchObject({ status: 504 });
    });

    test('continues by itself on CONTINUATION, from version 2 on', async () => {
      const response = await generate('This goes on.');
      if (version.startsWith('1.')) {
        expect(response.candidates?.[0]?.finishReason).toBe('CONTINUATION');
        return;
      }
      expect(response.candidates?.[0]?.finishReason).toBe('STOP');
      expect(response.text).toMatch(/two\.$/);
    });

    test('reads citations, grounding, and unknown finish reasons', async () => {
      const [candidate] = (await generate('This cites.')).candidates ?? [];
      expect(candidate?.citationMetadata).toBeDefined();
      expect(candidate?.groundingMetadata?.groundingChunks?.[0]?.web?.title).toBe('Rain');
      const short = await generate('This runs short.');
      expect([short.text, short.candidates?.[0]?.finishReason]).toEqual([undefined, 'NEWEST_REASON']);
    });

    test('gets several candidates and log probabilities from models that give them', async () => {
      const response = await ai.models.generateContent({
        model: 'gemini-2.5-flash-lite',
        contents: 'Tell of owls.',
        config: { candidateCount: 2, responseLogprobs: true, logprobs: 2 },
      });
      expect(response.candidates).toHaveLength(2);
      for (const { avgLogprobs, logprobsResult } of response.candidates ?? []) {
        expect(avgLogprobs).toBeLessThan(0);
        expect(logprobsResult?.topCandidates?.[0]?.candidates).toHaveLength(2);
      }
      expect((await failure(generate('Tell of owls.', { candidateCount: 2 }))).message).toContain(
        'Multiple candidates is not enabled for this model',
      );
    });

    test('reads its address from the environment', async () => {
      vi.stubEnv('GOOGLE_GEMINI_BASE_URL', emulator.url);
      try {
        const unaware = new GoogleGenAI({ apiKey: 'test' });
        expect((await unaware.models.generateContent({ model, contents: 'Hello.' })).text).toContain('Hello');
      } finally {
        vi.unstubAllEnvs();
      }
    });

    test('gets 501 for what the emulator lacks', async () => {
      expect(await failure(ai.files.list())).toMatchObject({ status: 501 });
      expect(await failure(ai.batches.list())).toMatchObject({ status: 501 });
      expect(await failure(ai.caches.create({ model, config: { ttl: '300s' } }))).toMatchObject({
        status: 501,
      });
    });

    test('retries if configured to', async () => {
      const patient = new GoogleGenAI({
        apiKey: 'test',
        httpOptions: { baseUrl: emulator.url, retryOptions: { attempts: 2 } },
      });
      const response = await patient.models.generateContent({ model, contents: 'This is busy once.' });
      expect(response.text).toContain('busy');
    });

    test('throws errors in the middle of a stream', async () => {
      expect((await failure(collect('This breaks raw.'))).message).toContain('UNAVAILABLE');
      await expect(collect('This breaks off.')).rejects.toThrow('terminated');
      const framed = collect('This breaks framed.');
      // The first major yields such an event as a chunk and ends as if nothing had happened.
      if (version.startsWith('1.')) expect((await framed).at(-1)?.candidates).toBeUndefined();
      else expect((await failure(framed)).message).toContain('UNAVAILABLE');
    });

    test('reaches any version', async () => {
      for (const apiVersion of ['v1', 'v1alpha']) {
        const versioned = new GoogleGenAI({
          apiKey: 'test',
          apiVersion,
          httpOptions: { baseUrl: emulator.url },
        });
        expect((await versioned.models.generateContent({ model, contents: 'Hello.' })).text).toContain(
          'Hello',
        );
      }
    });
  },
);

/** The methods other than generateContent, and what all have in common: keys, addresses, parameters, CORS, compression. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { eventsOf, reply, says, serve, textOf } from './serve.ts';

const { call, ask, url } = await serve();
const lite = 'gemini-2.5-flash-lite';
const generating = `/v1beta/models/${lite}:generateContent`;
const hello = { method: 'POST', body: JSON.stringify(says('Hello.')) };
const message = (body: JsonObject): string => (body as { error: { message: string } }).error.message;

describe('keys', () => {
  const status = async (address: string, headers: Record<string, string>): Promise<[number, JsonObject]> => {
    const response = await fetch(url + address, { ...hello, headers });
    return [response.status, (await response.json()) as JsonObject];
  };
  test.for<[string, string, Record<string, string>]>([
    ['in the header', generating, { 'x-goog-api-key': 'k' }],
    ['in the query', `${generating}?key=k`, {}],
    ['as a bearer token', generating, { authorization: 'Bearer t' }],
    ['as a token in the query', `${generating}?access_token=t`, {}],
  ])('are taken %s', async ([, address, headers]) => {
    expect((await status(address, headers))[0]).toBe(200);
  });

  test.for<[string, string, Record<string, string>, number, string]>([
    ['none', generating, {}, 403, 'PERMISSION_DENIED'],
    ['an empty one', `${generating}?key=`, { 'x-goog-api-key': '' }, 403, 'PERMISSION_DENIED'],
    ['a bad one', generating, { 'x-goog-api-key': 'invalid' }, 400, 'INVALID_ARGUMENT'],
    ['a bad one in the query', `${generating}?key=invalid-key`, {}, 400, 'INVALID_ARGUMENT'],
    ['a bad token', generating, { authorization: 'Bearer invalid' }, 401, 'UNAUTHENTICATED'],
  ])('%s is refused', async ([, address, headers, code, name]) => {
    const [got, body] = await status(address, headers);
    expect(got).toBe(code);
    expect(body).toMatchObject({ error: { code, status: name } });
  });

  test('errors have the message of the service', async () => {
    expect((await status(generating, {}))[1]).toEqual({
      error: {
        code: 403,
        message:
          "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
        status: 'PERMISSION_DENIED',
      },
    });
    const words = 'API key not valid. Please pass a valid API key.';
    expect((await status(generating, { 'x-goog-api-key': 'invalid' }))[1]).toEqual({
      error: {
        code: 400,
        message: words,
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'API_KEY_INVALID',
            domain: 'googleapis.com',
            metadata: { service: 'generativelanguage.googleapis.com' },
          },
          { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message: words },
        ],
      },
    });
  });
});

describe('addresses', () => {
  test.for(['/v1/', '/v1beta/', '/v1alpha/', '/v2beta3/'])('%s has every method', async (version) => {
    expect((await ask(generating.replace('/v1beta/', version), hello)).status).toBe(200);
    expect((await ask(`${version}models/${lite}`)).status).toBe(200);
  });

  test.for<[string, string]>([
    ['GET', '/'],
    ['GET', '/v1beta'],
    ['GET', '/v1beta/nothing'],
    ['GET', generating],
    ['POST', '/v1beta/models'],
    ['DELETE', `/v1beta/models/${lite}`],
    ['POST', `/v1beta/models/${lite}:tellStory`],
    ['GET', `/v1beta/models/${lite}/parts`],
  ])('%s %s gets an HTML page with 404', async ([method, address]) => {
    const answer = await ask(address, { method });
    expect([answer.status, answer.type]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(answer.text).toContain('was not found on this server');
  });

  test.for<[string, string]>([
    ['POST', '/upload/v1beta/files'],
    ['GET', '/v1beta/files'],
    ['POST', '/v1beta/cachedContents'],
    ['GET', '/v1beta/batches/1'],
    ['POST', `/v1beta/models/${lite}:batchGenerateContent`],
    ['GET', `/v1beta/models/${lite}/operations`],
  ])('%s %s is not implemented: 501', async ([method, address]) => {
    const answer = await ask(address, { method });
    expect(answer).toMatchObject({ status: 501, body: { error: { status: 'UNIMPLEMENTED' } } });
  });

  test.for<[string, string, string]>([
    ['gemini-0.1-nothing', 'generateContent', 'models/gemini-0.1-nothing'],
    ['gemini-2.0-flash', 'streamGenerateContent', 'models/gemini-2.0-flash'],
    ['gemini-3-pro-preview', 'generateContent', 'models/gemini-3-pro-preview'],
    ['gemini-2.5-flash-preview-tts', 'generateContent', 'models/gemini-2.5-flash-preview-tts'],
    ['gemini-3.1-flash-image', 'generateContent', 'models/gemini-3.1-flash-image'],
    ['text-embedding-004', 'embedContent', 'models/text-embedding-004'],
    ['gemini-embedding-001', 'generateContent', 'models/gemini-embedding-001'],
    [lite, 'batchEmbedContents', `models/${lite}`],
    ['gemini-0.1-nothing', 'countTokens', 'models/gemini-0.1-nothing'],
  ])('%s has no %s', async ([model, method, name]) => {
    const bodies: Record<string, object> = {
      embedContent: { content: { parts: [{ text: 'a' }] } },
      batchEmbedContents: { requests: [] },
    };
    const answer = await call(model, method, bodies[method] ?? says('Hello.'), '?alt=sse');
    expect(answer.body).toEqual({
      error: {
        code: 404,
        message: `${name} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
        status: 'NOT_FOUND',
      },
    });
  });

  test.for<[string, string, string]>([
    [
      'models/Gemini%203',
      'generateContent',
      '* GenerateContentRequest.model: unexpected model name format\n',
    ],
    ['models/a%2Fb', 'countTokens', '* CountTokensRequest.model: unexpected model name format\n'],
    [
      'tunedModels/mine',
      'generateContent',
      'tunedModels/mine is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.',
    ],
  ])('%s: %s says how the name is wrong', async ([name, method, words]) => {
    const answer = await ask(`/v1beta/${name}:${method}`, hello);
    expect(message(answer.body)).toBe(words);
  });

  test('another model answers for superseded ids and aliases; modelVersion names it', async () => {
    for (const [model, answers] of [
      ['gemini-3.7-flash', 'gemini-3.8-flash'],
      ['gemini-3.5-flash', 'gemini-3.6-flash'],
      ['gemini-2.5-pro', 'gemini-3.8-flash'],
      ['gemini-2.5-flash', 'gemini-3.5-flash-lite'],
      ['gemini-flash-latest', 'gemini-3.8-flash'],
      [lite, lite],
    ] as const)
      expect(reply((await call(model, 'generateContent', says('Hello.'))).body).modelVersion).toBe(answers);
  });
});

describe('models', () => {
  const page = async (query: string): Promise<{ models: { name: string }[]; nextPageToken?: string }> =>
    (await ask(`/v1beta/models${query}`)).body as never;

  test('are listed page by page, each once', async () => {
    const all = await page('');
    expect(all).not.toHaveProperty('nextPageToken');
    expect(all.models.length).toBeGreaterThan(10);
    for (const size of [1, 4, 100]) {
      const names: string[] = [];
      for (let token: string | undefined = ''; token !== undefined;) {
        const next: Awaited<ReturnType<typeof page>> = await page(`?pageSize=${size}&pageToken=${token}`);
        expect(next.models.length).toBeLessThanOrEqual(size);
        names.push(...next.models.map(({ name }) => name));
        token = next.nextPageToken;
      }
      expect(names).toEqual(all.models.map(({ name }) => name));
    }
  });

  test.for<[string, string]>([
    ['?pageToken=nonsense', '* ListModelsRequest.page_token: page_token is invalid.\n'],
    ['?pageSize=-1', '* ListModelsRequest.page_size: page_size must not be negative.\n'],
    ['?pageSize=few', `Invalid value at 'page_size' (TYPE_INT32), "few"`],
    [
      '?size=3',
      `Invalid JSON payload received. Unknown name "size": Cannot bind query parameter. Field 'size' could not be found in request message.`,
    ],
  ])('%s is refused', async ([query, words]) => {
    const answer = await ask(`/v1beta/models${query}`);
    expect([answer.status, message(answer.body)]).toEqual([400, words]);
  });

  test('are described', async () => {
    expect((await ask('/v1beta/models/gemini-3.1-pro-preview')).body).toEqual({
      name: 'models/gemini-3.1-pro-preview',
      version: '3.1-pro-preview-01-2026',
      displayName: 'Gemini 3.1 Pro Preview',
      description: expect.any(String) as string,
      inputTokenLimit: 1048576,
      outputTokenLimit: 65536,
      supportedGenerationMethods: [
        'generateContent',
        'countTokens',
        'createCachedContent',
        'batchGenerateContent',
      ],
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxTemperature: 2,
      thinking: true,
    });
    const embedding = (await ask('/v1beta/models/gemini-embedding-001')).body;
    expect(embedding.supportedGenerationMethods).toContain('embedContent');
    expect(embedding).not.toHaveProperty('thinking');
    expect((await ask('/v1beta/models/nothing')).body).toEqual({
      error: {
        code: 404,
        message: 'Model is not found: models/nothing for api version v1beta',
        status: 'NOT_FOUND',
      },
    });
  });
});

describe('countTokens', () => {
  const count = async (body: unknown): Promise<JsonObject> => (await call(lite, 'countTokens', body)).body;
  const png = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };

  test('counts contents by modality', async () => {
    expect(await count(says('Write a story about a magic backpack.'))).toEqual({
      totalTokens: 8,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 8 }],
    });
    const media = (mimeType: string, bytes: number): JsonObject => ({
      inlineData: { mimeType, data: Buffer.alloc(bytes).toString('base64') },
    });
    const body = {
      contents: [
        {
          parts: [
            { text: 'Look.' },
            png,
            media('audio/mp3', 32_000),
            media('video/mp4', 500_000),
            media('application/pdf', 9),
            { fileData: { fileUri: 'https://example.com/a.png', mimeType: 'image/png' } },
          ],
        },
      ],
    };
    expect(await count(body)).toEqual({
      totalTokens: 2 + 258 + 64 + 526 + 258 + 258,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 2 },
        { modality: 'IMAGE', tokenCount: 516 },
        { modality: 'AUDIO', tokenCount: 64 },
        { modality: 'VIDEO', tokenCount: 526 },
        { modality: 'DOCUMENT', tokenCount: 258 },
      ],
    });
  });

  test('counts a whole request, with system instruction, tools and resolution; contents beside it are ignored', async () => {
    const whole = {
      model: `models/${lite}`,
      ...says('Hello.'),
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
    };
    const plain = Number((await count(says('Hello.'))).totalTokens);
    const withSystem = Number((await count({ generateContentRequest: whole })).totalTokens);
    expect(withSystem).toBe(plain + 3);
    const tools = [{ functionDeclarations: [{ name: 'a' }] }];
    expect(
      Number((await count({ generateContentRequest: { ...whole, tools } })).totalTokens),
    ).toBeGreaterThan(withSystem);
    expect(
      (await count({ ...says('A much longer prompt than that.'), generateContentRequest: whole }))
        .totalTokens,
    ).toBe(withSystem);
    const low = {
      contents: [{ parts: [png] }],
      generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' },
    };
    expect((await count({ generateContentRequest: low })).totalTokens).toBe(64);
  });

  test('equals the prompt tokens of a call', async () => {
    const body = says('Tell of owls and lighthouses, in 2026.', {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
    });
    const { usageMetadata } = reply((await call(lite, 'generateContent', body)).body);
    expect((await count({ generateContentRequest: body })).totalTokens).toBe(usageMetadata.promptTokenCount);
  });

  test.for<[unknown, string]>([
    [
      { ...says('x'), systemInstruction: { parts: [{ text: 'x' }] } },
      `Invalid JSON payload received. Unknown name "systemInstruction": Cannot find field.`,
    ],
    [{ ...says('x'), tools: [] }, `Invalid JSON payload received. Unknown name "tools": Cannot find field.`],
    [{}, '* CountTokensRequest.contents: contents is not specified\n'],
    [
      { generateContentRequest: {} },
      '* CountTokensRequest.generate_content_request.contents: contents is not specified\n',
    ],
  ])('refuses %o', async ([body, words]) => {
    expect(message(await count(body))).toBe(words);
  });
});

describe('embeddings', () => {
  const one = 'gemini-embedding-001';
  const content = (text: string): JsonObject => ({ content: { parts: [{ text }] } });
  const embed = async (body: JsonObject, model = one): Promise<number[]> => {
    const answer = await call(model, 'embedContent', body);
    expect(answer.status, answer.text).toBe(200);
    return (answer.body as unknown as { embedding: { values: number[] } }).embedding.values;
  };
  const dot = (a: number[], b: number[]): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

  test('are unit vectors, similar for similar texts', async () => {
    const [a, b, c] = [
      await embed(content('a magic backpack')),
      await embed(content('the magic backpack')),
      await embed(content('tax law of Norway')),
    ];
    expect(a).toHaveLength(3072);
    expect(dot(a, a)).toBeCloseTo(1, 5);
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.2);
    expect(await embed(content('a magic backpack'))).toEqual(a);
  });

  test('shorter vectors are the first values of the long one', async () => {
    const long = await embed(content('owls'));
    expect(await embed({ ...content('owls'), outputDimensionality: 768 })).toEqual(long.slice(0, 768));
    expect(await embed({ ...content('owls'), embedContentConfig: { outputDimensionality: 5 } })).toEqual(
      long.slice(0, 5),
    );
    expect(await embed({ ...content('owls'), taskType: 'CLUSTERING', outputDimensionality: 5 })).not.toEqual(
      long.slice(0, 5),
    );
  });

  test('a batch keeps its order and counts its tokens', async () => {
    const requests = ['a', 'b c', 'd'].map((text) => ({ model: `models/${one}`, ...content(text) }));
    const { body } = await call(one, 'batchEmbedContents', { requests });
    const { embeddings } = body as unknown as { embeddings: { values: number[] }[] };
    expect(embeddings.map(({ values }) => values)).toEqual([
      await embed(content('a')),
      await embed(content('b c')),
      await embed(content('d')),
    ]);
    expect(body.usageMetadata).toEqual({
      promptTokenCount: 4,
      promptTokenDetails: [{ modality: 'TEXT', tokenCount: 4 }],
    });
  });

  test('the second model takes pictures, and makes one vector of several parts', async () => {
    const parts = [{ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }];
    expect(await embed({ content: { parts } }, 'gemini-embedding-2')).toHaveLength(3072);
    expect(message((await call(one, 'embedContent', { content: { parts } })).body)).toBe(
      'This model embeds text only.',
    );
  });

  test('a text that is too long is cut, unless autoTruncate is false', async () => {
    const long = content(`a${' a'.repeat(2048)}`);
    expect(await embed(long)).toHaveLength(3072);
    const refused = await call(one, 'embedContent', { ...long, embedContentConfig: { autoTruncate: false } });
    expect(message(refused.body)).toBe(
      'The input token count (2049) exceeds the maximum number of tokens allowed (2048).',
    );
  });

  test.for<[string, JsonObject, string]>([
    ['embedContent', {}, '* EmbedContentRequest.content: content is not specified\n'],
    [
      'embedContent',
      { content: { parts: [] } },
      '* EmbedContentRequest.content.parts: contents.parts must not be empty.\n',
    ],
    ['embedContent', content(''), 'EmbedContentRequest.content contains an empty Part.'],
    [
      'embedContent',
      { ...content('a'), title: 'A' },
      '* EmbedContentRequest.title: title is only valid with the task type RETRIEVAL_DOCUMENT\n',
    ],
    [
      'embedContent',
      { ...content('a'), outputDimensionality: 4000 },
      '* EmbedContentRequest.output_dimensionality: output_dimensionality must be in the range [1, 3072].\n',
    ],
    [
      'embedContent',
      { ...content('a'), taskType: 'STORY' },
      `Invalid value at 'task_type' (type.googleapis.com/google.ai.generativelanguage.v1beta.TaskType), "STORY"`,
    ],
    ['batchEmbedContents', {}, '* BatchEmbedContentsRequest.requests: requests is not specified\n'],
    [
      'batchEmbedContents',
      { requests: [content('a')] },
      '* BatchEmbedContentsRequest.requests[0].model: model is not specified\n',
    ],
    [
      'batchEmbedContents',
      { requests: [{ model: one, ...content('a') }] },
      '* BatchEmbedContentsRequest.requests[0].model: unexpected model name format\n',
    ],
    [
      'batchEmbedContents',
      { requests: [{ model: 'models/gemini-embedding-2', ...content('a') }] },
      '* BatchEmbedContentsRequest.requests[0].model: model must be models/gemini-embedding-001, as in the path\n',
    ],
    [
      'batchEmbedContents',
      { requests: Array.from({ length: 101 }, () => ({})) },
      '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n',
    ],
  ])('%s refuses %o', async ([method, body, words]) => {
    expect(message((await call(one, method, body)).body)).toBe(words);
  });
});

describe('parameters of every method', () => {
  test.for(['prettyPrint=false', '$prettyPrint=false', 'prettyPrint=0'])(
    '%s writes one line',
    async (query) => {
      const answer = await ask(`${generating}?${query}`, hello);
      expect(answer.text.trimEnd()).not.toContain('\n');
      expect(textOf(answer.body)).toContain('Hello');
    },
  );

  test('$alt is alt', async () => {
    const answer = await call(lite, 'streamGenerateContent', says('Hello.'), '?$alt=sse');
    expect(eventsOf(answer.text).length).toBeGreaterThan(1);
    expect((await ask(`${generating}?%24alt=json%3Benum-encoding%3Dint`, hello)).status).toBe(200);
    expect((await ask(`${generating}?alt=proto`, hello)).status).toBe(400);
  });

  test('fields and callback are accepted and change nothing', async () => {
    const whole = await ask(`/v1beta/models/${lite}`);
    expect(await ask(`/v1beta/models/${lite}?fields=name&callback=show`)).toEqual(whole);
  });

  test('rejects unknown parameters', async () => {
    expect(message((await ask(`${generating}?storey=1`, hello)).body)).toContain(
      'Cannot bind query parameter',
    );
  });
});

test('allows calls from other origins', async () => {
  const response = await fetch(url + generating, {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-headers': 'x-goog-api-key' },
  });
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-headers': 'x-goog-api-key',
    'access-control-allow-methods': expect.stringContaining('POST') as string,
  });
  const refused = await fetch(url + generating, { ...hello, headers: { origin: 'https://a.example' } });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
    403,
    'https://a.example',
  ]);
});

test('reads compressed bodies', async () => {
  for (const [encoding, body] of [
    ['constructor', Buffer.from(JSON.stringify(says('Hello.')))],
    ['gzip', gzipSync(hello.body)],
    ['br', brotliCompressSync(hello.body)],
  ] as const) {
    const answer = await ask(generating, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-encoding': encoding },
    });
    expect(textOf(answer.body), answer.text).toContain('Hello');
  }
  const broken = await ask(generating, {
    method: 'POST',
    body: 'no gzip',
    headers: { 'content-encoding': 'gzip' },
  });
  expect(broken.status).toBe(400);
});

test('rejects a compressed body above 100 MB', async () => {
  const packed = gzipSync(Buffer.alloc(100 * 1024 * 1024 + 1), { level: 1 });
  const answer = await ask(generating, {
    method: 'POST',
    body: new Uint8Array(packed),
    headers: { 'content-encoding': 'gzip' },
  });
  expect(answer.body).toEqual({
    error: {
      code: 400,
      message: 'Request payload size exceeds the limit: 104857600 bytes.',
      status: 'INVALID_ARGUMENT',
    },
  });
});

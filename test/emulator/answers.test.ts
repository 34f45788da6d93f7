/** Answers without a script: shapes, limits, thoughts, tools, schemas, ratings, repeatability. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { compileSchema } from '../../src/lib/json-schema.ts';
import { during, reply, says, serve, textOf, under } from './serve.ts';

const { call } = await serve();
const lite = 'gemini-2.5-flash-lite';
const newest = 'gemini-3.8-flash';
const generate = async (model: string, body: JsonObject): Promise<JsonObject> =>
  (await call(model, 'generateContent', body)).body;
const partsOf = (body: JsonObject): object[] => reply(body).candidates[0]?.content?.parts ?? [];

test('an ordinary answer has the fields of the API, in its order', async () => {
  const answer = await call(lite, 'generateContent', says('Write a story about a magic backpack.'));
  expect(answer.type).toBe('application/json; charset=UTF-8');
  expect(answer.text).toMatch(/^\{\n {2}"candidates": \[\n/);
  const { candidates, usageMetadata, responseId, ...rest } = answer.body;
  const text = textOf(answer.body);
  expect(text).toContain('magic backpack');
  expect(candidates).toEqual([
    { content: { parts: [{ text }], role: 'model' }, finishReason: 'STOP', index: 0 },
  ]);
  const count = reply(answer.body).usageMetadata.candidatesTokenCount ?? 0;
  expect(usageMetadata).toEqual({
    promptTokenCount: 8,
    candidatesTokenCount: count,
    totalTokenCount: 8 + count,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 8 }],
    serviceTier: 'standard',
  });
  expect(responseId).toEqual(expect.stringMatching(/^[\w-]{22}$/));
  expect(rest).toEqual({ modelVersion: lite });
});

describe('thinking', () => {
  test.for<[string, JsonObject, boolean]>([
    [newest, {}, true],
    ['gemini-3.1-pro-preview', {}, true],
    ['gemini-4-argon', {}, true],
    ['gemini-4-hydrogen', { thinkingLevel: 'XHIGH' }, true],
    ['gemini-2.5-pro', {}, true],
    ['gemini-2.5-flash', {}, false],
    [lite, { thinkingBudget: 0 }, false],
    [lite, { thinkingBudget: -1 }, true],
    [lite, {}, false],
    [lite, { thinkingBudget: 512 }, true],
    ['gemini-3.6-flash', { thinkingLevel: 'MINIMAL' }, false],
    ['gemini-3.5-flash-lite', {}, false],
    ['gemini-3.5-flash-lite', { thinkingLevel: 'HIGH' }, true],
    [newest, { thinkingBudget: 0 }, false],
  ])('%s with %o thinks: %s', async ([model, thinkingConfig, thinks]) => {
    const { usageMetadata: usage } = reply(await generate(model, under('Tell of owls.', { thinkingConfig })));
    expect((usage.thoughtsTokenCount ?? 0) > 0).toBe(thinks);
    expect(usage.totalTokenCount).toBe(
      (usage.promptTokenCount ?? 0) + (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    );
  });

  test('a higher level thinks more, and never more than the budget', async () => {
    const spent = async (model: string, thinkingConfig: JsonObject): Promise<number> =>
      reply(await generate(model, under('Tell of owls.', { thinkingConfig }))).usageMetadata
        .thoughtsTokenCount ?? 0;
    expect(await spent(newest, { thinkingLevel: 'LOW' })).toBeLessThan(
      await spent(newest, { thinkingLevel: 'HIGH' }),
    );
    expect(await spent(newest, { thinkingBudget: 7 })).toBe(7);
  });

  test('a limit within the thoughts leaves no parts', async () => {
    const body = await generate(newest, under('Tell of owls.', { maxOutputTokens: 10 }));
    expect(body).toMatchObject({
      candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }],
      usageMetadata: { thoughtsTokenCount: 10 },
    });
    expect(partsOf(body)).toEqual([]);
    expect(reply(body).usageMetadata).not.toHaveProperty('candidatesTokenCount');
  });

  test('includeThoughts shows thoughts before the text; Gemini 3 signs the text', async () => {
    const shown = await generate(
      newest,
      under('Tell of owls.', { thinkingConfig: { includeThoughts: true } }),
    );
    expect(partsOf(shown)).toEqual([
      { text: expect.stringContaining('owls') as string, thought: true },
      { text: expect.any(String) as string, thoughtSignature: expect.any(String) as string },
    ]);
    const older = await generate(
      lite,
      under('Tell of owls.', { thinkingConfig: { includeThoughts: true, thinkingBudget: 512 } }),
    );
    expect(partsOf(older)[1]).toEqual({ text: expect.any(String) as string });
  });
});

describe('limits', () => {
  test('a shorter answer is the start of the longer one, and its tokens are counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (maxOutputTokens) => {
        const ask = { temperature: 0 };
        const whole = await generate(lite, under('Tell of owls.', ask));
        const cut = await generate(lite, under('Tell of owls.', { ...ask, maxOutputTokens }));
        const tokens = reply(cut).usageMetadata.candidatesTokenCount ?? 0;
        expect(textOf(whole).startsWith(textOf(cut))).toBe(true);
        expect(tokens).toBeLessThanOrEqual(maxOutputTokens);
        const ended = textOf(cut) === textOf(whole);
        expect(reply(cut).candidates[0]?.finishReason).toBe(ended ? 'STOP' : 'MAX_TOKENS');
        if (!ended) expect(tokens).toBe(maxOutputTokens);
      }),
      { numRuns: 20 },
    );
  });

  test('the first stop sequence ends the text and is left out', async () => {
    const body = await generate(
      lite,
      under('Tell of owls.', { stopSequences: ['nowhere to be found', 'about'] }),
    );
    expect(textOf(body)).toBe('Here is an answer ');
    expect(reply(body).candidates[0]?.finishReason).toBe('STOP');
    const none = await generate(lite, under('Tell of owls.', { stopSequences: ['Here'] }));
    expect(none.candidates).toEqual([{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }]);
  });

  test('candidates are several answers, counted together', async () => {
    const { candidates, usageMetadata } = reply(
      await generate(lite, under('Tell of owls.', { candidateCount: 3 })),
    );
    expect(candidates.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(candidates.map(({ content }) => content?.parts?.[0]?.text)).size).toBeGreaterThan(1);
    const one = reply(await generate(lite, under('Tell of owls.', { candidateCount: 1 })));
    expect(usageMetadata.candidatesTokenCount).toBeGreaterThan(
      (one.usageMetadata.candidatesTokenCount ?? 0) * 2,
    );
  });
});

test('log probabilities are given for every token of the text', async () => {
  const body = await generate(lite, under('Tell of owls.', { responseLogprobs: true, logprobs: 3 }));
  const candidate = reply(body).candidates[0] as unknown as {
    avgLogprobs: number;
    logprobsResult: {
      chosenCandidates: { token: string; logProbability: number }[];
      topCandidates: { candidates: { logProbability: number }[] }[];
      logProbabilitySum: number;
    };
  };
  const { chosenCandidates: chosen, topCandidates: top, logProbabilitySum: sum } = candidate.logprobsResult;
  expect(chosen.map(({ token }) => token).join('')).toBe(textOf(body));
  expect(chosen).toHaveLength(reply(body).usageMetadata.candidatesTokenCount ?? 0);
  expect(top.every(({ candidates }) => candidates.length === 3)).toBe(true);
  expect(candidate.avgLogprobs).toBeCloseTo(sum / chosen.length, 5);
  const without = await generate(lite, under('Tell of owls.', { responseLogprobs: true }));
  expect(JSON.stringify(without)).not.toContain('topCandidates');
});

describe('schemas', () => {
  const lower = (value: JsonValue): JsonValue =>
    JSON.parse(
      JSON.stringify(value, (key, inner: JsonValue) =>
        key === 'type' && typeof inner === 'string' ? inner.toLowerCase() : inner,
      ),
    ) as JsonValue;

  test.for<[string, JsonObject]>([
    [
      'a map with bounds',
      {
        type: 'OBJECT',
        properties: {
          name: { type: 'STRING', minLength: 20, maxLength: 25 },
          count: { type: 'INTEGER', minimum: 7, maximum: 9 },
          share: { type: 'NUMBER', maximum: -2.5 },
          sure: { type: 'BOOLEAN' },
        },
        required: ['name', 'count', 'share', 'sure'],
      },
    ],
    [
      'lists with bounds',
      {
        type: 'ARRAY',
        minItems: 3,
        maxItems: 4,
        items: { type: 'ARRAY', items: { type: 'STRING', enum: ['a', 'b'] }, maxItems: 0 },
      },
    ],
    [
      'one of several',
      {
        type: 'OBJECT',
        properties: { either: { anyOf: [{ type: 'INTEGER', minimum: 4 }, { type: 'STRING' }] } },
        required: ['either'],
      },
    ],
  ])('OpenAPI: %s', async ([, responseSchema]) => {
    const body = await generate(
      lite,
      under('Make one.', { responseMimeType: 'application/json', responseSchema }),
    );
    expect(compileSchema(lower(responseSchema)).check(JSON.parse(textOf(body)))).toEqual([]);
  });

  test.for<[string, JsonObject]>([
    [
      'references',
      {
        $defs: {
          leaf: { type: 'object', properties: { size: { type: 'integer', minimum: 3 } }, required: ['size'] },
        },
        type: 'object',
        properties: { leaves: { type: 'array', items: { $ref: '#/$defs/leaf' }, minItems: 2 } },
        required: ['leaves'],
        additionalProperties: false,
      },
    ],
    [
      'a schema that contains itself',
      {
        $defs: {
          node: {
            type: 'object',
            properties: {
              value: { type: 'string' },
              next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
            },
            required: ['value', 'next'],
          },
        },
        $ref: '#/$defs/node',
      },
    ],
    [
      'types in a list',
      { type: 'object', properties: { a: { type: ['null', 'integer'], minimum: 2 } }, required: ['a'] },
    ],
    [
      'const, allOf, oneOf',
      {
        allOf: [
          { type: 'object', properties: { a: { const: 5 } }, required: ['a'] },
          { properties: { b: { oneOf: [{ type: 'boolean' }, { type: 'string' }] } }, required: ['b'] },
        ],
      },
    ],
    [
      'fixed places of a list',
      {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'integer' }],
        minItems: 3,
        items: { type: 'boolean' },
      },
    ],
    [
      'exclusive bounds and steps',
      {
        type: 'object',
        properties: {
          a: { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 9, multipleOf: 5 },
          b: { type: 'number', exclusiveMaximum: 0 },
        },
        required: ['a', 'b'],
      },
    ],
    [
      'patterns',
      {
        type: 'object',
        properties: {
          zip: { type: 'string', pattern: '^[0-9]{5}(?:-\\d{4})?$' },
          code: { type: 'string', pattern: '^(?:red|blue)_[A-Z]+\\.v\\d$' },
        },
        required: ['zip', 'code'],
      },
    ],
    ['free names', { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 }],
  ])('JSON Schema: %s', async ([, responseJsonSchema]) => {
    const body = await generate(
      lite,
      under('Make one.', { responseMimeType: 'application/json', responseJsonSchema }),
    );
    expect(compileSchema(responseJsonSchema).check(JSON.parse(textOf(body)))).toEqual([]);
  });

  test('properties keep their order, enums are plain text, formats are respected', async () => {
    const ask = async (responseMimeType: string, responseSchema: JsonObject): Promise<string> =>
      textOf(await generate(lite, under('Make one.', { responseMimeType, responseSchema })));
    const ordered = {
      type: 'OBJECT',
      properties: { a: { type: 'STRING' }, b: { type: 'STRING', format: 'date-time' } },
      propertyOrdering: ['b', 'a'],
    };
    expect(await ask('application/json', ordered)).toBe('{"b":"2026-01-02T03:04:05Z","a":"a"}');
    expect(['red', 'blue']).toContain(await ask('text/x.enum', { type: 'STRING', enum: ['red', 'blue'] }));
    const plain = await generate(lite, under('Make one.', { responseMimeType: 'application/json' }));
    expect(JSON.parse(textOf(plain))).toEqual({ answer: expect.any(String) as string });
    const newer = {
      responseFormat: {
        text: {
          mimeType: 'application/json',
          schema: { type: 'object', properties: { a: { type: 'null' } } },
        },
      },
    };
    expect(textOf(await generate(lite, under('Make one.', newer)))).toBe('{"a":null}');
  });
});

describe('tools', () => {
  const declare = (name: string, properties: JsonObject = {}): JsonObject => ({
    name,
    description: `About ${name}.`,
    parameters: { type: 'OBJECT', properties },
  });
  const tools = [
    {
      functionDeclarations: [
        declare('getWeather', {
          city: { type: 'STRING' },
          days: { type: 'INTEGER', minimum: 1, maximum: 14 },
        }),
        declare('book_flight', { to: { type: 'STRING' } }),
      ],
    },
  ];
  const mode = (name: string, allowedFunctionNames: string[] = []): JsonObject => ({
    functionCallingConfig: { mode: name, allowedFunctionNames },
  });
  const callsOf = (body: JsonObject): (JsonObject | undefined)[] =>
    (reply(body).candidates[0]?.content?.parts ?? []).flatMap(({ functionCall }) =>
      functionCall ? [functionCall] : [],
    );
  const names = (body: JsonObject): unknown[] => callsOf(body).map((each) => each?.name);

  test.for<[string, string, JsonObject, string[]]>([
    ['AUTO calls the function of the prompt', 'How is the weather in Oslo?', {}, ['getWeather']],
    [
      'AUTO calls every named function',
      'Get weather, then book_flight to Rome.',
      {},
      ['getWeather', 'book_flight'],
    ],
    ['AUTO answers else', 'Tell of owls.', {}, []],
    ['NONE never calls', 'How is the weather in Oslo?', mode('NONE'), []],
    ['ANY always calls', 'Tell of owls.', mode('ANY'), ['getWeather']],
    ['ANY calls the nearest function', 'A flight to Rome, soon.', mode('ANY'), ['book_flight']],
    ['ANY calls an allowed function', 'How is the weather?', mode('ANY', ['book_flight']), ['book_flight']],
    ['VALIDATED may answer', 'Tell of owls.', mode('VALIDATED'), []],
  ])('%s', async ([, prompt, toolConfig, expected]) => {
    const body = await generate(lite, says(prompt, { tools, toolConfig }));
    expect(names(body)).toEqual(expected);
    expect(reply(body).candidates[0]?.finishReason).toBe('STOP');
    if (expected.length === 0) expect(textOf(body)).not.toBe('');
  });

  test('arguments are names and numbers of the prompt where they fit', async () => {
    const body = await generate(lite, says('What is the weather in New York for 20 or 5 days?', { tools }));
    expect(callsOf(body)).toEqual([{ name: 'getWeather', args: { city: 'New York', days: 5 } }]);
  });

  test('Gemini 3 gives calls ids, and signs the first', async () => {
    const parts = partsOf(await generate(newest, says('Get weather, then book_flight to Rome.', { tools })));
    expect(parts).toEqual([
      {
        functionCall: expect.objectContaining({
          id: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
        }) as object,
        thoughtSignature: expect.any(String) as string,
      },
      { functionCall: expect.objectContaining({ name: 'book_flight' }) as object },
    ]);
  });
});

describe('safety', () => {
  const setting = (threshold: string): JsonObject => ({
    safetySettings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold }],
  });
  test('ordinary answers have no ratings', async () => {
    expect(reply(await generate(lite, says('Tell of owls.'))).candidates[0]).not.toHaveProperty(
      'safetyRatings',
    );
  });
  test.for<[string, boolean]>([
    ['BLOCK_LOW_AND_ABOVE', true],
    ['BLOCK_MEDIUM_AND_ABOVE', true],
    ['BLOCK_ONLY_HIGH', false],
    ['BLOCK_NONE', false],
    ['OFF', false],
  ])('a dangerous prompt under %s is blocked: %s', async ([threshold, blocked]) => {
    const [candidate] = reply(
      await generate(lite, says('Describe a dangerous stunt.', setting(threshold))),
    ).candidates;
    expect(candidate?.finishReason).toBe(blocked ? 'SAFETY' : 'STOP');
    expect(candidate?.content === undefined).toBe(blocked);
    expect(
      candidate?.safetyRatings?.find(({ category }) => category === 'HARM_CATEGORY_DANGEROUS_CONTENT'),
    ).toEqual({
      category: 'HARM_CATEGORY_DANGEROUS_CONTENT',
      probability: 'MEDIUM',
      ...(blocked ? { blocked } : {}),
    });
  });
});

describe('equal requests get equal answers', () => {
  const texts = async (seed: number, model: string, body: JsonObject, count = 3): Promise<string[]> =>
    during({ seed }, async (emulator) => {
      const answers: string[] = [];
      for (let i = 0; i < count; i++)
        answers.push(textOf((await emulator.call(model, 'generateContent', body)).body));
      return answers;
    });

  test('the same seed gives the same answers, another seed others', async () => {
    const body = says('Tell a long story of owls.');
    expect(await texts(1, newest, body)).toEqual(await texts(1, newest, body));
    expect(await texts(1, newest, body)).not.toEqual(await texts(2, newest, body));
  });

  test.for<[string, JsonObject, boolean]>([
    ['gemini-3-flash-preview', {}, true],
    ['gemini-3-flash-preview', { temperature: 0 }, false],
    ['gemini-3-flash-preview', { seed: 3 }, false],
    [newest, {}, false],
    [newest, { temperature: 2 }, false],
  ])('equal requests to %s with %o give different texts: %s', async ([model, config, varies]) => {
    const answers = await texts(1, model, under('Tell a long story of owls.', config), 4);
    expect(new Set(answers).size > 1).toBe(varies);
    expect(await texts(1, model, under('Tell a long story of owls.', config), 4)).toEqual(answers);
  });

  test('other requests in between change nothing', async () => {
    const body = says('Tell a long story of owls.');
    const alone = await texts(5, 'gemini-3-flash-preview', body, 2);
    const mixed = await during({ seed: 5 }, async (emulator) => {
      const ask = async (sent: JsonObject): Promise<string> =>
        textOf((await emulator.call('gemini-3-flash-preview', 'generateContent', sent)).body);
      await ask(says('Something else.'));
      const one = await ask(body);
      await ask(says('Something else again.'));
      return [one, await ask(body)];
    });
    expect(mixed).toEqual(alone);
  });
});

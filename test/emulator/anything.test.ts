/** The emulator answers any request: never with a 500, never with silence, and in bounded memory. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageTable } from '../../src/emulator/message-table.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { serve, says, under } from './serve.ts';

const { ask, call } = await serve();
const methods = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
];
const models = [
  'gemini-3.8-flash',
  'gemini-2.5-flash-lite',
  'gemini-4-hydrogen',
  'gemini-nano-banana-2.1',
  'gemini-3.8-flash-tts',
  'gemini-embedding-001',
  'gemini-embedding-2',
];

/** Values that are shaped as the messages are, with something else here and there. */
const scalars = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    'STRING',
    'OBJECT',
    'ARRAY',
    'AUTO',
    'ANY',
    'user',
    'model',
    'application/json',
    'image/png',
    'aGk=',
    'getWeather',
    '1s',
  ),
);
function shaped(type: string, depth: number): fc.Arbitrary<unknown> {
  const list = /^\[(.*)\]$/.exec(type);
  if (list)
    return fc.oneof(
      { weight: 4, arbitrary: fc.array(shaped(list[1] ?? '', depth), { maxLength: 3 }) },
      { weight: 1, arbitrary: scalars },
    );
  const map = /^\{(.*)\}$/.exec(type);
  if (map)
    return fc.dictionary(fc.constantFrom('a', 'b', 'city'), shaped(map[1] ?? '', depth), { maxKeys: 2 });
  const fields = messageTable[type];
  if (fields === undefined || depth === 0)
    return type === 'Value' || type === 'Struct' ? fc.jsonValue({ maxDepth: 3 }) : scalars;
  const entries = [...fields.matchAll(/(\w+):([^\s()]+)/g)].map(
    ([, name = '', inner = '']) => [name, shaped(inner, depth - 1)] as const,
  );
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}
const bodies = fc.oneof(
  ...['GenerateContentRequest', 'CountTokensRequest', 'EmbedContentRequest', 'BatchEmbedContentsRequest'].map(
    (type) => shaped(type, 5),
  ),
);

test('answers requests of every shape', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...models),
      fc.constantFrom(...methods),
      bodies,
      async (model, method, body) => {
        const answer = await call(model, method, body);
        expect([200, 400, 403, 404], answer.text).toContain(answer.status);
        expect(JSON.parse(answer.text)).toBeTypeOf('object');
      },
    ),
    { numRuns: 300 },
  );
});

test('answers texts that are almost JSON', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', ',', '{', ']', "'", '"', '\\', '\u0000', 'é'),
      async (json, at, noise) => {
        const cut = at % (json.length + 1);
        const answer = await call(
          'gemini-2.5-flash-lite',
          'generateContent',
          json.slice(0, cut) + noise + json.slice(cut),
        );
        expect(answer.status, answer.text).toBe(400);
      },
    ),
    { numRuns: 200 },
  );
});

test('answers addresses of every kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
      for (const address of [
        `${path || '/'}?${query}`,
        `/v1beta${path}?${query}`,
        `/v1beta/models${path}:generateContent`,
      ]) {
        const answer = await ask(address, { method: 'POST', body: '{}' });
        expect([400, 404, 501], `${address} ${answer.text}`).toContain(answer.status);
      }
    }),
    { numRuns: 100 },
  );
});

test.for<[string, JsonObject]>([
  [
    'a schema of boundless lists',
    {
      type: 'ARRAY',
      minItems: '2000000000',
      items: { type: 'ARRAY', minItems: '2000000000', items: { type: 'STRING' } },
    },
  ],
  ['a boundless text', { type: 'STRING', minLength: '2000000000' }],
  ['a boundless pattern', { type: 'STRING', pattern: '^((a{99999}){99999}){99999}$' }],
  ['a pattern that backtracks without end', { type: 'STRING', pattern: '^(a+)+$' }],
])('%s', async ([, responseSchema]) => {
  const answer = await call(
    'gemini-2.5-flash-lite',
    'generateContent',
    under('Make one.', { responseMimeType: 'application/json', responseSchema }),
  );
  expect(answer.status).toBe(200);
});

test('answers deeply nested bodies', async () => {
  for (const body of ['{a:'.repeat(100_000), '['.repeat(100_000)])
    expect((await call('gemini-2.5-flash-lite', 'generateContent', body)).status).toBe(400);
  const deep = JSON.parse(`${'{"items":'.repeat(3000)}{}${'}'.repeat(3000)}`) as JsonObject;
  const answer = await call(
    'gemini-2.5-flash-lite',
    'generateContent',
    under('x', { responseMimeType: 'application/json', responseSchema: deep }),
  );
  expect([answer.status, answer.text.includes('Message too deep.')]).toEqual([400, true]);
  const free = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const args = `{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"responseMimeType":"application/json","responseJsonSchema":${free}}}`;
  expect([200, 400]).toContain((await call('gemini-2.5-flash-lite', 'generateContent', args)).status);
  expect((await call('gemini-2.5-flash-lite', 'generateContent', says('Hello.'))).status).toBe(200);
});

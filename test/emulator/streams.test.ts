/** Streams: their bytes and events. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { cutIntoEvents } from '../../src/emulator/stream.ts';
import { eventsOf, reply, says, scriptOf, serve, textOf, under } from './serve.ts';

const script = await scriptOf(`
replies:
  - { when: { prompt: in seven }, chunks: 7, reply: { text: One two three four five six seven eight nine ten. } }
  - { when: { prompt: recites }, reply: { text: It was the best of times., finishReason: RECITATION, citationMetadata: { citationSources: [ { startIndex: 0, endIndex: 25, uri: "https://example.com" } ] } } }
  - { when: { prompt: grounded }, reply: { text: It rained., groundingMetadata: { webSearchQueries: [ rain ] } } }
  - { when: { prompt: forbidden }, block: SAFETY }
  - { when: { prompt: stops short }, reply: { finishReason: SAFETY, safetyRatings: { HARM_CATEGORY_HARASSMENT: HIGH } } }
  - { when: { prompt: given events }, response: [ { candidates: [ { content: { parts: [ { text: a } ] } } ] }, { usageMetadata: { totalTokenCount: 3 } } ] }
`);
const { call } = await serve({ script });
const newest = 'gemini-3.8-flash';
const lite = 'gemini-2.5-flash-lite';
const sse = '?alt=sse';
const stream = async (model: string, body: JsonObject): Promise<JsonObject[]> =>
  eventsOf((await call(model, 'streamGenerateContent', body, sse)).text);
const finishes = (events: JsonObject[]): unknown[] =>
  events
    .flatMap((event) => (reply(event).candidates ?? []).map(({ finishReason }) => finishReason))
    .filter((each) => each !== undefined);

test('writes events as one line of JSON, separated by CRLFs, without name, id or end mark', async () => {
  const answer = await call(lite, 'streamGenerateContent', says('Tell of owls.'), sse);
  expect(answer.type).toBe('text/event-stream');
  const blocks = answer.text.split('\r\n\r\n');
  expect(blocks.pop()).toBe('');
  expect(blocks.length).toBe(3);
  for (const block of blocks) {
    expect(block).toMatch(/^data: \{"candidates": \[\{"content": \{"parts": \[\{"text": /);
    expect(block).not.toContain('\n');
  }
  expect(answer.text).not.toContain('[DONE]');
});

test('writes one pretty array without alt=sse', async () => {
  const answer = await call(lite, 'streamGenerateContent', says('Tell of owls.'));
  expect(answer.type).toBe('application/json; charset=UTF-8');
  expect(answer.text).toMatch(/^\[\{\n {2}"candidates"/);
  expect(answer.text.split('\n},\r\n{\n')).toHaveLength(3);
  expect(answer.text.endsWith('}]')).toBe(true);
  expect((JSON.parse(answer.text) as JsonObject[]).map((event) => textOf(event)).join('')).toContain('owls');
});

test('writes one element per line with prettyPrint=false', async () => {
  const answer = await call(lite, 'streamGenerateContent', says('Tell of owls.'), '?prettyPrint=false');
  expect(answer.text).toMatch(/^\[\{"candidates":\[/);
  expect(answer.text.split(',\r\n')).toHaveLength(3);
});

test('usage grows, finishReason comes last', async () => {
  const events = await stream(newest, under('Tell of owls.', { thinkingConfig: { includeThoughts: true } }));
  const whole = await call(
    newest,
    'generateContent',
    under('Tell of owls.', { thinkingConfig: { includeThoughts: true } }),
  );
  const usages = events.map((event) => reply(event).usageMetadata);
  expect(usages[0]).not.toHaveProperty('candidatesTokenCount');
  expect(usages[0]?.thoughtsTokenCount).toBeGreaterThan(0);
  for (const [index, usage] of usages.entries()) {
    expect(usage.promptTokenCount).toBe(4);
    expect(usage.totalTokenCount).toBe(
      4 + (usage.thoughtsTokenCount ?? 0) + (usage.candidatesTokenCount ?? 0),
    );
    expect(usage.totalTokenCount).toBeGreaterThanOrEqual(usages[index - 1]?.totalTokenCount ?? 0);
    expect(usage.candidatesTokensDetails === undefined).toBe(index < usages.length - 1);
  }
  expect(usages.at(-1)).toMatchObject(reply(whole.body).usageMetadata);
  expect(finishes(events)).toEqual(['STOP']);
  expect(reply(events[0] ?? {}).candidates[0]?.content?.parts?.[0]?.thought).toBe(true);
  expect(reply(events.at(-1) ?? {}).candidates[0]).toEqual({
    content: { parts: [{ text: '', thoughtSignature: expect.any(String) as string }], role: 'model' },
    finishReason: 'STOP',
    index: 0,
  });
  expect(new Set(events.map(({ responseId }) => responseId)).size).toBe(1);
});

describe('a stream gives the same reply as a whole answer', () => {
  test.for<[string, string, JsonObject]>([
    ['text', newest, says('Tell a long story of owls.')],
    ['text that varies', 'gemini-3-flash-preview', says('Tell a long story of owls.')],
    ['a cut text', lite, under('Tell of owls.', { maxOutputTokens: 9 })],
    ['nothing but thoughts', newest, under('Tell of owls.', { maxOutputTokens: 9 })],
    [
      'JSON',
      lite,
      under('Make one.', {
        responseMimeType: 'application/json',
        responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      }),
    ],
    [
      'a call',
      newest,
      says('What is the weather in Oslo?', {
        tools: [
          {
            functionDeclarations: [
              {
                name: 'getWeather',
                parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
              },
            ],
          },
        ],
      }),
    ],
    ['a rated text', lite, says('Describe a dangerous stunt.')],
    ['a script', lite, says('Count in seven.')],
    ['a blocked prompt', lite, says('This is forbidden.')],
    ['a blocked answer', lite, says('This stops short.')],
  ])('%s', async ([, model, body]) => {
    const whole = reply((await call(model, 'generateContent', body)).body);
    const events = await stream(model, body);
    const parts = events.flatMap((event) => reply(event).candidates?.[0]?.content?.parts ?? []);
    const textIn = (all: typeof parts): string => all.map(({ text }) => text ?? '').join('');
    const rest = (all: typeof parts): typeof parts => all.filter(({ text }) => text === undefined);
    const wholeParts = whole.candidates?.[0]?.content?.parts ?? [];
    expect(textIn(parts)).toBe(textIn(wholeParts));
    expect(rest(parts)).toEqual(rest(wholeParts));
    expect(finishes(events)).toEqual(whole.candidates?.map(({ finishReason }) => finishReason) ?? []);
    expect(reply(events.at(-1) ?? {}).candidates?.[0]?.safetyRatings).toEqual(
      whole.candidates?.[0]?.safetyRatings,
    );
    expect(reply(events.at(-1) ?? {}).usageMetadata).toMatchObject(whole.usageMetadata);
  });

  test('in any number of pieces', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 9 }),
        (candidates, chunks) => {
          const whole: JsonValue = {
            candidates: candidates.map((texts, index) => ({
              content: { parts: texts.map((each): JsonObject => ({ text: each })), role: 'model' },
              finishReason: 'STOP',
              index,
            })),
            usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 5, totalTokenCount: 7 },
          };
          const events = cutIntoEvents(whole, chunks) as JsonObject[];
          for (const [index, texts] of candidates.entries()) {
            const own = events.flatMap((event) =>
              reply(event).candidates.filter((each) => each.index === index),
            );
            expect(own.map(({ content }) => content?.parts?.[0]?.text).join('')).toBe(texts.join(''));
            expect(own.map(({ finishReason }) => finishReason).filter(Boolean)).toEqual(['STOP']);
            expect(own.at(-1)?.finishReason).toBe('STOP');
          }
          expect(events.at(-1)?.usageMetadata).toMatchObject({ totalTokenCount: 7 });
        },
      ),
    );
  });
});

test('a script sets the number of pieces', async () => {
  expect(await stream(lite, says('Count in seven.'))).toHaveLength(7);
});

test('recited text stays; the last event has no content', async () => {
  const events = await stream(lite, says('This recites.'));
  expect(events.map((event) => textOf(event)).join('')).toBe('It was the best of times.');
  expect(reply(events.at(-1) ?? {}).candidates[0]).toEqual({
    finishReason: 'RECITATION',
    index: 0,
    citationMetadata: expect.any(Object) as object,
  });
});

test('metadata comes with the last event', async () => {
  const events = await stream(lite, says('This is grounded.'));
  expect(events.map((event) => reply(event).candidates[0]?.groundingMetadata !== undefined)).toEqual([
    false,
    false,
    true,
  ]);
});

test('a blocked prompt is one event without candidates', async () => {
  expect(await stream(lite, says('This is forbidden.'))).toEqual([
    expect.objectContaining({
      promptFeedback: { blockReason: 'SAFETY', safetyRatings: expect.any(Array) as object[] },
    }),
  ]);
});

test('a list of responses is sent as events', async () => {
  expect(await stream(lite, says('These are given events.'))).toEqual([
    { candidates: [{ content: { parts: [{ text: 'a' }] } }] },
    { usageMetadata: { totalTokenCount: 3 } },
  ]);
});

test('an error before the first byte is an ordinary answer; without alt=sse it is in an array', async () => {
  const framed = await call('gemini-0.1-none', 'streamGenerateContent', says('Hello.'), sse);
  expect(framed).toMatchObject({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } });
  const array = await call('gemini-0.1-none', 'streamGenerateContent', says('Hello.'));
  expect(array.status).toBe(404);
  expect(JSON.parse(array.text)).toEqual([framed.body]);
});

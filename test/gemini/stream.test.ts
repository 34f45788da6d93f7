import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { createStreamReader, type StreamResult } from '../../src/gemini/stream.ts';

function read(
  text: string,
  cuts: readonly number[] = [],
  failure?: Parameters<ReturnType<typeof createStreamReader>['end']>[0],
): StreamResult {
  const bytes = Buffer.from(text);
  const reader = createStreamReader(() => 1);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  for (const [index, start] of [0, ...at].entries())
    reader.feed(bytes.subarray(start, at[index] ?? bytes.length));
  return reader.end(failure);
}

const event = (parts: unknown[] | undefined, more: JsonObject = {}, top: JsonObject = {}) => ({
  candidates: [{ ...(parts ? { content: { parts, role: 'model' } } : {}), index: 0, ...more }],
  ...top,
});
const hello = [
  event([{ text: 'Thinking…', thought: true }], {}, { usageMetadata: { promptTokenCount: 3 } }),
  event([{ text: 'Grüße, ' }]),
  event([]),
  event([{ text: '🎒!' }], { safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW' }] }),
  event([{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }]),
  event(
    [{ text: '' }],
    { finishReason: 'STOP' },
    { usageMetadata: { promptTokenCount: 3, totalTokenCount: 9 }, modelVersion: 'm' },
  ),
];
const whole = {
  candidates: [
    {
      content: {
        parts: [
          { text: 'Thinking…', thought: true },
          { text: 'Grüße, 🎒!' },
          { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' },
        ],
        role: 'model',
      },
      index: 0,
      safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW' }],
      finishReason: 'STOP',
    },
  ],
  usageMetadata: { promptTokenCount: 3, totalTokenCount: 9 },
  modelVersion: 'm',
};
const error = { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } };
const sse = (events: unknown[], end = '\r\n') =>
  events.map((e) => `data: ${JSON.stringify(e)}${end}${end}`).join('');
const array = (events: unknown[]) => `[${events.map((e) => JSON.stringify(e, null, 2)).join(',\r\n')}\n]\n`;

describe('a stream decodes to the unstreamed body', () => {
  const forms: [string, string][] = [
    ['CRLF', sse(hello)],
    ['LF', sse(hello, '\n')],
    ['CR', sse(hello, '\r')],
    ['without the last blank line', sse(hello).slice(0, -4)],
    ['with comments and [DONE]', `: ping\r\n\r\n${sse(hello)}: bye\r\n\r\ndata: [DONE]\r\n\r\n`],
    ['JSON array', array(hello)],
    ['compact JSON array', JSON.stringify(hello)],
    ['one JSON object', JSON.stringify(whole, null, 2)],
  ];
  test.for(forms)('%s, for any chunks', ([, text]) => {
    const once = read(text);
    expect(once.body).toEqual(whole);
    expect(once.incomplete ?? once.streamError ?? once.failure).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        expect(read(text, cuts).body).toEqual(once.body);
        expect(read(text, cuts).chunks).toBe(once.chunks);
      }),
      { numRuns: 60 },
    );
  });

  test('reads any text in any chunks, part by part', () => {
    const part = fc.record(
      { text: fc.string({ unit: 'grapheme', minLength: 1 }), thought: fc.constantFrom(true, undefined) },
      { requiredKeys: ['text'] },
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (parts, cuts) => {
          const plain = parts.map(({ text, thought }) => ({ text, ...(thought ? { thought } : {}) }));
          const { body } = read(
            sse([...plain.map((p) => event([p])), event(undefined, { finishReason: 'STOP' })]),
            cuts,
          );
          const merged = (body as typeof whole).candidates[0]?.content.parts as typeof plain;
          for (const thought of [true, undefined]) {
            const joined = (list: typeof plain) =>
              list
                .filter((p) => p.thought === thought)
                .map((p) => p.text)
                .join('');
            expect(joined(merged)).toBe(joined(plain));
          }
          expect(
            merged.every((p, i) => p.thought !== merged[i + 1]?.thought || i + 1 === merged.length),
          ).toBe(true);
        },
      ),
    );
  });

  test('candidates by index, grounding and citations accumulate', () => {
    const { body } = read(
      sse([
        {
          candidates: [
            { index: 1, content: { parts: [{ text: 'b' }] } },
            { content: { parts: [{ text: 'x' }] }, index: 0 },
          ],
        },
        {
          candidates: [
            {
              groundingMetadata: { groundingChunks: [{ web: { uri: '1' } }], webSearchQueries: ['q'] },
              citationMetadata: { citationSources: [{ uri: 'c' }] },
            },
          ],
        },
        {
          candidates: [
            {
              groundingMetadata: { groundingChunks: [{ web: { uri: '2' } }], webSearchQueries: ['q', 'r'] },
              citationMetadata: { citationSources: [{ uri: 'c' }, { uri: 'd' }] },
              finishReason: 'STOP',
            },
            {
              index: 1,
              content: { parts: [{ text: 'c', thoughtSignature: 's' }] },
              finishReason: 'MAX_TOKENS',
            },
          ],
        },
      ]),
    );
    expect(body).toEqual({
      candidates: [
        {
          index: 0,
          content: { parts: [{ text: 'x' }] },
          groundingMetadata: {
            groundingChunks: [{ web: { uri: '1' } }, { web: { uri: '2' } }],
            webSearchQueries: ['q', 'r'],
          },
          citationMetadata: { citationSources: [{ uri: 'c' }, { uri: 'd' }] },
          finishReason: 'STOP',
        },
        {
          index: 1,
          content: { parts: [{ text: 'b' }, { text: 'c', thoughtSignature: 's' }] },
          finishReason: 'MAX_TOKENS',
        },
      ],
    });
  });
});

const ended = (finishReason: unknown, more: JsonObject = {}) =>
  event(undefined, { finishReason, ...more } as JsonObject);
const said = event([{ text: 'Hi' }]);
const counted = { promptTokenCount: 100, thoughtsTokenCount: 30, totalTokenCount: 130 };

describe('a later event', () => {
  test.for<[string, unknown[], JsonObject]>([
    ['SAFETY, then STOP', [said, ended('SAFETY'), ended('STOP')], { finishReason: 'SAFETY' }],
    ['STOP, then SAFETY', [said, ended('STOP'), ended('SAFETY')], { finishReason: 'SAFETY' }],
    [
      'OTHER, then STOP',
      [said, ended('OTHER', { finishMessage: 'why' }), ended('STOP')],
      { finishReason: 'OTHER', finishMessage: 'why' },
    ],
    [
      'STOP, then MALFORMED_FUNCTION_CALL',
      [
        said,
        ended('STOP', { finishMessage: 'fine' }),
        ended('MALFORMED_FUNCTION_CALL', { finishMessage: 'call:f{' }),
      ],
      { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'call:f{' },
    ],
    ['3 (SAFETY), then STOP', [said, ended(3), ended('STOP')], { finishReason: 3 }],
    [
      'a name of Object’s, then STOP',
      [said, ended('constructor'), ended('STOP')],
      { finishReason: 'constructor' },
    ],
    ['STOP, then null', [said, ended('STOP'), ended(null)], { finishReason: 'STOP' }],
    [
      'the default of the enum, then STOP',
      [said, ended('FINISH_REASON_UNSPECIFIED'), ended(0), ended('STOP')],
      { finishReason: 'STOP' },
    ],
    ['CONTINUATION, then STOP', [said, ended('CONTINUATION'), ended('STOP')], { finishReason: 'STOP' }],
    [
      'STOP, then CONTINUATION',
      [said, ended('STOP'), ended('CONTINUATION')],
      { finishReason: 'CONTINUATION' },
    ],
    ['content, then null', [said, ended('STOP', { content: null })], { finishReason: 'STOP' }],
    [
      'a rating, then a lower one of the category',
      [
        event([{ text: 'Hi' }], { safetyRatings: [{ category: 'A', probability: 'HIGH' }] }),
        ended('STOP', {
          safetyRatings: [
            { category: 'A', probability: 'LOW' },
            { category: 'A', probability: 'HIGH' },
          ],
        }),
      ],
      {
        finishReason: 'STOP',
        safetyRatings: [
          { category: 'A', probability: 'HIGH' },
          { category: 'A', probability: 'LOW' },
        ],
      },
    ],
  ])('%s', ([, events, end]) => {
    const { body, incomplete } = read(sse(events));
    expect(incomplete).toBeUndefined();
    expect(body).toEqual({
      candidates: [{ index: 0, content: { parts: [{ text: 'Hi' }], role: 'model' }, ...end }],
    });
  });

  test.for<[string, unknown, JsonObject]>([
    ['nothing', undefined, counted],
    ['null', null, counted],
    ['an empty map', {}, counted],
    ['a list', [], counted],
    ['a tier alone', { serviceTier: 'standard' }, { ...counted, serviceTier: 'standard' }],
    [
      'other counts',
      { promptTokenCount: 101, candidatesTokenCount: 20, thoughtsTokenCount: null },
      { ...counted, promptTokenCount: 101, candidatesTokenCount: 20 },
    ],
    ['a name of Object’s', { constructor: 1 }, { ...counted, constructor: 1 }],
  ])('usage, then %s', ([, later, usageMetadata]) => {
    const { body } = read(
      sse([
        event([{ text: 'Hi' }], {}, { usageMetadata: counted, modelVersion: 'm' }),
        event(undefined, { finishReason: 'STOP' }, {
          usageMetadata: later,
          modelVersion: null,
        } as JsonObject),
      ]),
    );
    expect(body).toMatchObject({ modelVersion: 'm' });
    expect((body as JsonObject).usageMetadata).toEqual(usageMetadata);
  });

  test('a block stays, whatever later events say about the prompt', () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY' } };
    expect(
      read(sse([blocked, { promptFeedback: {} }, { promptFeedback: { safetyRatings: [] } }])).body,
    ).toEqual({
      promptFeedback: { blockReason: 'SAFETY', safetyRatings: [] },
    });
  });
});

describe('a stream that fails', () => {
  const start = sse(hello.slice(0, 2));
  const cut = { kind: 'cut', message: 'gone' } as const;
  test.for<[string, string, typeof cut | undefined, Partial<StreamResult>]>([
    ['raw error', start + JSON.stringify(error, null, 2), undefined, { body: error, streamError: true }],
    [
      'raw error, then a broken connection',
      start + JSON.stringify(error, null, 2),
      cut,
      { body: error, streamError: true },
    ],
    [
      'raw error on one line',
      `${start}${JSON.stringify(error)}\r\n`,
      undefined,
      { body: error, streamError: true },
    ],
    ['error event', start + sse([error]) + sse(hello), undefined, { body: error, streamError: true }],
    [
      'error in an array',
      array([...hello.slice(0, 2), error]),
      undefined,
      { body: error, streamError: true },
    ],
    ...(['nope', 503, ['nope'], true, '', 0, {}] as const).map(
      (value): [string, string, undefined, Partial<StreamResult>] => [
        `an error beside candidates: ${JSON.stringify(value)}`,
        sse([...hello, { ...hello[0], error: value }]),
        undefined,
        { body: expect.objectContaining({ error: value }), streamError: true },
      ],
    ),
    ...(
      [
        [JSON.stringify(error), error],
        [JSON.stringify(error.error), error],
        [JSON.stringify([error]), error],
        ['overloaded', { error: 'overloaded' }],
        ['"overloaded"', { error: 'overloaded' }],
        ['null', { error: 'null' }],
      ] as const
    ).map(([data, body]): [string, string, undefined, Partial<StreamResult>] => [
      `an event named error after STOP: ${data}`,
      `${sse(hello)}event: error\r\ndata: ${data}\r\n\r\n`,
      undefined,
      { body, streamError: true },
    ]),
    ['no error, said so', sse(hello.map((each) => ({ ...each, error: null }))), undefined, { chunks: 6 }],
    ['no finishReason', start, undefined, { incomplete: true }],
    ['nothing', '', undefined, { incomplete: true, chunks: 0 }],
    ['cut', start, cut, { failure: cut, chunks: 2 }],
    ['cut within the last event', sse(hello).slice(0, -30), cut, { failure: cut }],
    [
      'a page',
      '<html>\n<p>Sign in: now</p>',
      undefined,
      { failure: expect.objectContaining({ kind: 'malformed' }), text: '<html>\n<p>Sign in: now</p>' },
    ],
    [
      'an event that is not JSON',
      `${start}data: {"candi\r\n\r\n`,
      undefined,
      { failure: expect.objectContaining({ kind: 'malformed' }) },
    ],
  ])('%s', ([, text, failure, expected]) => {
    expect(read(text, [], failure)).toMatchObject(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        expect(read(text, cuts, failure)).toMatchObject(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('a blocked prompt is complete', () => {
    const body = { promptFeedback: { blockReason: 'SAFETY' } };
    expect(read(sse([body]))).toEqual({ body, chunks: 1 });
  });
});

/** Laws of streams: however the bytes come, the reply is the same; wherever they end, less is never taken for all. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReply } from '../../src/gemini/decode.ts';
import { classify } from '../../src/gemini/errors.ts';
import type { Exchange, TransportFailure } from '../../src/gemini/request.ts';
import { createStreamReader } from '../../src/gemini/stream.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { says, scriptOf, serve, under } from '../emulator/serve.ts';

/** What the client makes of bytes that come in these pieces. */
function receive(pieces: Iterable<Uint8Array>, wanted = 1, failure?: TransportFailure): Exchange {
  const reader = createStreamReader(() => 1, wanted);
  for (const piece of pieces) {
    reader.feed(piece);
    if (reader.failed()) break;
  }
  return { status: 200, ...reader.end(failure), totalMs: 1 };
}

function* cutAt(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  let start = 0;
  for (const end of [...places, bytes.length]) yield bytes.subarray(start, (start = end));
}

const single = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]));

/** Parts as models send them, with characters of one to four bytes and those made of several. */
const text = fc.string({
  unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\r', 'é', '漢', '🎒', 'e\u0301', '\u2028', '\0'),
});
const part: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ text }) },
  fc.record({ text, thought: fc.constant(true) }),
  fc.record({ text: fc.constant(''), thoughtSignature: fc.constantFrom('c2ln', 'b3RoZXI=') }),
  fc.record({ functionCall: fc.record({ name: fc.constant('f'), args: fc.record({ a: text }) }) }),
  fc.constant({ inlineData: { mimeType: 'image/png', data: 'AAAA' } }),
);
/** Ends as candidates have them, the worst first; some stand in several events of one candidate. */
const reasons = ['SAFETY', 'RECITATION', 'MAX_TOKENS', 'BRAND_NEW', 'STOP'];
const early = fc.constantFrom<JsonValue>(...reasons, 2, null);
const candidateEvents = (index: number, ends: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject[]> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.array(part, { maxLength: 2 }), fc.option(ends, { nil: undefined })), {
        maxLength: 4,
      }),
      fc.boolean(),
      fc.constantFrom(...reasons),
    )
    .map(([lists, bare, last]) => [
      ...lists.map(([parts, finishReason]) => ({
        index,
        content: { ...(parts.length > 0 ? { parts } : {}), role: 'model' },
        ...(finishReason === undefined ? {} : { finishReason }),
      })),
      { index, ...(bare ? {} : { content: { role: 'model' } }), finishReason: last },
    ]);
/** What events say of usage: all, some, or nothing in any of its forms. */
const usage = fc.oneof(
  fc.record(
    { promptTokenCount: fc.nat(99), candidatesTokenCount: fc.nat(99), thoughtsTokenCount: fc.constant(null) },
    { requiredKeys: [] },
  ),
  fc.constantFrom<JsonValue>(null, {}, { serviceTier: 'flex' }),
);
const streamsOf = (ends: fc.Arbitrary<JsonValue>): fc.Arbitrary<{ events: JsonObject[]; wanted: number }> =>
  fc
    .tuple(
      candidateEvents(0, ends),
      fc.option(candidateEvents(1, ends), { nil: [] }),
      fc.boolean(),
      fc.array(usage, { minLength: 1, maxLength: 4 }),
    )
    .map(([first, second, late, usages]) => {
      const candidates = late ? [...first, ...second] : [...second, ...first];
      const events = candidates.map((candidate, count) => ({
        candidates: [candidate],
        usageMetadata: usages[count % usages.length] ?? null,
        modelVersion: 'm',
      }));
      return { events, wanted: second.length > 0 ? 2 : 1 };
    });
/** Streams whose candidates end once, as the service sends them. */
const streams = streamsOf(fc.constant(null));
/** Streams in which an end may be followed by another. */
const oddStreams = streamsOf(early);

/** The forms a stream may have on its way: the service's own, and what proxies make of it. */
const forms: Record<string, (events: readonly JsonValue[]) => string> = {
  'CRLF, as the service sends': (events) =>
    events.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join(''),
  LF: (events) => events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(''),
  CR: (events) => events.map((each) => `data: ${JSON.stringify(each)}\r\r`).join(''),
  'no space after the colon': (events) => events.map((each) => `data:${JSON.stringify(each)}\n\n`).join(''),
  'comments, names, ids and an end mark': (events) =>
    `: hello\r\n\r\n${events.map((each, id) => `event: message\r\nid: ${id}\r\n: 漢\r\ndata: ${JSON.stringify(each)}\r\n\r\n`).join(': ping\n\n')}data: [DONE]\n\n`,
  'JSON over several data lines': (events) =>
    events.map((each) => `data: ${JSON.stringify(each, null, 1).split('\n').join('\ndata: ')}\n\n`).join(''),
  'an array, pretty': (events) => `[${events.map((each) => JSON.stringify(each, null, 2)).join(',\r\n')}]`,
  'an array, one line': (events) => `${JSON.stringify(events)}\n`,
};

describe('any chunks of a stream give the same reply', () => {
  test.for(Object.entries(forms))('%s', ([, write]) => {
    fc.assert(
      fc.property(oddStreams, fc.array(fc.nat(), { maxLength: 30 }), ({ events, wanted }, cuts) => {
        const expected = receive([Buffer.from(JSON.stringify(events))], wanted);
        expect(classify(expected)).toEqual({ kind: 'ok' });
        const bytes = Buffer.from(write(events));
        for (const pieces of [[bytes], cutAt(bytes, cuts), single(bytes)]) {
          const exchange = receive(pieces, wanted);
          expect(exchange.body).toEqual(expected.body);
          expect(exchange.chunks).toBe(events.length);
          const { latency: _a, ...reply } = decodeReply('streamGenerateContent', exchange);
          const { latency: _b, ...whole } = decodeReply('streamGenerateContent', expected);
          expect(reply).toEqual(whole);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('later events never undo earlier ones', () => {
  test('a candidate has the worst finishReason of all events', () => {
    fc.assert(
      fc.property(candidateEvents(0, early), (candidates) => {
        const events = candidates.map((candidate) => ({ candidates: [candidate] }));
        const { body } = receive([Buffer.from(JSON.stringify(events))]);
        const given = new Set(
          candidates.map(({ finishReason }) => (finishReason === 2 ? 'MAX_TOKENS' : finishReason)),
        );
        const {
          candidates: [read],
        } = decodeReply('streamGenerateContent', { status: 200, body: body ?? null, totalMs: 1 });
        expect(read?.finishReason).toBe(reasons.find((each) => given.has(each)));
      }),
    );
  });

  test('a count is the last one given', () => {
    fc.assert(
      fc.property(oddStreams, ({ events, wanted }) => {
        const { body } = receive([Buffer.from(JSON.stringify(events))], wanted);
        const counts = (body as JsonObject).usageMetadata;
        for (const name of ['promptTokenCount', 'candidatesTokenCount', 'serviceTier']) {
          const given = events.flatMap(({ usageMetadata }) =>
            isObject(usageMetadata) && Object.hasOwn(usageMetadata, name) ? [usageMetadata[name]] : [],
          );
          expect(isObject(counts) ? counts[name] : undefined).toBe(given.at(-1));
        }
      }),
    );
  });

  test('empty events change nothing', () => {
    const nothing = fc.constantFrom<JsonObject>(
      {},
      { candidates: [] },
      { candidates: [{ index: 0 }], usageMetadata: null },
      { candidates: [{ index: 0, finishReason: null, finishMessage: null, safetyRatings: [] }] },
      { usageMetadata: {}, promptFeedback: {}, modelVersion: null },
    );
    fc.assert(
      fc.property(oddStreams, fc.array(nothing), ({ events, wanted }, silent) => {
        const read = (list: JsonObject[]): unknown => {
          const exchange = receive([Buffer.from(JSON.stringify(list))], wanted);
          const {
            latency: _,
            raw: _raw,
            chunks: _chunks,
            ...reply
          } = decodeReply('streamGenerateContent', exchange);
          return reply;
        };
        expect(read([...events, ...silent])).toEqual(read(events));
      }),
    );
  });
});

const gone: TransportFailure = { kind: 'cut', message: 'the connection ended within the response' };
const answer = ({ body }: Exchange): unknown => (isObject(body) ? body.candidates : undefined);

const unusable = (exchange: Exchange): boolean =>
  classify(exchange).kind === 'transient' &&
  ['malformed', 'apiError'].includes(decodeReply('streamGenerateContent', exchange).outcome);

/** Ends a stream at every byte, politely and not: what is left is all of the answer, or something to try again. */
function cutEverywhere(bytes: Buffer, wanted = 1): void {
  const whole = receive([bytes], wanted);
  const [dropped, shorter]: [number[], number[]] = [[], []];
  let taken = 0;
  for (let end = 0; end < bytes.length; end++) {
    const start = [bytes.subarray(0, end)];
    if (!unusable(receive(start, wanted, gone))) dropped.push(end);
    const ended = receive(start, wanted);
    if (unusable(ended)) continue;
    if (JSON.stringify(answer(ended)) === JSON.stringify(answer(whole))) taken++;
    else shorter.push(end);
  }
  expect({ dropped, shorter }).toEqual({ dropped: [], shorter: [] });
  // What may be missing is white space, comments and end marks, and little of it.
  expect(taken).toBeLessThan(32);
}

describe('a truncated stream is malformed or retried, never a shorter answer', () => {
  test.for(Object.entries(forms))('%s', ([form, write]) => {
    fc.assert(
      fc.property(streams, ({ events, wanted }) => cutEverywhere(Buffer.from(write(events)), wanted)),
      // Every line of a pretty array costs the reader an error of its parser's.
      { numRuns: form.includes('pretty') ? 2 : 12 },
    );
  });
});

describe('streams of the emulator', async () => {
  const script = await scriptOf(`
replies:
  - { when: { prompt: grounded }, reply: { text: "Grüße, 🎒!", groundingMetadata: { groundingChunks: [ { web: { uri: u } } ] } } }
  - { when: { prompt: recites }, reply: { text: It was the best of times., finishReason: RECITATION } }
  - { when: { prompt: stops short }, reply: { finishReason: SAFETY } }
`);
  const { call } = await serve({ script });
  const lite = 'gemini-2.5-flash-lite';
  const newest = 'gemini-3.8-flash';
  const tools = [
    {
      functionDeclarations: [
        { name: 'getWeather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } },
      ],
    },
  ];
  const calls: [string, string, JsonObject][] = [
    ['text', lite, says('Tell of owls.')],
    [
      'thoughts and a signed text',
      newest,
      under('Tell of owls.', { thinkingConfig: { includeThoughts: true } }),
    ],
    ['several candidates', lite, under('Tell of owls.', { candidateCount: 2, maxOutputTokens: 20 })],
    ['nothing but thoughts', newest, under('Tell of owls.', { maxOutputTokens: 5 })],
    ['a call', newest, says('What is the weather in Oslo?', { tools })],
    ['grounding', lite, says('This is grounded.')],
    ['a recitation', lite, says('This recites.')],
    ['a blocked answer', lite, says('This stops short.')],
  ];
  test.for(
    calls.flatMap((each) => [[...each, '?alt=sse'] as const, [...each, '?prettyPrint=false'] as const]),
  )('%s of %s (%o %s)', async ([, model, body, query]) => {
    const streamed = await call(model, 'streamGenerateContent', body, query);
    const bytes = Buffer.from(streamed.text);
    const { candidateCount = 1 } = (body.generationConfig ?? {}) as { candidateCount?: number };
    const exchange = receive([bytes], candidateCount);
    expect(classify(exchange)).toEqual({ kind: 'ok' });
    expect(receive(single(bytes), candidateCount)).toEqual(exchange);
    cutEverywhere(bytes, candidateCount);
  });
});

test('an error in a stream is an error in any chunks, and a truncated one is retried', () => {
  const event = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, index: 0 }] };
  const error = { error: { code: 503, message: 'busy 漢', status: 'UNAVAILABLE' } };
  const start = `data: ${JSON.stringify(event)}\r\n\r\n`;
  for (const end of [JSON.stringify(error, null, 2), `data: ${JSON.stringify(error)}\r\n\r\n`]) {
    const bytes = Buffer.from(start + end);
    for (const pieces of [[bytes], single(bytes)]) {
      const exchange = receive(pieces);
      expect(exchange).toMatchObject({ streamError: true, body: error });
      expect(decodeReply('streamGenerateContent', exchange).outcome).toBe('apiError');
    }
    for (let cut = 0; cut < bytes.length; cut++)
      for (const failure of [undefined, gone])
        expect(classify(receive([bytes.subarray(0, cut)], 1, failure)).kind).toBe('transient');
  }
});

test('a stream is complete once every requested candidate has finished', () => {
  const event = (index: number, more: JsonObject = {}): JsonObject => ({
    candidates: [{ index, content: { parts: [{ text: 'a' }] }, ...more }],
  });
  const stop = { finishReason: 'STOP' };
  const ended = (events: JsonObject[], wanted: number): unknown => {
    const exchange = receive([Buffer.from(JSON.stringify(events))], wanted);
    const { outcome, problem } = decodeReply('streamGenerateContent', exchange);
    return [classify(exchange).kind, outcome, problem];
  };
  const short = 'the stream ended before every candidate had finished';
  expect(ended([event(0, stop), event(1)], 2)).toEqual(['transient', 'malformed', short]);
  expect(ended([event(0, stop)], 2)).toEqual(['transient', 'malformed', short]);
  expect(ended([event(0)], 1)).toEqual(['transient', 'malformed', 'the stream ended without a finishReason']);
  expect(ended([event(1, stop), event(0, stop)], 2)).toEqual(['ok', 'answered', undefined]);
  const blocked = { promptFeedback: { blockReason: 'SAFETY' } };
  expect(ended([blocked], 2)).toEqual(['ok', 'promptBlocked', undefined]);
});

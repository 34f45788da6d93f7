/** Picture, speech and computer-use models. */
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { during, eventsOf, reply, says, scriptOf, serve, textOf, under } from './serve.ts';

const { call } = await serve();

const modalities = (...responseModalities: string[]): JsonObject => ({ responseModalities });
const generate = async (model: string, body: JsonObject): Promise<JsonObject> => {
  const answer = await call(model, 'generateContent', body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};

function mediaOf(body: JsonObject): { mimeType: string; bytes: Buffer } {
  const parts = (reply(body).candidates[0]?.content?.parts ?? []) as JsonObject[];
  const found = parts.find(({ inlineData }) => inlineData)?.inlineData ?? {};
  const { mimeType = '', data = '' } = found as { mimeType?: string; data?: string };
  return { mimeType, bytes: Buffer.from(data, 'base64') };
}

/** The chunks of a PNG; throws where a length or a check sum is wrong. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]));
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.subarray(0, 4).toString('latin1'), body.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

describe('a picture model', () => {
  test.for([
    'gemini-2.5-flash-image',
    'gemini-3-pro-image',
    'gemini-3.1-flash-lite-image',
    'gemini-nano-banana-2.1',
  ])('%s answers with a PNG that can be read', async (model) => {
    const { mimeType, bytes } = mediaOf(await generate(model, says('Draw a lamp.')));
    expect(mimeType).toBe('image/png');
    const chunks = chunksOf(bytes);
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))).toHaveLength(64 * 9);
    expect(bytes.length).toBeLessThan(1000);
  });

  test('the picture depends only on the request', async () => {
    const model = 'gemini-2.5-flash-image';
    const draw = async (text: string): Promise<string> =>
      mediaOf(await generate(model, under(text, { temperature: 0 }))).bytes.toString('base64');
    expect(await draw('Draw a lamp.')).toBe(await draw('Draw a lamp.'));
    expect(await draw('Draw a lamp.')).not.toBe(await draw('Draw a boat.'));
  });

  test('there is a text beside it, unless only pictures are requested', async () => {
    const model = 'gemini-3.1-flash-lite-image';
    const partsOf = async (config: JsonObject): Promise<string[]> => {
      const body = await generate(model, under('Draw a lamp.', config));
      return (reply(body).candidates[0]?.content?.parts ?? []).map((part) => Object.keys(part)[0] ?? '');
    };
    expect(await partsOf({})).toEqual(['text', 'inlineData']);
    expect(await partsOf(modalities('IMAGE', 'TEXT'))).toEqual(['text', 'inlineData']);
    expect(await partsOf(modalities('IMAGE'))).toEqual(['inlineData']);
  });

  test('its tokens are counted by modality, in the last event of a stream only', async () => {
    const body = under('Draw a lamp.', modalities('IMAGE'));
    const { usageMetadata } = reply(await generate('gemini-2.5-flash-image', body));
    expect(usageMetadata).toMatchObject({
      candidatesTokenCount: 1290,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
    });
    const answer = await call(
      'gemini-2.5-flash-image',
      'streamGenerateContent',
      says('Draw a lamp.'),
      '?alt=sse',
    );
    const events = eventsOf(answer.text).map(reply);
    expect(events.length).toBeGreaterThan(1);
    expect(events.slice(0, -1).some(({ usageMetadata: usage }) => 'candidatesTokensDetails' in usage)).toBe(
      false,
    );
    expect(events.at(-1)?.usageMetadata.candidatesTokensDetails).toEqual([
      { modality: 'TEXT', tokenCount: expect.any(Number) as number },
      { modality: 'IMAGE', tokenCount: 1290 },
    ]);
  });

  test('a limit below a picture leaves it out', async () => {
    const body = await generate(
      'gemini-2.5-flash-image',
      under('Draw a lamp.', { ...modalities('IMAGE'), maxOutputTokens: 1289 }),
    );
    expect(reply(body).candidates[0]).toMatchObject({
      content: { role: 'model' },
      finishReason: 'MAX_TOKENS',
    });
    expect(reply(body).usageMetadata).not.toHaveProperty('candidatesTokenCount');
  });

  test('a dangerous prompt is blocked before anything is drawn', async () => {
    const body = await generate('gemini-2.5-flash-image', {
      ...says('Draw a dangerous weapon.'),
      safetySettings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'BLOCK_LOW_AND_ABOVE' }],
    });
    expect(reply(body).candidates[0]).toMatchObject({ finishReason: 'SAFETY' });
    expect(reply(body).candidates[0]).not.toHaveProperty('content');
  });
});

describe('a speech model', () => {
  const speak = (text: string, config: JsonObject = {}): JsonObject =>
    under(text, {
      ...modalities('AUDIO'),
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      ...config,
    });

  test.for(['gemini-3.8-flash-tts', 'gemini-3.8-flash-lite-tts'])('%s answers with PCM', async (model) => {
    const body = await generate(model, speak('The lamp is lit again tonight.'));
    const { mimeType, bytes } = mediaOf(body);
    expect(mimeType).toBe('audio/L16;codec=pcm;rate=24000');
    const tokens = reply(body).usageMetadata.candidatesTokenCount ?? 0;
    // 16 bits a sample, 24,000 a second, 25 tokens a second.
    expect(bytes).toHaveLength(tokens * 1920);
    expect(reply(body).usageMetadata.candidatesTokensDetails).toEqual([
      { modality: 'AUDIO', tokenCount: tokens },
    ]);
    expect(textOf(body)).toBe('');
    expect(reply(body).candidates[0]?.finishReason).toBe('STOP');
  });

  test('a limit cuts the sound', async () => {
    const body = await generate(
      'gemini-3.8-flash-tts',
      speak('One lamp, two boats, three owls.', { maxOutputTokens: 2 }),
    );
    expect(mediaOf(body).bytes).toHaveLength(2 * 1920);
    expect(reply(body).candidates[0]?.finishReason).toBe('MAX_TOKENS');
  });
});

describe('a computer-use model', () => {
  const screen = (text: string, more: JsonObject = {}): JsonObject =>
    says(text, { tools: [{ computerUse: { environment: 'ENVIRONMENT_BROWSER', ...more } }] });
  const callsOf = (body: JsonObject): JsonObject[] =>
    (reply(body).candidates[0]?.content?.parts ?? []).flatMap(({ functionCall }) =>
      functionCall ? [functionCall] : [],
    );
  const own = 'gemini-2.5-computer-use-preview-10-2025';

  test.for<[string, string, JsonObject, JsonObject[]]>([
    ['opens a browser', own, screen('Find the tides.'), [{ name: 'open_web_browser', args: {} }]],
    [
      'opens the named page',
      own,
      screen('Read https://example.com/tides and report.'),
      [{ name: 'navigate', args: { url: 'https://example.com/tides' } }],
    ],
    [
      'leaves out excluded functions',
      own,
      screen('Go.', { excludedPredefinedFunctions: ['open_web_browser'] }),
      [],
    ],
    [
      'does so where the tool is given to another model',
      'gemini-3.8-flash',
      screen('Read https://example.com/tides'),
      [{ id: expect.any(String) as string, name: 'navigate', args: { url: 'https://example.com/tides' } }],
    ],
    [
      'answers in text where another model has no page to open',
      'gemini-3.8-flash',
      screen('Find the tides.'),
      [],
    ],
  ])('%s: %s', async ([, model, body, calls]) => {
    expect(callsOf(await generate(model, body))).toEqual(calls);
  });

  test('goes on after the computer has answered', async () => {
    const request = screen('Find the tides.');
    const first = reply(await generate(own, request)).candidates[0]?.content ?? {};
    const response = { url: 'about:blank' };
    const body = await generate(own, {
      ...request,
      contents: [
        ...(request.contents as JsonObject[]),
        first,
        { role: 'user', parts: [{ functionResponse: { name: 'open_web_browser', response } }] },
      ],
    });
    expect(textOf(body)).toBe('According to open_web_browser: url about:blank.');
  });
});

test('Gemini 4 reads office documents', async () => {
  const mimeType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const body = await generate('gemini-4-argon', {
    contents: [{ parts: [{ text: 'Summarise.' }, { inlineData: { mimeType, data: 'UEsDBA==' } }] }],
  });
  const details = reply(body).usageMetadata as unknown as { promptTokensDetails: JsonObject[] };
  expect(details.promptTokensDetails).toContainEqual({ modality: 'DOCUMENT', tokenCount: 258 });
});

describe('a script', () => {
  const lamp = 'iVBORw0KGgo=';
  const whole = `
replies:
  - when: { prompt: { contains: lamp } }
    response: { candidates: [ { content: { role: model, parts: [ { inlineData: { mimeType: image/png, data: "${lamp}" } } ] }, finishReason: STOP, index: 0 } ] }
`;
  const request = under('Draw a lamp.', modalities('TEXT', 'IMAGE'));

  test.for<[string, string, JsonObject | string]>([
    ['a text model with a request for pictures', 'gemini-3.8-flash', request],
    ['an unknown model', 'gemini-99-painter', request],
    ['a model that was shut down', 'gemini-2.0-flash', request],
    ['an invalid model name', 'Gemini%203', request],
    ['a parameter that the model rejects', 'gemini-3.8-flash', under('Draw a lamp.', { candidateCount: 2 })],
    ['an unknown field', 'gemini-3.8-flash', says('Draw a lamp.', { colour: 'red' })],
    [
      'turns that the service rejects',
      'gemini-3.8-flash',
      {
        contents: [
          { role: 'model', parts: [{ functionCall: { name: 'a' } }] },
          { role: 'user', parts: [{ text: 'Draw a lamp.' }] },
        ],
      },
    ],
  ])('gives a whole response to %s', async ([, model, body]) => {
    await during({ script: await scriptOf(whole) }, async (emulator) => {
      const answer = await emulator.call(model, 'generateContent', body);
      expect(answer.status, answer.text).toBe(200);
      expect(mediaOf(answer.body).bytes.toString('base64')).toBe(lamp);
      const streamed = await emulator.call(model, 'streamGenerateContent', body, '?alt=sse');
      expect(mediaOf(eventsOf(streamed.text)[0] ?? {}).bytes.toString('base64')).toBe(lamp);
      const keyless = await emulator.ask(`/v1beta/models/${model}:generateContent`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'x-goog-api-key': 'invalid' },
      });
      expect(keyless.status).toBe(400);
    });
  });

  test('gives pictures as parts of a reply, and counts their tokens', async () => {
    const script = await scriptOf(
      `replies: [ { reply: { parts: [ { text: A lamp. }, { inlineData: { mimeType: image/png, data: "${lamp}" } } ] } } ]`,
    );
    await during({ script }, async (emulator) => {
      const { body } = await emulator.call('gemini-2.5-flash-image', 'generateContent', says('Draw a lamp.'));
      expect(mediaOf(body).bytes.toString('base64')).toBe(lamp);
      expect(reply(body).usageMetadata.candidatesTokensDetails).toEqual([
        { modality: 'TEXT', tokenCount: 3 },
        { modality: 'IMAGE', tokenCount: 1290 },
      ]);
    });
  });
});

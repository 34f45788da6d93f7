/** Prompts: texts, parts, media by their content, turns. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../e2e/assay.ts';
import { bodies, readSuite } from './read.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const box = (brand: string): Uint8Array => ascii(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand}isom`);
const riff = (form: string): Uint8Array => ascii(`RIFF\x24\0\0\0${form}`.padEnd(64, '\0'));

/** The beginning of a file of each family; the name says nothing of the type. */
const media: readonly (readonly [family: string, mimeType: string, bytes: Uint8Array])[] = [
  ['image', 'image/png', readFileSync(path.join(root, 'suites/images/sun.png'))],
  ['pdf', 'application/pdf', ascii('%PDF-1.4\n%%EOF\n')],
  ['audio', 'audio/wav', riff('WAVEfmt ')],
  ['video', 'video/mp4', box('isom')],
];

test.for(media)('%s: detects %s by its content and sends it unchanged', async ([family, mimeType, bytes]) => {
  const found = await bodies(`prompts: { p: [ Look., { ${family}: files/medium.bin } ] }`, {
    'files/medium.bin': bytes,
  });
  const sent = JSON.parse(JSON.stringify(found['s / p'])) as {
    contents: { parts: { inlineData?: { mimeType: string; data: string } }[] }[];
  };
  expect(sent.contents[0]?.parts[1]?.inlineData).toEqual({
    mimeType,
    data: Buffer.from(bytes).toString('base64'),
  });
});

test('takes an undetected type from the name', async () => {
  const { cases, shown } = await readSuite('prompts: { p: [ { video: film.wmv } ] }', {
    'film.wmv': Uint8Array.from([0, 1, 2, 3, 250, 251]),
  });
  expect(shown).toBe('');
  expect(JSON.stringify(cases[0]?.request.body)).toContain('"mimeType":"video/wmv"');
});

test('reads media by a path from rows', async () => {
  const png = readFileSync(path.join(root, 'suites/images/sun.png'));
  const { ids, cases, shown } = await readSuite(
    'prompts: { p: [ Look., { image: "images/{{name}}.png" } ] }\ntests: [ { name: t, data: [ { name: a }, { name: b } ], row: "{{name}}" } ]',
    { 'images/a.png': png, 'images/b.png': png },
  );
  expect(shown).toBe('');
  expect(ids).toEqual(['t / a / p', 't / b / p']);
  // The same bytes give the same request under any file name.
  expect(cases[0]?.fingerprint).toBe(cases[1]?.fingerprint);
  const missing = await readSuite(
    'prompts: { p: [ { image: "{{name}}.png" } ] }\ntests: [ { name: t, data: [ { name: none } ] } ]',
  );
  expect(missing.shown).toContain('error[missing-file]: there is no file "none.png"');
});

test('renders templates in API parts and keeps fields next to a file', async () => {
  const png = readFileSync(path.join(root, 'suites/images/sun.png'));
  const found = await bodies(
    `vars: { u: "https://example.com/a.mp4", s: 2s }
prompts:
  p:
    - { fileUri: "{{u}}", mimeType: video/mp4, videoMetadata: { startOffset: "{{s}}" } }
    - { image: a.png, mediaResolution: { level: MEDIA_RESOLUTION_LOW } }
    - { text: "{{s}}", thought: true, thoughtSignature: c2ln }
    - { inline_data: { mime_type: image/png, data: AAAA } }
    - { functionResponse: { name: f, response: { wait: "{{s}}" } } }
  q: { text: Hello. }
`,
    { 'a.png': png },
  );
  const [first, ...rest] = [found['s / p'], found['s / q']];
  expect(JSON.parse(JSON.stringify(first))).toEqual({
    contents: [
      {
        parts: [
          {
            fileData: { fileUri: 'https://example.com/a.mp4', mimeType: 'video/mp4' },
            videoMetadata: { startOffset: '2s' },
          },
          {
            inlineData: { mimeType: 'image/png', data: png.toString('base64') },
            mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' },
          },
          { text: '2s', thought: true, thoughtSignature: 'c2ln' },
          { inline_data: { mime_type: 'image/png', data: 'AAAA' } },
          { functionResponse: { name: 'f', response: { wait: '2s' } } },
        ],
      },
    ],
  });
  expect(rest).toEqual([{ contents: [{ parts: [{ text: 'Hello.' }] }] }]);
});

test('texts and parts send no role, turns send theirs; the model answers an empty model turn', async () => {
  const { cases, shown } = await readSuite(`prompts:
  talk: [ { user: [ Name a fruit., Only one. ] }, { model: }, { user: Describe it. } ]
  asked: [ { user: Hello. }, { model: } ]
  answered: [ { user: Call. }, { model: { functionCall: { name: f } } }, { function: { functionResponse: { name: f, response: {} } } } ]
`);
  expect(shown).toBe('');
  expect(cases.map(({ request }) => [request.asks, request.body?.contents])).toEqual([
    [
      [1],
      [
        { role: 'user', parts: [{ text: 'Name a fruit.' }, { text: 'Only one.' }] },
        { role: 'model' },
        { role: 'user', parts: [{ text: 'Describe it.' }] },
      ],
    ],
    [[1], [{ role: 'user', parts: [{ text: 'Hello.' }] }, { role: 'model' }]],
    [
      [],
      [
        { role: 'user', parts: [{ text: 'Call.' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
        { role: 'function', parts: [{ functionResponse: { name: 'f', response: {} } }] },
      ],
    ],
  ]);
});

test('embedding joins the parts of all turns; counting leaves out empty turns', async () => {
  const found = await bodies(`prompts: { talk: [ { user: a }, { model: }, { user: [ b, c ] } ] }
assert: [ { response: { path: $, exists: true } } ]
tests: [ { name: e, method: embedContent }, { name: c, method: countTokens } ]`);
  const model = 'models/gemini-3.8-flash';
  expect(found).toEqual({
    'e / talk': { model, content: { parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] } },
    'c / talk': {
      generateContentRequest: {
        model,
        contents: [
          { role: 'user', parts: [{ text: 'a' }] },
          { role: 'user', parts: [{ text: 'b' }, { text: 'c' }] },
        ],
      },
    },
  });
});

/** The type of a media file comes from its content, else from its name; the key must fit. */
import { expect, test } from 'vitest';
import type { Media } from '../../src/gemini/media.ts';
import { codesOf, loadFiles } from '../suites.ts';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat([
    ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    Buffer.alloc(64),
  ]);
const box = (brand: string): Buffer => bytes([0, 0, 0, 24], `ftyp${brand}`, [0, 0, 0, 0], `${brand}mp41`);

/** The first bytes of each form, as their specifications have them. */
const files: Record<string, Buffer> = {
  png: bytes(
    [0x89],
    'PNG\r\n',
    [0x1a],
    '\n',
    [0, 0, 0, 13],
    'IHDR',
    [0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0],
    'AAAA',
    [0, 0, 0, 0],
    'IEND',
  ),
  jpeg: bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF'),
  webp: bytes('RIFF', [36, 0, 0, 0], 'WEBPVP8 '),
  gif: bytes('GIF89a'),
  heic: box('heic'),
  heif: box('mif1'),
  pdf: bytes('%PDF-1.7\n'),
  wav: bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt '),
  mp3: bytes('ID3', [3, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64]),
  aiff: bytes('FORM', [0, 0, 0, 36], 'AIFF'),
  aac: bytes([0xff, 0xf1, 0x50, 0x80]),
  ogg: bytes('OggS', [0, 2], Array(20).fill(0) as number[], [1, 30], [1], 'vorbis'),
  opus: bytes('OggS', [0, 2], Array(20).fill(0) as number[], [1, 19], 'OpusHead'),
  m4a: box('M4A '),
  flac: bytes('fLaC', [0, 0, 0, 34]),
  mp4: box('isom'),
  mov: box('qt  '),
  webm: bytes([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84], 'webm'),
  avi: bytes('RIFF', [36, 0, 0, 0], 'AVI LIST'),
  mpeg: bytes([0, 0, 1, 0xba, 0x44]),
  unknown: bytes('hello'),
};

async function read(key: string, name: string, content: Buffer): Promise<Media | string[]> {
  const { suites, diagnostics } = await loadFiles({
    'a.suite.yaml': `suite: s\nmodel: m\nprompts: { p: [ { ${key}: ${name} } ] }\nassert: [ { outcome: answered } ]\n`,
    [name]: content,
  });
  const part = suites[0]?.prompts[0]?.parts?.[0];
  return part?.kind === 'media' ? part.media : codesOf(diagnostics);
}

test.for<[key: string, form: string, mimeType: string]>([
  ['image', 'png', 'image/png'],
  ['image', 'jpeg', 'image/jpeg'],
  ['image', 'webp', 'image/webp'],
  ['image', 'gif', 'image/gif'],
  ['image', 'heic', 'image/heic'],
  ['image', 'heif', 'image/heif'],
  ['pdf', 'pdf', 'application/pdf'],
  ['audio', 'wav', 'audio/wav'],
  ['audio', 'mp3', 'audio/mp3'],
  ['audio', 'aiff', 'audio/aiff'],
  ['audio', 'aac', 'audio/aac'],
  ['audio', 'ogg', 'audio/ogg'],
  ['audio', 'opus', 'audio/ogg'],
  ['audio', 'm4a', 'audio/m4a'],
  ['audio', 'flac', 'audio/flac'],
  ['video', 'mp4', 'video/mp4'],
  ['video', 'mov', 'video/mov'],
  ['video', 'webm', 'video/webm'],
  ['video', 'avi', 'video/avi'],
  ['video', 'mpeg', 'video/mpeg'],
])('%s: %s is %s under any file name', async ([key, form, mimeType]) => {
  const content = files[form] ?? Buffer.alloc(0);
  for (const name of [`a.${form}`, 'a.bin', 'a.png']) {
    const media = await read(key, name, content);
    expect(media).toMatchObject({ mimeType, size: content.length });
    expect(JSON.parse(JSON.stringify(media))).toBe(content.toString('base64'));
  }
});

test.for<[key: string, name: string, mimeType: string]>([
  ['image', 'a.PNG', 'image/png'],
  ['audio', 'a.mp3', 'audio/mp3'],
  ['video', 'a.3gp', 'video/3gpp'],
  ['video', 'a.wmv', 'video/wmv'],
  ['pdf', 'a.pdf', 'application/pdf'],
])('%s: takes the type of unknown content from the name %s', async ([key, name, mimeType]) => {
  expect(await read(key, name, files.unknown ?? Buffer.alloc(0))).toMatchObject({ mimeType });
});

test.for<[key: string, name: string, form: string, found: string]>([
  ['image', 'a.png', 'pdf', 'expected image data in "a.png", received application/pdf'],
  ['pdf', 'a.pdf', 'png', 'expected a PDF in "a.pdf", received image/png'],
  ['audio', 'a.mp3', 'mp4', 'expected audio data in "a.mp3", received video/mp4'],
  ['image', 'a.bin', 'unknown', 'expected image data in "a.bin", received an unknown type'],
])('%s: reports %s with the content of %s', async ([key, name, form, found]) => {
  expect(await read(key, name, files[form] ?? Buffer.alloc(0))).toEqual([`wrong-media-type: ${found}`]);
});

test('shares equal files', async () => {
  const { suites } = await loadFiles({
    'a.suite.yaml':
      'suite: s\nmodel: m\nprompts: { p: [ { image: a.png }, { image: b.png } ], q: [ { image: a.png } ] }\nassert: [ { outcome: answered } ]\n',
    'a.png': files.png ?? '',
    'b.png': files.png ?? '',
  });
  const media = suites[0]?.prompts.flatMap(({ parts = [] }) =>
    parts.flatMap((part) => (part.kind === 'media' ? [part.media] : [])),
  );
  expect(media).toHaveLength(3);
  expect(new Set(media).size).toBe(1);
});

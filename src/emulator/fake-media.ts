/** Makes small pictures and sounds, the same ones for the same seed. */
import { crc32, deflateSync } from 'node:zlib';
import { isObject, type JsonObject } from '../lib/json.ts';
import { digest, randomInt } from './random.ts';
import type { Model } from './models.ts';
import { modalityOf, type Modalities } from './tokens.ts';
import { topicOf } from './fake-text.ts';

/** Sound as the service sends it: 24 kHz, 16 bits, one channel, 25 tokens a second. */
const sound = { mimeType: 'audio/L16;codec=pcm;rate=24000', samplesPerToken: 960 };
/** Tokens. */
const longestSound = 10;

/** A PNG of 64 × 64 pixels: a symmetric pattern in two colours. */
export function fakePicture(seed: string): JsonObject {
  const bytes = digest(seed, 'picture');
  const header = Buffer.alloc(13);
  header.writeUInt32BE(64, 0);
  header.writeUInt32BE(64, 4);
  // One bit a pixel, from a palette.
  header.set([1, 3], 8);
  const rows = Array.from({ length: 64 }, (_, y) => {
    const bits = bytes[6 + (y >> 3)] ?? 0;
    const cells = Array.from({ length: 8 }, (_cell, x) => ((bits >> Math.min(x, 7 - x)) & 1) * 255);
    return [0, ...cells];
  });
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', bytes.subarray(0, 6)),
    // Not compressed: compressed bytes depend on the version of zlib.
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { inlineData: { mimeType: 'image/png', data: png.toString('base64') } };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A tone as long as a text has words, and whether `most` tokens cut it. */
export function fakeSound(text: string, seed: string, most: number): { part: JsonObject; isCut: boolean } {
  const whole = Math.max(1, Math.min(topicOf(text).length, longestSound));
  const tokens = Math.min(whole, most);
  const half = 20 + randomInt(40, seed, 'sound');
  const data = Buffer.alloc(tokens * sound.samplesPerToken * 2);
  for (let at = 0; at < data.length / 2; at++)
    data.writeInt16LE(Math.floor(at / half) % 2 === 0 ? 4000 : -4000, at * 2);
  const part = { inlineData: { mimeType: sound.mimeType, data: data.toString('base64') } };
  return { part, isCut: tokens < whole };
}

/** The modality of a part that holds media; undefined for any other. */
export function mediaModality({ inlineData }: JsonObject): 'IMAGE' | 'AUDIO' | undefined {
  const { mimeType } = isObject(inlineData) ? inlineData : {};
  const modality = typeof mimeType === 'string' ? modalityOf(mimeType) : undefined;
  return modality === 'IMAGE' || modality === 'AUDIO' ? modality : undefined;
}

/** The tokens that pictures and sound among the parts of an answer take. */
export function countMedia(parts: readonly JsonObject[], model: Model): Modalities {
  const sum: Modalities = new Map();
  for (const part of parts) {
    const modality = mediaModality(part);
    if (modality === undefined) continue;
    const { data } = part.inlineData as JsonObject;
    const bytes = typeof data === 'string' ? Buffer.byteLength(data, 'base64') : 0;
    const tokens = modality === 'IMAGE' ? model.pictureTokens : Math.ceil(bytes / 2 / sound.samplesPerToken);
    sum.set(modality, (sum.get(modality) ?? 0) + tokens);
  }
  return sum;
}

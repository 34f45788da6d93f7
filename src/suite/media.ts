import path from 'node:path';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { Media } from '../gemini/media.ts';
import { sha256 } from '../lib/canonical.ts';
import type { SuiteFiles } from './files.ts';

/** The API's bound on the bytes of an inline request. */
const mostBytes = 100 * 1024 * 1024;

const byExtension: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  gif: 'image/gif',
  pdf: 'application/pdf',
  wav: 'audio/wav',
  mp3: 'audio/mp3',
  aiff: 'audio/aiff',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mov: 'video/mov',
  avi: 'video/avi',
  webm: 'video/webm',
  wmv: 'video/wmv',
  '3gp': 'video/3gpp',
};
/** Where a detector and the API's documentation name a type differently. */
const apiNames: Record<string, string> = {
  'audio/mpeg': 'audio/mp3',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/m4a',
  'video/quicktime': 'video/mov',
  'video/vnd.avi': 'video/avi',
  'video/mp1s': 'video/mpeg',
  'video/mp2p': 'video/mpeg',
  'video/x-m4v': 'video/mp4',
  'video/x-ms-asf': 'video/wmv',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
};
const families = { image: 'image/', audio: 'audio/', video: 'video/', pdf: 'application/pdf' } as const;

/** Reads a media file of a prompt, its type told by its content, else by its name. One instance per file content. */
export async function readMedia(
  family: keyof typeof families,
  reference: string,
  place: Place,
  files: SuiteFiles,
  shared: Map<string, Media>,
  report: Report,
): Promise<Media | undefined> {
  const read = await files.bytes(reference, place, mostBytes);
  if (!read) return undefined;
  const { fileTypeFromBuffer } = await import('file-type');
  // Parameters (`audio/ogg; codecs=opus`) are not part of the API's names.
  const found = (await fileTypeFromBuffer(read.bytes))?.mime.toLowerCase().replace(/;.*/, '');
  const mimeType =
    found === undefined
      ? byExtension[path.extname(reference).slice(1).toLowerCase()]
      : (apiNames[found] ?? found);
  if (mimeType === undefined || !mimeType.startsWith(families[family])) {
    report({
      severity: 'error',
      code: 'wrong-media-type',
      message: `expected ${family === 'pdf' ? 'a PDF' : `${family} data`} in ${JSON.stringify(reference)}, found ${mimeType ?? 'an unknown type'}`,
      place,
      help: 'the keys are image, audio, video and pdf; the content counts, not the name',
    });
    return undefined;
  }
  const digest = sha256(read.bytes);
  const known = shared.get(digest);
  if (known?.mimeType === mimeType) return known;
  const media = new Media(mimeType, digest, read.bytes.length, read.bytes.toString('base64'));
  shared.set(digest, media);
  return media;
}

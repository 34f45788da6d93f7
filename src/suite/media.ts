import path from 'node:path';
import { ownValue } from '../lib/json.ts';
import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { Media, mostRequestBytes } from '../gemini/media.ts';
import { sha256 } from '../lib/canonical.ts';
import type { SuiteFiles } from './files.ts';

/** As base64, four characters for three bytes, no more fits into a request. */
const mostBytes = (mostRequestBytes * 3) / 4;

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
  'image/apng': 'image/png',
  'video/3gpp2': 'video/3gpp',
};
const families = { image: 'image/', audio: 'audio/', video: 'video/', pdf: 'application/pdf' } as const;

/** Unknown formats are taken by their name, but a text is never media. */
function isText(bytes: Buffer): boolean {
  const beginning = bytes.subarray(0, 4096);
  if (beginning.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true });
    return true;
  } catch {
    // Not UTF-8, so no text.
    return false;
  }
}

function isPointer(bytes: Buffer): boolean {
  return bytes.subarray(0, 40).toString('latin1').startsWith('version https://git-lfs');
}

/** Reads a media file of a prompt, with the type of its content, else of its name. One instance per file content. */
export async function readMedia(
  family: keyof typeof families,
  reference: string,
  place: SourceRange,
  files: SuiteFiles,
  shared: Map<string, Media>,
  report: Report,
): Promise<Media | undefined> {
  const read = await files.bytes(reference, place, mostBytes);
  if (!read) return undefined;
  const { fileTypeFromBuffer } = await import('file-type');
  // Parameters (`audio/ogg; codecs=opus`) are not part of the API's names.
  const detected = (await fileTypeFromBuffer(read.bytes))?.mime.toLowerCase().replace(/;.*/, '');
  const inWords = detected ?? (isText(read.bytes) ? 'text' : undefined);
  const found = inWords ?? ownValue(byExtension, path.extname(reference).slice(1).toLowerCase());
  const mimeType = found === undefined ? undefined : (apiNames[found] ?? found);
  if (mimeType === undefined || !mimeType.startsWith(families[family])) {
    const expected = family === 'pdf' ? 'a PDF' : `${family} data`;
    const received = read.bytes.length === 0 ? 'nothing' : (mimeType ?? 'an unknown type');
    report({
      severity: 'error',
      code: 'wrong-media-type',
      message: `expected ${expected} in ${JSON.stringify(reference)}, received ${received}`,
      place,
      help: isPointer(read.bytes)
        ? 'it is a pointer of Git LFS: git lfs pull brings the file'
        : 'the content counts, not the name; the keys are image, audio, video and pdf, and file for texts',
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

import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { BuiltContent } from '../gemini/build.ts';
import { Media, mostRequestBytes } from '../gemini/media.ts';
import type { BodyValue, Conversation } from '../gemini/request.ts';
import type { CaseRef } from './case.ts';
import { partsFor } from './contents.ts';

/** Bytes of a value on the wire, roughly: names and punctuation do not count. */
function bytesOf(value: BodyValue): number {
  if (value instanceof Media) return Math.ceil(value.size / 3) * 4;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + bytesOf(inner), 0);
}

/** Tells of a request with more bytes than the API takes, at the part with which it gets too large. */
export function checkSize(
  ref: CaseRef,
  { body = {} }: Conversation,
  contents: readonly (readonly BuiltContent[])[],
  report: Report,
): void {
  const inContents = contents.flat().reduce((sum, { parts = [] }) => sum + bytesOf([...parts]), 0);
  // The rest is small: it need not be counted for every case.
  if (inContents < mostRequestBytes / 2) return;
  const bytes = bytesOf(body);
  if (bytes <= mostRequestBytes) return;
  report({
    severity: 'error',
    code: 'request-too-large',
    message: `the request has ${bytes} bytes, media as base64, at most ${mostRequestBytes} are allowed`,
    place: placeOfTooMuch(ref, contents) ?? ref.test.place,
    help: 'send fewer media in one request, or by fileUri',
  });
}

function placeOfTooMuch(ref: CaseRef, contents: readonly (readonly BuiltContent[])[]): Place | undefined {
  const built = contents.flat().flatMap(({ parts = [] }) => parts);
  let bytes = 0;
  return partsFor(ref).find((_, index) => (bytes += bytesOf(built[index] ?? null)) > mostRequestBytes)?.place;
}

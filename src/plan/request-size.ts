import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { BuiltContent } from '../gemini/build.ts';
import { mostRequestBytes } from '../gemini/media.ts';
import type { Conversation } from '../gemini/request.ts';
import { bytesOf } from '../gemini/request-facts.ts';
import type { CaseRef } from './case.ts';
import { partsFor } from './contents.ts';

type Contents = readonly (readonly BuiltContent[])[];

/** Whether a request is worth counting whole: what stands beside its contents is small. */
export function mayBeTooLarge(contents: Contents): boolean {
  let bytes = 0;
  for (const each of contents)
    for (const { parts = [] } of each) for (const part of parts) bytes += bytesOf(part);
  return bytes >= mostRequestBytes / 2;
}

/** Tells of a request with more bytes than the API takes, at the part with which it gets too large. */
export function checkSize(
  ref: CaseRef,
  { body = {} }: Conversation,
  contents: Contents,
  report: Report,
): void {
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

function placeOfTooMuch(ref: CaseRef, contents: Contents): Place | undefined {
  const built = contents.flat().flatMap(({ parts = [] }) => parts);
  let bytes = 0;
  return partsFor(ref).find((_, index) => (bytes += bytesOf(built[index] ?? null)) > mostRequestBytes)?.place;
}

import { readFileSync, statSync } from 'node:fs';
import type { Diagnostic, SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { withUnixLines } from '../lib/comparable.ts';
import { errorCode } from '../lib/system-error.ts';

/** Offset of the first character that is not UTF-8: behind the longest prefix that decodes. */
function firstBadByte(bytes: Uint8Array): number {
  const decodes = (length: number): boolean => {
    try {
      // `stream` lets a prefix end inside a character.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  // A prefix may end inside the broken character: streaming leaves that part out.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Buffer.byteLength(decoder.decode(bytes.subarray(0, good), { stream: true }));
}

/**
 * Reads a text file that users wrote: UTF-8, a byte order mark is dropped, CRLF is read as LF, at most `maxBytes`.
 * Errors are reported at `at`, the reference to the file, if given; `what` is the word for such a file in messages.
 */
export function readSourceFile(
  absolute: string,
  displayPath: string,
  report: Report,
  {
    maxBytes,
    at,
    what = 'file',
    missingHelp = 'paths are relative to the file that contains them',
  }: { maxBytes: number; at?: SourceRange; what?: string; missingHelp?: string },
): SourceFile | undefined {
  const fail = (code: string, message: string, help: string): undefined => {
    const problem = { severity: 'error', code, message, help } as const;
    report((at ? { ...problem, place: at } : { ...problem, path: displayPath }) satisfies Diagnostic);
    return undefined;
  };
  let bytes: Buffer;
  try {
    const facts = statSync(absolute);
    if (facts.isDirectory())
      return fail('not-a-file', `expected a file, received the folder ${displayPath}`, 'name a file in it');
    if (!facts.isFile())
      return fail('not-a-file', `${displayPath} is not a regular file`, 'name a regular file');
    if (facts.size > maxBytes)
      return fail(
        'file-too-large',
        `${displayPath} has ${facts.size} bytes, more than the bound of ${maxBytes}`,
        `keep it within ${maxBytes} bytes, or split it`,
      );
    bytes = readFileSync(absolute);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return fail('missing-file', `no such ${what}: ${displayPath}`, missingHelp);
    return fail(
      'unreadable-file',
      `cannot read ${displayPath}: ${code}`,
      'check its permissions, and where links lead',
    );
  }
  try {
    // TextDecoder drops a leading byte order mark by itself.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { path: displayPath, absolute, text: withUnixLines(text) };
  } catch {
    const offset = firstBadByte(bytes);
    const before = withUnixLines(new TextDecoder('utf-8').decode(bytes.subarray(0, offset)));
    // The frame shows invalid bytes as the replacement character.
    const file: SourceFile = {
      path: displayPath,
      absolute,
      text:
        before + withUnixLines(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(offset))),
    };
    report({
      severity: 'error',
      code: 'not-utf8',
      message: `${displayPath} is not UTF-8: byte ${offset} does not fit`,
      place: { file, start: before.length, end: before.length + 1 },
      help: 'save it as UTF-8',
    });
    return undefined;
  }
}

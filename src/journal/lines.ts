import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { parseJson } from '../lib/parse-json.ts';
import { restore, redactJson } from '../lib/redact.ts';
import type { JournalRecord } from './record.ts';

/** The position of a line in its file, in bytes; `length` without the line end. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** The lines of a file with their places, read chunk by chunk; the last one is `whole` only if a line end follows it. */
export async function* readLines(
  path: string,
): AsyncGenerator<{ readonly line: Buffer; readonly span: Span; readonly whole: boolean }> {
  let rest: Buffer[] = [];
  let pending = 0;
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      const line = pending > 0 ? Buffer.concat([...rest, piece]) : piece;
      yield { line, span: { at, length: line.length }, whole: true };
      at += line.length + 1;
      rest = [];
      pending = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      rest.push(chunk.subarray(from));
      pending += chunk.length - from;
    }
  }
  if (pending > 0) yield { line: Buffer.concat(rest), span: { at, length: pending }, whole: false };
}

/**
 * The line of a record, with secrets hidden: JSON whose last member is a CRC-32 over everything before it. A line that a
 * crash tore, or that was edited, does not match.
 */
export function encodeLine(record: JournalRecord): string {
  const open = redactJson(JSON.stringify(record)).slice(0, -1);
  return `${open},"crc":"${checksum(open)}"}\n`;
}

const tail = /^,"crc":"([0-9a-f]{8})"\}$/;
/** Characters of `,"crc":"01234567"}`. */
const tailLength = 18;

/** The record of a line; undefined for one that is torn or changed. */
export function decodeLine(line: string): JournalRecord | undefined {
  const match = tail.exec(line.slice(-tailLength));
  if (!match || checksum(line.slice(0, -tailLength)) !== match[1]) return undefined;
  return parseJson(`${restore(line.slice(0, -tailLength))}}`) as unknown as JournalRecord;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

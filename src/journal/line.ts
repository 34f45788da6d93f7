import { crc32 } from 'node:zlib';
import { parseJson } from '../lib/parse-json.ts';
import { reveal, seal } from '../lib/redact.ts';
import type { JournalRecord } from './record.ts';

/**
 * A record as its line, without what must not be seen: JSON whose last member is a CRC-32 over everything before it. A
 * line that a crash tore, or that was edited, does not match.
 */
export function encodeLine(record: JournalRecord): string {
  const open = seal(JSON.stringify(record)).slice(0, -1);
  return `${open},"crc":"${checksum(open)}"}\n`;
}

const tail = /^,"crc":"([0-9a-f]{8})"\}$/;
/** Characters of `,"crc":"01234567"}`. */
const tailLength = 18;

/** The record of a line; undefined for one that is torn or changed. */
export function decodeLine(line: string): JournalRecord | undefined {
  const match = tail.exec(line.slice(-tailLength));
  if (!match || checksum(line.slice(0, -tailLength)) !== match[1]) return undefined;
  return parseJson(`${reveal(line.slice(0, -tailLength))}}`) as unknown as JournalRecord;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

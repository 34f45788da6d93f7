import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { decodeLine, encodeLine } from '../../src/journal/lines.ts';
import { forgetSecrets, addSecret } from '../../src/lib/redact.ts';
import { records, trialRecord } from './records.ts';

afterEach(forgetSecrets);

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const anyRecord = fc
  .tuple(anyText, anyText, fc.nat(9))
  .map(([name, text, trial]) => trialRecord(name, text, trial));

test('writes a record on one line and reads it back unchanged', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const line = encodeLine(record);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(decodeLine(line.slice(0, -1))).toEqual(record);
    }),
  );
});

test('rejects a line cut at any place', () => {
  for (const record of records) {
    const line = encodeLine(record).slice(0, -1);
    for (let length = 0; length < line.length; length++)
      expect(decodeLine(line.slice(0, length))).toBeUndefined();
  }
});

test('detects any changed byte', () => {
  fc.assert(
    fc.property(anyRecord, fc.nat(), fc.integer({ min: 1, max: 255 }), (record, at, change) => {
      const bytes = Buffer.from(encodeLine(record).slice(0, -1));
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ change;
      // A byte that is no UTF-8 any more becomes U+FFFD, which is a change as well.
      expect(decodeLine(bytes.toString('utf8'))).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

test('rejects a line with a missing or wrong checksum', () => {
  const [one = '', other = ''] = [trialRecord('a'), trialRecord('b')].map(encodeLine);
  expect(decodeLine(JSON.stringify(trialRecord('a')))).toBeUndefined();
  expect(decodeLine(one.slice(0, -19) + other.slice(-19, -1))).toBeUndefined();
  expect(decodeLine(one.slice(0, -1).toUpperCase())).toBeUndefined();
});

test('hides the values of variables in lines and restores them in records', () => {
  const brand = 'Tom & "Jerry"';
  addSecret('BRAND', brand, { reveal: true });
  addSecret('KEY', 'planted-key-planted');
  const line = encodeLine(trialRecord('a', `By ${brand}, planted-key-planted, [env:BRAND]`));
  expect(line).not.toContain('Jerry');
  expect(line).not.toContain('planted');
  expect(decodeLine(line.trimEnd())).toEqual(trialRecord('a', `By ${brand}, [redacted:KEY], [env:BRAND]`));
});

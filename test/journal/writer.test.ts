import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeLine } from '../../src/journal/lines.ts';
import { readJournal } from '../../src/journal/reader.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { WriteError } from '../../src/lib/system-error.ts';
import { inFolder } from '../e2e/assay.ts';
import { endRecord, runRecord, trialRecord } from './records.ts';

const names = Array.from({ length: 500 }, (_, index) => `case ${index} – 世界 🎒`);

test('keeps records in the order they were appended, at the reported places', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    const journal = await openJournal(file);
    const first = await journal.append(runRecord);
    expect(first.at).toBe(0);
    const spans = await Promise.all(
      names.map(async (name, index) => {
        // Some together, some after others have been written.
        if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
        const appended = journal.append(trialRecord(name));
        const span = await appended;
        // What has resolved is in the file already.
        expect(readFileSync(file).length).toBeGreaterThanOrEqual(span.at + span.length + 1);
        return { name, span };
      }),
    );
    await journal.close();
    const bytes = readFileSync(file);
    for (const { name, span } of spans)
      expect(decodeLine(bytes.subarray(span.at, span.at + span.length).toString())).toMatchObject({
        case: name,
      });
    const read = await readJournal(file);
    expect(read.torn).toBe(false);
    expect(read.soundBytes).toBe(bytes.length);
  }));

test('keeps the order of records appended together', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    const journal = await openJournal(file);
    await Promise.all([journal.append(runRecord), ...names.map((name) => journal.append(trialRecord(name)))]);
    await journal.close();
    const read: string[] = [];
    await readJournal(file, (record) => read.push(record.case));
    expect(read).toEqual(names);
  }));

test('close waits for pending appends', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    const journal = await openJournal(file);
    void journal.append(runRecord);
    void journal.append(endRecord);
    await journal.close();
    expect((await readJournal(file)).end).toEqual(endRecord);
  }));

test('truncates a torn journal before appending to it', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    const first = await openJournal(file);
    await first.append(runRecord);
    const { at, length } = await first.append(trialRecord('a'));
    await first.close();
    const sound = at + length + 1;
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(5000, 'x')]));
    const second = await openJournal(file, sound);
    const span = await second.append(endRecord);
    await second.close();
    expect(span.at).toBe(sound);
    const read = await readJournal(file);
    expect([read.end, read.torn, readFileSync(file).length]).toEqual([
      endRecord,
      false,
      sound + span.length + 1,
    ]);
  }));

test('a new journal overwrites the old one', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    writeFileSync(file, 'x'.repeat(10_000));
    const journal = await openJournal(file);
    await journal.append(runRecord);
    await journal.close();
    expect((await readJournal(file)).run).toEqual(runRecord);
  }));

test('reports a full disk to every append and to close', async (context) => {
  context.skip(!existsSync('/dev/full'));
  await inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    symlinkSync('/dev/full', file);
    const journal = await openJournal(file);
    const first = await Promise.allSettled([journal.append(runRecord), journal.append(endRecord)]);
    const later = await Promise.allSettled([journal.append(runRecord)]);
    const closed = await Promise.allSettled([journal.close()]);
    for (const each of [...first, ...later, ...closed]) {
      if (each.status !== 'rejected') throw new Error('it was taken for written');
      expect(each.reason).toBeInstanceOf(WriteError);
      expect(each.reason).toMatchObject({ path: file, code: 'ENOSPC' });
    }
  });
});

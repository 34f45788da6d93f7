import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { encodeLine } from '../../src/journal/lines.ts';
import { readLines } from '../../src/journal/lines.ts';
import { openTrials, readJournal } from '../../src/journal/reader.ts';
import type { JournalRecord, ResumeRecord } from '../../src/journal/record.ts';
import { inFolder } from '../e2e/assay.ts';
import { endRecord, records, runRecord, trialRecord } from './records.ts';

const lines = (...list: JournalRecord[]): string => list.map(encodeLine).join('');

/** Reads a journal of this text. */
function reading(text: string | Buffer) {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    writeFileSync(file, text);
    const trials: string[] = [];
    const journal = await readJournal(file, ({ case: name }) => trials.push(name));
    return { ...journal, trials };
  });
}

async function errorOf(text: string | Buffer): Promise<string> {
  try {
    await reading(text);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics
      .map(
        ({ code, message, help, path: file = '' }) =>
          `${code}: ${message} (${help?.replace(file, 'journal.jsonl')})`,
      )
      .join('\n');
  }
  return 'none';
}

test('gives the same lines for any chunk size', async () => {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'lines');
    await fc.assert(
      fc.asyncProperty(
        // Longer than what is read at once, and as long.
        fc.array(
          fc.oneof(
            fc.string({ unit: 'grapheme' }),
            fc.constantFrom('x'.repeat(1 << 18), 'é'.repeat(200_000)),
          ),
          {
            maxLength: 6,
          },
        ),
        fc.boolean(),
        async (texts, ended) => {
          const wanted = texts.map((text) => text.replaceAll('\n', ''));
          const content = Buffer.from(wanted.map((text) => `${text}\n`).join(''));
          writeFileSync(file, ended ? content : Buffer.concat([content, Buffer.from('rest')]));
          const read: string[] = [];
          for await (const { line, span, whole } of readLines(file)) {
            read.push(line.toString());
            expect(content.subarray(span.at, span.at + span.length).toString()).toBe(
              whole ? line.toString() : '',
            );
            expect(whole).toBe(read.length <= wanted.length);
          }
          expect(read).toEqual(ended ? wanted : [...wanted, 'rest']);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a journal', () => {
  const text = lines(...records);

  test('is read whole', async () => {
    expect(await reading(text)).toEqual({
      run: runRecord,
      end: endRecord,
      lost: 0,
      soundBytes: Buffer.byteLength(text),
      torn: false,
      trials: ['a', 'b'],
    });
  });

  test('has no end record while a resumed run is open', async () => {
    const resume: ResumeRecord = { ...runRecord, type: 'resume', startedAt: '2026-11-26T10:00:00.000Z' };
    const open = await reading(text + lines(resume, trialRecord('c')));
    expect(open).toMatchObject({ run: runRecord, resumed: resume, trials: ['a', 'b', 'c'] });
    expect(open.end).toBeUndefined();
    expect((await reading(text + lines(resume, endRecord))).end).toEqual(endRecord);
  });

  test('torn at any byte of its last line keeps the lines before it', async () => {
    const sound = Buffer.from(lines(runRecord, trialRecord('a')));
    const last = Buffer.from(lines(trialRecord('b')));
    for (let length = 1; length < last.length; length++)
      expect(
        await reading(Buffer.concat([sound, last.subarray(0, length)])),
        `cut at ${length}`,
      ).toMatchObject({
        soundBytes: sound.length,
        torn: true,
        trials: ['a'],
      });
  });

  test('that ends in zeros after a power cut is torn there', async () => {
    const sound = lines(runRecord, trialRecord('a'));
    expect(await reading(Buffer.concat([Buffer.from(sound), Buffer.alloc(300)]))).toMatchObject({
      soundBytes: Buffer.byteLength(sound),
      torn: true,
    });
  });
});

const again = 'a journal is written by assay run; name another, or run again';
const saved = (before: number): string =>
  `to keep the ${before === 1 ? 'line' : `${before} lines`} before it: head -n ${before} journal.jsonl > fixed.jsonl, then replace the journal with fixed.jsonl and use --resume`;
const one = encodeLine(trialRecord('a'));
test.for<[string, string, string]>([
  ['empty', '', `line 1 of the journal is not the start of a journal (${again})`],
  [
    'only torn',
    encodeLine(runRecord).slice(0, 50),
    `line 1 of the journal is not the start of a journal (${again})`,
  ],
  [
    'without its start',
    lines(...records.slice(1)),
    `line 1 of the journal is not the start of a journal (${again})`,
  ],
  ['two in one', lines(...records, ...records), `line 5 of the journal starts another journal (${saved(4)})`],
  [
    'no journal',
    '{"a":1}\n',
    `line 1 of the journal has version none, this Assay reads version 2 (${again})`,
  ],
  ['of JSON, but no records', '[1]\n', `line 1 of the journal is not a record (${again})`],
  [
    'of an older version',
    '{"v":1,"type":"run"}\n',
    `line 1 of the journal has version 1, this Assay reads version 2 (${again})`,
  ],
  [
    'of a newer version with another checksum',
    '{"v":3,"type":"run","crc":"x"}\n',
    `line 1 of the journal has version 3, this Assay reads version 2 (${again})`,
  ],
  [
    'of a newer version with the same checksum',
    encodeLine({ ...runRecord, v: 3 as 2 }),
    `line 1 of the journal has version 3, this Assay reads version 2 (${again})`,
  ],
  [
    'torn in the middle',
    lines(runRecord, trialRecord('x')) + one.slice(0, 40) + '\n' + one,
    `line 3 of the journal is torn or was changed, and records follow it (${saved(2)})`,
  ],
  [
    'with an edited line',
    encodeLine(runRecord) + one.replace('世界', '地球') + one,
    `line 2 of the journal was changed: its checksum does not match (${saved(1)})`,
  ],
  [
    'with an edited last line',
    encodeLine(runRecord) + one.replace('"trial":1', '"trial":2'),
    `line 2 of the journal was changed: its checksum does not match (${saved(1)})`,
  ],
])('one that is %s is refused with what to do', async ([, text, message]) => {
  expect(await errorOf(text)).toBe(`bad-journal: ${message}`);
});

test('reads a trial from its place while the journal grows', async () => {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'journal.jsonl');
    writeFileSync(file, lines(runRecord));
    const trials = openTrials(file);
    const before = readFileSync(file).length;
    const added = encodeLine(trialRecord('later'));
    appendFileSync(file, added);
    const span = { at: before, length: Buffer.byteLength(added) - 1 };
    expect(trials.read(span)).toEqual(trialRecord('later'));
    expect(() => trials.read({ at: 0, length: before - 1 })).toThrow('holds no trial at byte 0');
    expect(() => trials.read({ at: before, length: span.length - 1 })).toThrow('holds no trial');
    trials.close();
  });
});

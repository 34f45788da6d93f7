import { close, fdatasync, fstat, ftruncate, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { asWriteError } from '../lib/system-error.ts';
import { encodeLine } from './lines.ts';
import type { Span } from './lines.ts';
import type { JournalRecord } from './record.ts';

/** Appends records to a journal. */
export interface JournalWriter {
  /** Resolves when the record's line is in the file, with its place; rejects (a WriteError) if it could not be written, then and ever after. */
  readonly append: (record: JournalRecord) => Promise<Span>;
  /** Writes what is left and syncs. */
  readonly close: () => Promise<void>;
}

/** A power cut loses what was written in the last 100 ms: a sync for every trial would cost several times the run. */
const syncEveryMs = 100;
// Callbacks: a journal of many short replies is many short writes, and each promise of a file handle costs more than that.
const [openFile, writeBytes, syncFile, closeFile, statFile, cutFile] = [
  promisify(open),
  promisify(write),
  promisify(fdatasync),
  promisify(close),
  promisify(fstat),
  promisify(ftruncate),
];

interface Batch {
  readonly lines: string[];
  readonly written: Promise<void>;
}

/**
 * Starts a journal anew, or with `keepBytes` goes on after that many bytes (what follows is torn, and is cut
 * off). Writes follow one another: lines that come while one is under way go out together with the next. The process's
 * death loses no line whose append has resolved; a power cut at most those of the last 100 ms.
 */
export async function openJournal(path: string, keepBytes?: number): Promise<JournalWriter> {
  const file = await openFile(path, keepBytes === undefined ? 'w' : 'r+', 0o600);
  let end = keepBytes ?? 0;
  if (keepBytes !== undefined && (await statFile(file)).size > keepBytes) await cutFile(file, keepBytes);
  let written = end;
  let batch: Batch | undefined;
  let last: Promise<void> = Promise.resolve();
  let failure: unknown;
  let unsynced = false;
  let timer: NodeJS.Timeout | undefined;

  const fail = (error: unknown): void => {
    failure ??= asWriteError(path, error);
  };
  const sync = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!unsynced) return;
    unsynced = false;
    await syncFile(file);
  };
  async function flush(lines: readonly string[], before: Promise<void>): Promise<void> {
    await before;
    // One turn of the loop gathers the trials that settle together into one write.
    await new Promise((resolve) => setImmediate(resolve));
    batch = undefined;
    if (failure !== undefined) throw failure;
    const bytes = Buffer.from(lines.join(''));
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await writeBytes(file, bytes, at, bytes.length - at, written);
        at += bytesWritten;
        written += bytesWritten;
      }
    } catch (error) {
      fail(error);
      throw failure;
    }
    unsynced = true;
    timer ??= setTimeout(() => void sync().catch(fail), syncEveryMs);
  }
  return {
    append: async (record) => {
      const line = encodeLine(record);
      if (!batch) {
        const lines: string[] = [];
        batch = { lines, written: flush(lines, last) };
        // Whoever appends gets the error; the next batch only waits its turn.
        last = batch.written.catch(() => undefined);
      }
      batch.lines.push(line);
      const span = { at: end, length: Buffer.byteLength(line) - 1 };
      end += span.length + 1;
      await batch.written;
      return span;
    },
    close: async () => {
      try {
        await last;
        await sync().catch(fail);
        if (failure !== undefined) throw failure;
      } finally {
        clearTimeout(timer);
        await closeFile(file);
      }
    },
  };
}

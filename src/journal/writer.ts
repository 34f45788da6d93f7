import { close, fdatasync, open, write } from 'node:fs';
import { promisify } from 'node:util';
import type { JournalRecord } from './record.ts';

/** Appends records to a journal. */
export interface JournalWriter {
  /** Resolves when the record's line is in the file; rejects if it could not be written, then and ever after. */
  readonly append: (record: JournalRecord) => Promise<void>;
  /** Writes what is left and syncs. */
  readonly close: () => Promise<void>;
}

const syncEveryMs = 100;
// Callbacks: a journal of many short replies is many short writes, and each promise of a file handle costs more than that.
const [openFile, writeBytes, syncFile, closeFile] = [
  promisify(open),
  promisify(write),
  promisify(fdatasync),
  promisify(close),
];

interface Batch {
  readonly lines: string[];
  readonly written: Promise<void>;
}

/** Starts a journal anew. Writes follow one another: lines that come while one is under way go out together with the next. */
export async function openJournal(path: string): Promise<JournalWriter> {
  const file = await openFile(path, 'w');
  let batch: Batch | undefined;
  let last: Promise<void> = Promise.resolve();
  let failure: unknown;
  let unsynced = false;
  let timer: NodeJS.Timeout | undefined;

  const fail = (error: unknown): void => {
    failure ??= error;
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
      for (let at = 0; at < bytes.length;)
        at += (await writeBytes(file, bytes, at, bytes.length - at, null)).bytesWritten;
    } catch (error) {
      fail(error);
      throw error;
    }
    unsynced = true;
    timer ??= setTimeout(() => void sync().catch(fail), syncEveryMs);
  }
  return {
    append: (record) => {
      if (!batch) {
        const lines: string[] = [];
        batch = { lines, written: flush(lines, last) };
        // Those who append are told of a failure; the next batch only waits its turn.
        last = batch.written.catch(() => undefined);
      }
      batch.lines.push(`${JSON.stringify(record)}\n`);
      return batch.written;
    },
    close: async () => {
      try {
        await last;
        await sync();
        if (failure !== undefined) throw failure;
      } finally {
        clearTimeout(timer);
        await closeFile(file);
      }
    },
  };
}

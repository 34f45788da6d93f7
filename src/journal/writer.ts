import { open } from 'node:fs/promises';
import type { JournalRecord } from './record.ts';

/** Appends records to a journal. */
export interface JournalWriter {
  /** Resolves when the record's line is in the file; rejects if it could not be written, then and ever after. */
  readonly append: (record: JournalRecord) => Promise<void>;
  /** Writes what is left and syncs. */
  readonly close: () => Promise<void>;
}

const syncEveryMs = 100;

/** Starts a journal anew. Lines that arrive while a write is under way go out together with the next one. */
export async function openJournal(path: string): Promise<JournalWriter> {
  const file = await open(path, 'w');
  let waiting: string[] = [];
  let flushing: Promise<void> | undefined;
  let failure: unknown;
  let unsynced = false;
  let timer: NodeJS.Timeout | undefined;

  const sync = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!unsynced) return;
    unsynced = false;
    await file.datasync();
  };
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  async function flush(): Promise<void> {
    // One turn of the loop gathers the trials that settle together into one write.
    await new Promise((resolve) => setImmediate(resolve));
    const lines = waiting.join('');
    waiting = [];
    flushing = undefined;
    if (failure !== undefined) throw failure;
    try {
      await file.appendFile(lines);
    } catch (error) {
      fail(error);
      throw error;
    }
    unsynced = true;
    timer ??= setTimeout(() => void sync().catch(fail), syncEveryMs);
  }
  return {
    append: (record) => {
      waiting.push(`${JSON.stringify(record)}\n`);
      return (flushing ??= flush());
    },
    close: async () => {
      try {
        await flushing;
        await sync();
        if (failure !== undefined) throw failure;
      } finally {
        clearTimeout(timer);
        await file.close();
      }
    },
  };
}

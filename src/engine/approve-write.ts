import { stat } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../diagnostics/diagnostic.ts';
import { isSystemError } from '../lib/system-error.ts';
import { prepareFolder } from './prepare-folder.ts';

/** One file that an approval writes, or removes. */
export interface Write {
  /** The path as messages show it. */
  readonly displayPath: string;
  /** Absolute. */
  readonly file: string;
  /** Its folder: how users know it, and what they can do where it is not writable. */
  readonly folder: { readonly displayPath: string; readonly what: string; readonly help: string };
  readonly write: () => Promise<void>;
}

/** Writes files in their order, after a check of every place: one that cannot be written is found before anything is written. */
export async function writeAll(writes: readonly Write[]): Promise<void> {
  for (const { file, displayPath } of writes)
    if ((await stat(file).catch(() => undefined))?.isDirectory())
      throw usageError(
        'cannot-write',
        `nothing was approved: ${displayPath} is a folder, and a file must be written there`,
        'move it away',
      );
  const folders = new Map(writes.map(({ file, folder }) => [path.dirname(file), folder]));
  for (const [directory, { displayPath, what, help }] of folders)
    prepareFolder(directory, displayPath, what, help);
  const done: string[] = [];
  for (const { displayPath, write } of writes) {
    try {
      await write();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw usageError(
        'cannot-write',
        `${displayPath} could not be written (${error.code}); ${done.length > 0 ? `written before it: ${done.join(', ')}` : 'nothing was written'}`,
        'fix that and run assay approve again: it writes all files',
      );
    }
    done.push(displayPath);
  }
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../lib/system-error.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import { prepareFolder } from './prepare-folder.ts';

/** One file that an approval writes, or removes. */
export interface Write {
  /** As users are shown it. */
  readonly shown: string;
  /** Absolute. */
  readonly file: string;
  /** The folder it stands in: how users know it, and what they can do where it is not writable. */
  readonly folder: { readonly shown: string; readonly what: string; readonly help: string };
  readonly write: () => Promise<void>;
}

/** Writes files in their order, after a look at every place: one that cannot be written is to be found before anything is. */
export async function writeAll(writes: readonly Write[]): Promise<void> {
  for (const { file, shown } of writes)
    if ((await stat(file).catch(() => undefined))?.isDirectory())
      throw usageError(
        'cannot-write',
        `nothing was approved: ${shown} is a folder, where a file is to be written`,
        'move it away',
      );
  const folders = new Map(writes.map(({ file, folder }) => [path.dirname(file), folder]));
  for (const [directory, { shown, what, help }] of folders) prepareFolder(directory, shown, what, help);
  const done: string[] = [];
  for (const { shown, write } of writes) {
    try {
      await write();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw usageError(
        'cannot-write',
        `${shown} could not be written (${error.code}); ${done.length > 0 ? `written before it: ${done.join(', ')}` : 'nothing was written'}`,
        'when that is mended, assay approve writes all of it',
      );
    }
    done.push(shown);
  }
}

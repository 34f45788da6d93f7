import { access, constants, mkdir, open, opendir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../lib/write-error.ts';
import { UsageError } from './context.ts';

/** A folder that a command writes to, as users know it. */
interface Wanted {
  /** As the user named it. */
  readonly shown: string;
  readonly what: string;
  readonly help: string;
}

/** Makes the reports folder and tries it out, so that a run cannot find after its last call that it has no place to write. */
export async function prepareFolder(
  directory: string,
  shown: string,
  what = 'the report folder',
  help = 'name another with --reports DIR',
): Promise<void> {
  await trying({ shown, what, help }, async () => {
    await makeFolder(directory);
    await tryOut(directory);
    await openIfThere(path.join(directory, 'journal.jsonl'));
  });
}

/** Makes the cache folder, where it is not there yet; one that is there may be for reading alone. */
export async function prepareCache(directory: string, shown: string): Promise<void> {
  await trying({ shown, what: 'the cache folder', help: 'name another with --cache DIR' }, () =>
    makeFolder(directory),
  );
}

/** Makes the folder that a cassette is to stand in. */
export async function prepareCassette(file: string, shown: string): Promise<void> {
  const folder = path.dirname(file);
  const what = 'the folder of the cassette';
  await trying({ shown: path.dirname(shown), what, help: 'name another with --record FILE' }, async () => {
    await makeFolder(folder);
    await tryOut(folder);
  });
}

async function tryOut(directory: string): Promise<void> {
  await access(directory, constants.W_OK | constants.X_OK);
  const probe = path.join(directory, `.assay-${process.pid}`);
  // A full disk still makes empty files.
  await writeFile(probe, 'probe\n');
  await rm(probe);
}

async function trying({ shown, what, help }: Wanted, work: () => Promise<void>): Promise<void> {
  if (shown.trim() === '')
    throw new UsageError('unwritable-reports', `${what} has no name`, help.replace('another', 'one'));
  try {
    await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UsageError(
      'unwritable-reports',
      `${what} ${shown} is not writable: ${reasons[error.code] ?? error.code}`,
      help,
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there (EACCES)',
  EPERM: 'the system lets nobody write there (EPERM)',
  EROFS: 'the disk is read-only (EROFS)',
  ENOSPC: 'the disk is full (ENOSPC)',
  EISDIR: 'a folder stands where the journal goes (EISDIR)',
  ENOTDIR: 'a file stands in its way (ENOTDIR)',
  ENOENT: 'no folder can be made there (ENOENT)',
};

/**
 * Makes a folder and those above it, each by itself: Node's recursive mkdir never ends where a file system answers that
 * what is to be made is not there (/proc).
 */
async function makeFolder(directory: string): Promise<void> {
  const missing: string[] = [];
  for (let at = directory; !(await isThere(at)); at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      await mkdir(each);
    } catch (error) {
      // Another process may have made it since.
      if (!(isSystemError(error) && error.code === 'EEXIST')) throw error;
    }
  }
  // The system says so where it is a file.
  await (await opendir(directory)).close();
}

async function isThere(directory: string): Promise<boolean> {
  try {
    await stat(directory);
    return true;
  } catch (error) {
    const isMissing = isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    // The root is always there; without an end a file system's lie would be climbed for ever.
    if (isMissing && path.dirname(directory) !== directory) return false;
    throw error;
  }
}

/** Tries a file that is to be written anew: it may be somebody else's, or a folder. */
async function openIfThere(file: string): Promise<void> {
  try {
    await (await open(file, 'r+')).close();
  } catch (error) {
    if (!(isSystemError(error) && error.code === 'ENOENT')) throw error;
  }
}

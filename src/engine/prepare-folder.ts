import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  opendirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isSystemError, writeProblem } from '../lib/system-error.ts';
import { usageError } from '../diagnostics/diagnostic.ts';

/** A folder that a command writes to, in the user's words. */
interface Wanted {
  /** As the user named it. */
  readonly displayPath: string;
  readonly what: string;
  readonly help: string;
}

/**
 * Makes the reports folder and tries to write there, so that a run does not fail after its last call. Synchronous: it is
 * a dozen short calls at the start.
 */
export function prepareFolder(
  directory: string,
  displayPath: string,
  what = 'the report folder',
  help = 'name another with --reports DIR',
): void {
  trying({ displayPath, what, help }, () => {
    makeFolder(directory);
    tryOut(directory);
    openIfThere(path.join(directory, 'journal.jsonl'));
  });
}

/** Makes the cache folder if it is missing; an existing one may be read-only. */
export function prepareCache(directory: string, displayPath: string): void {
  trying({ displayPath, what: 'the cache folder', help: 'name another with --cache DIR' }, () =>
    makeFolder(directory),
  );
}

/** Makes the folder of a cassette. */
export function prepareCassette(file: string, displayPath: string): void {
  const folder = path.dirname(file);
  const what = 'the folder of the cassette';
  trying({ displayPath: path.dirname(displayPath), what, help: 'name another with --record FILE' }, () => {
    makeFolder(folder);
    tryOut(folder);
  });
}

function tryOut(directory: string): void {
  accessSync(directory, constants.W_OK | constants.X_OK);
  const probe = path.join(directory, `.assay-${process.pid}`);
  try {
    // A full disk still makes empty files.
    writeFileSync(probe, 'probe\n');
  } finally {
    rmSync(probe, { force: true });
  }
}

function trying({ displayPath, what, help }: Wanted, work: () => void): void {
  if (displayPath.trim() === '')
    throw usageError('unwritable-reports', `${what} has no name`, help.replace('another', 'one'));
  try {
    work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw usageError(
      'unwritable-reports',
      `${what} ${displayPath} is not writable: ${writeProblem(error.code)}`,
      help,
    );
  }
}

/**
 * Makes a folder and those above it, each by itself: Node's recursive mkdir never ends where a file system answers that
 * what is to be made is not there (/proc).
 */
function makeFolder(directory: string): void {
  const missing: string[] = [];
  for (let at = directory; !isThere(at); at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      mkdirSync(each);
    } catch (error) {
      // Another process may have made it since.
      if (!(isSystemError(error) && error.code === 'EEXIST')) throw error;
    }
  }
  // The system says so where it is a file.
  opendirSync(directory).closeSync();
}

function isThere(directory: string): boolean {
  try {
    statSync(directory);
    return true;
  } catch (error) {
    const isMissing = isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    // The root is always there; without an end a file system's lie would be climbed for ever.
    if (isMissing && path.dirname(directory) !== directory) return false;
    throw error;
  }
}

/** Tries a file that is to be written anew: it may be somebody else's, or a folder. */
function openIfThere(file: string): void {
  try {
    closeSync(openSync(file, 'r+'));
  } catch (error) {
    if (!(isSystemError(error) && error.code === 'ENOENT')) throw error;
  }
}

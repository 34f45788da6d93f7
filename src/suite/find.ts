import { readdir, statSync, type Dirent, type Stats } from 'node:fs';
import { readdir as readdirPromise } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { readSourceFile } from '../source/files.ts';
import { errorCode } from '../lib/system-error.ts';

type Done = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** The suite files that paths name: a file itself, of a folder every `*.suite.yaml` below it, else its own `*.yaml`. Absolute, sorted, once each. */
export async function findSuites(paths: readonly string[], cwd: string, report: Report): Promise<string[]> {
  const found = new Set<string>();
  const folders: string[] = [];
  for (const given of paths) {
    const absolute = path.resolve(cwd, given);
    const stats = statsOf(absolute);
    if (typeof stats === 'string') {
      if (stats !== 'ENOENT' && stats !== 'ENOTDIR') reportUnreadable(given, stats, report);
      else
        report({
          severity: 'error',
          code: 'missing-suite',
          message: `there is no file or folder ${JSON.stringify(given)}`,
          help: 'name suite files, or folders that contain them',
        });
      continue;
    }
    const closed = new Map<string, string>();
    const files = stats.isDirectory() ? await inFolder(absolute, closed) : [absolute];
    for (const [folder, code] of closed)
      reportUnreadable(path.relative(cwd, folder).split(path.sep).join('/') || '.', code, report);
    if (files.length === 0 && closed.size === 0)
      report({
        severity: 'error',
        code: 'no-suites',
        message: `the folder ${JSON.stringify(given)} holds no suite`,
        help: 'a suite is a file named *.suite.yaml',
      });
    for (const file of files) found.add(file);
    if (stats.isDirectory()) folders.push(absolute);
  }
  await warnAboutOverlooked(found, folders, cwd, report);
  return [...found].toSorted();
}

/** Warns of a suite that is not run, since others beside it, or below the folder that was named, are named `*.suite.yaml`. */
async function warnAboutOverlooked(
  found: ReadonlySet<string>,
  named: readonly string[],
  cwd: string,
  report: Report,
): Promise<void> {
  const folders = new Set(named);
  for (const file of found)
    if (named.some((folder) => file.startsWith(folder + path.sep))) folders.add(path.dirname(file));
  for (const folder of [...folders].toSorted()) {
    // A folder that cannot be read was reported while it was searched.
    const names: string[] = await readdirPromise(folder).catch(() => []);
    for (const name of names) {
      const absolute = path.join(folder, name);
      if (!/\.ya?ml$/.test(name) || found.has(absolute)) continue;
      warnIfSuite(absolute, path.relative(cwd, absolute).split(path.sep).join('/'), report);
    }
  }
}

/** Larger files are not suites (see load.ts). */
const mostBytes = 5 * 1024 * 1024;

function warnIfSuite(absolute: string, displayPath: string, report: Report): void {
  // The user did not name it, so read errors are ignored.
  const file = readSourceFile(absolute, displayPath, () => undefined, { maxBytes: mostBytes });
  const key = file && /^(?:suite|"suite"|'suite')[ \t]*:/m.exec(file.text);
  if (!file || !key) return;
  report({
    severity: 'warning',
    code: 'overlooked-suite',
    message: `${displayPath} is not run: other suites here are named *.suite.yaml`,
    place: { file, start: key.index, end: key.index + key[0].length },
    help: `rename it to ${path.basename(displayPath).replace(/\.ya?ml$/, '.suite.yaml')}, or name the file itself`,
  });
}

/** The stats of a path, or the system error code. */
function statsOf(absolute: string): Stats | string {
  try {
    return statSync(absolute);
  } catch (error) {
    return errorCode(error) ?? 'unknown';
  }
}

function reportUnreadable(displayPath: string, code: string, report: Report): void {
  report({
    severity: 'error',
    code: 'unreadable-file',
    message: `cannot read ${JSON.stringify(displayPath)}: ${code}`,
    help: 'check its permissions, and where links lead',
  });
}

/** Finds the suites in a folder; adds unreadable folders to `closed`, with the error code. */
async function inFolder(folder: string, closed: Map<string, string>): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const list: typeof readdir = ((at: string, given: { withFileTypes: true }, done: Done) =>
    readdir(at, given, (error, entries) => {
      // tinyglobby ignores such errors.
      if (error) closed.set(path.resolve(at), errorCode(error) ?? 'unknown');
      done(error, entries);
    })) as typeof readdir;
  const options = {
    cwd: folder,
    absolute: true,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    // A folder named like a suite is not a suite, nor are its files.
    expandDirectories: false,
    fs: { readdir: list },
  };
  const suites = await glob(['**/*.suite.yaml', '**/*.suite.yml'], options);
  return suites.length > 0 ? suites : glob(['*.yaml', '*.yml'], options);
}

import { readdir, statSync, type Dirent, type Stats } from 'node:fs';
import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { errorCode } from '../source/files.ts';

type Done = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** The suite files that paths name: a file itself, of a folder every `*.suite.yaml` below it, else its own `*.yaml`. Absolute, sorted, once each. */
export async function findSuites(paths: readonly string[], cwd: string, report: Report): Promise<string[]> {
  const found = new Set<string>();
  for (const given of paths) {
    const absolute = path.resolve(cwd, given);
    const stats = statsOf(absolute);
    if (typeof stats === 'string') {
      if (stats !== 'ENOENT' && stats !== 'ENOTDIR') tellUnreadable(given, stats, report);
      else
        report({
          severity: 'error',
          code: 'missing-suite',
          message: `there is no file or folder ${JSON.stringify(given)}`,
          help: 'name suite files, or folders that hold them',
        });
      continue;
    }
    const closed = new Map<string, string>();
    const files = stats.isDirectory() ? await inFolder(absolute, closed) : [absolute];
    for (const [folder, code] of closed)
      tellUnreadable(path.relative(cwd, folder).split(path.sep).join('/') || '.', code, report);
    if (files.length === 0 && closed.size === 0)
      report({
        severity: 'error',
        code: 'no-suites',
        message: `the folder ${JSON.stringify(given)} holds no suite`,
        help: 'a suite is a file named *.suite.yaml',
      });
    for (const file of files) found.add(file);
  }
  return [...found].toSorted();
}

/** What is at a path, or the system's code for why nothing can be told of it. */
function statsOf(absolute: string): Stats | string {
  try {
    return statSync(absolute);
  } catch (error) {
    return errorCode(error);
  }
}

function tellUnreadable(shown: string, code: string, report: Report): void {
  report({
    severity: 'error',
    code: 'unreadable-file',
    message: `cannot read ${JSON.stringify(shown)}: ${code}`,
    help: 'check its permissions, and where links lead',
  });
}

/** Looks for suites in a folder; the folders that cannot be read are put into `closed`, with the reason. */
async function inFolder(folder: string, closed: Map<string, string>): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const list: typeof readdir = ((at: string, given: { withFileTypes: true }, done: Done) =>
    readdir(at, given, (error, entries) => {
      // It would pass over them in silence.
      if (error) closed.set(path.resolve(at), errorCode(error));
      done(error, entries);
    })) as typeof readdir;
  const options = {
    cwd: folder,
    absolute: true,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    // A folder that is named like a suite is no suite, nor is what it holds.
    expandDirectories: false,
    fs: { readdir: list },
  };
  const suites = await glob(['**/*.suite.yaml', '**/*.suite.yml'], options);
  return suites.length > 0 ? suites : glob(['*.yaml', '*.yml'], options);
}

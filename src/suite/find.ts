import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';

/** The suite files that paths name: a file itself, of a folder every `*.suite.yaml` below it, else its own `*.yaml`. Absolute, sorted, once each. */
export async function findSuites(paths: readonly string[], cwd: string, report: Report): Promise<string[]> {
  const found = new Set<string>();
  for (const given of paths) {
    const absolute = path.resolve(cwd, given);
    const stats = await stat(absolute).catch(() => undefined);
    if (!stats) {
      report({
        severity: 'error',
        code: 'missing-suite',
        message: `there is no file or folder ${JSON.stringify(given)}`,
        help: 'name suite files, or folders that hold them',
      });
      continue;
    }
    const files = stats.isDirectory() ? await inFolder(absolute) : [absolute];
    if (files.length === 0)
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

async function inFolder(folder: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const options = { cwd: folder, absolute: true, ignore: ['**/node_modules/**'], followSymbolicLinks: false };
  const suites = await glob(['**/*.suite.yaml', '**/*.suite.yml'], options);
  return suites.length > 0 ? suites : glob(['*.yaml', '*.yml'], options);
}

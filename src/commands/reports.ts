import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Results } from '../judge/results.ts';
import { reporters } from '../report/registry.ts';
import { writeRunJson } from '../report/run-json.ts';
import { removeStale } from '../report/stale.ts';
import { nearest } from '../lib/nearest.ts';
import { UsageError } from './context.ts';

/** Reads `--reporter json,html`; throws a UsageError for a name that is none. */
export function readReporters(list: string): string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of names) {
    if (Object.hasOwn(reporters, name)) continue;
    const near = nearest(name, Object.keys(reporters));
    throw new UsageError(
      'unknown-reporter',
      `unknown reporter ${JSON.stringify(name)}`,
      near === undefined
        ? `there are ${Object.keys(reporters).join(', ')}`
        : `did you mean ${JSON.stringify(near)}?`,
    );
  }
  if (names.length === 0)
    throw new UsageError(
      'unknown-reporter',
      '--reporter names no reporter',
      `there are ${Object.keys(reporters).join(', ')}`,
    );
  return [...new Set(names)];
}

/** Makes the reports folder and tries it out, so that a run cannot find after its last call that it has no place to write. */
export async function prepareFolder(directory: string, shown: string): Promise<void> {
  const probe = path.join(directory, `.assay-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(
      'unwritable-reports',
      `the report folder ${shown} is not writable (${reason})`,
      'name another with --reports DIR',
    );
  }
}

/** Writes the named reports and run.json; resolves with the paths written. Files of suites that are gone are removed. */
export async function writeReports(
  results: Results,
  directory: string,
  names: readonly string[],
): Promise<string[]> {
  const written: string[] = [];
  for (const name of names) {
    const load = reporters[name];
    if (!load) throw new Error(`no reporter ${name}`);
    const reporter = await load();
    written.push(...(await reporter(results, directory)));
  }
  written.push(...(await writeRunJson(results, directory)));
  if (names.includes('json'))
    await removeStale(
      directory,
      results.suites.map((suite) => `${suite.suite}.json`),
    );
  return written;
}

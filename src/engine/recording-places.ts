import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../plan/case.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import { reportFiles } from '../report/registry.ts';
import type { Context } from './context.ts';
import type { RecordingOptions } from './recordings.ts';
import { errorCode } from '../lib/system-error.ts';

/** Refuses a cassette that the run itself writes as a report: one of the two would be lost. */
export async function checkCassettePlace(
  { cwd }: Context,
  { record, replay, reports }: RecordingOptions & { readonly reports: string },
  plans: readonly Plan[],
): Promise<void> {
  const directory = path.resolve(cwd, reports);
  if (record !== undefined) await refuseReportFile('--record', path.resolve(cwd, record), directory, plans);
  if (replay !== undefined) await refuseReportFile('--replay', path.resolve(cwd, replay), directory, plans);
}

async function refuseReportFile(
  option: string,
  file: string,
  directory: string,
  plans: readonly Plan[],
): Promise<void> {
  const place = await realPlace(file);
  const names = ['journal.jsonl', '.assay.lock', ...reportFiles(plans.map(({ suite }) => suite.name))];
  for (const name of names)
    if (place === (await realPlace(path.join(directory, name))))
      throw usageError(
        'cassette-is-report',
        `${option} names ${name} in the reports folder, which this run writes itself`,
        'keep the cassette in another place, for example tapes/story.json',
      );
}

/** Where a file is or would be, with links followed as far as there is something. */
async function realPlace(file: string): Promise<string> {
  const found = await realpath(file).catch(() => undefined);
  if (found !== undefined) return found;
  const folder = path.dirname(file);
  return folder === file ? file : path.join(await realPlace(folder), path.basename(file));
}

/** A cache has folders named by the first two digits of fingerprints, and at most hidden files beside them. */
const cacheName = /^(?:[0-9a-f]{2}|\..*)$/;

/** Refuses a cache in a folder of other things: `--cache suites` is easily meant as `--cache` and the path of a suite. */
export async function checkCachePlace({ cwd }: Context, given: string): Promise<void> {
  const what = await otherUseOf(path.resolve(cwd, given));
  if (what !== undefined)
    throw usageError(
      'not-a-cache',
      `--cache ${given}: this is ${what}, and --cache takes a folder of its own`,
      'write --cache after the paths, or --cache=DIR',
    );
}

async function otherUseOf(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'a file';
    const other = (await readdir(folder)).find((name) => !cacheName.test(name));
    return other === undefined ? undefined : `a folder with other things in it (${other})`;
  } catch (error) {
    const code = errorCode(error) ?? String(error);
    // A parent that is a file is reported where the folder is made.
    if (code === 'ENOTDIR') return undefined;
    if (code !== 'ENOENT') return `not a readable folder (${code})`;
    return /\.ya?ml$/i.test(folder) ? 'the name of a suite file' : undefined;
  }
}

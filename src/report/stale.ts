import { existsSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { olderFormat, resultsFormat } from '../judge/case-record.ts';
import { compareFormat } from './shapes/compare.ts';

/** Removes results files of suites that are gone: only files that say at their head that they are Assay's. */
export async function removeStale(directory: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json') || keep.includes(name) || name === 'run.json') continue;
    const file = path.join(directory, name);
    // A copy that somebody keeps under another name is not a suite's file.
    const suite = name.slice(0, -'.json'.length);
    for (const format of [resultsFormat, olderFormat])
      if (existsSync(file) && (await says(file, format, suite))) await rm(file);
  }
}

/** Removes the comparison of an earlier run, which says nothing of this one. */
export async function removeComparison(directory: string): Promise<void> {
  const file = path.join(directory, 'compare.json');
  if (existsSync(file) && (await says(file, compareFormat))) await rm(file);
}

/** Whether a file says at its head that it is Assay's, of this format, and of this suite where one is named. */
async function says(file: string, format: string, suite?: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const head = `{\n  "schema": "${format}"${suite === undefined ? '' : `,\n  "suite": ${JSON.stringify(suite)}`}`;
    const length = Buffer.byteLength(head);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('utf8', 0, bytesRead) === head;
  } finally {
    await handle.close();
  }
}

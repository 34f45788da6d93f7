import { existsSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { compareFormat, resultsFormat } from './formats.ts';

/** Removes results files of suites that are gone: only files that say at their head that they are Assay's. */
export async function removeStale(directory: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json') || keep.includes(name) || name === 'run.json') continue;
    const file = path.join(directory, name);
    if (await says(file, resultsFormat)) await rm(file);
  }
}

/** Removes the comparison of an earlier run, which says nothing of this one. */
export async function removeComparison(directory: string): Promise<void> {
  const file = path.join(directory, 'compare.json');
  if (existsSync(file) && (await says(file, compareFormat))) await rm(file);
}

/** Whether a file says at its head that it is Assay's, and of this format. */
async function says(file: string, format: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('utf8', 0, bytesRead).startsWith(`{\n  "schema": "${format}"`);
  } finally {
    await handle.close();
  }
}

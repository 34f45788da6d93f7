import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { resultsFormat } from './formats.ts';

/** Removes results files of suites that are gone: only files that say at their head that they are Assay's. */
export async function removeStale(directory: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json') || keep.includes(name) || name === 'run.json') continue;
    const file = path.join(directory, name);
    const handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    await handle.close();
    if (buffer.toString('utf8', 0, bytesRead).startsWith(`{\n  "schema": "${resultsFormat}"`)) await rm(file);
  }
}

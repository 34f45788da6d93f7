/** Writes the types of the library to dist/types: of each entry, and of the files that it imports. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Emits the declarations of entries of src/, without those of files that no type of theirs needs. */
export async function writeDeclarations(root: string, entries: readonly string[]): Promise<void> {
  const all = await mkdtemp(path.join(os.tmpdir(), 'assay-types-'));
  try {
    const { status, stdout, error } = spawnSync(
      process.execPath,
      [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json', '--outDir', all],
      { cwd: root, encoding: 'utf8' },
    );
    if (status !== 0) throw error ?? new Error(`the types could not be written:\n${stdout}`);
    const reached = new Set<string>();
    const reach = async (file: string): Promise<void> => {
      if (reached.has(file)) return;
      reached.add(file);
      const text = await readFile(path.join(all, file), 'utf8');
      for (const [, imported = ''] of text.matchAll(/(?:\bfrom |\bimport\()['"](\.[^'"]+)\.ts['"]/g))
        await reach(path.join(path.dirname(file), `${imported}.d.ts`));
    };
    for (const entry of entries) await reach(entry.replace(/\.ts$/, '.d.ts'));
    for (const file of reached) await cp(path.join(all, file), path.join(root, 'dist/types', file));
  } finally {
    await rm(all, { recursive: true, force: true });
  }
}

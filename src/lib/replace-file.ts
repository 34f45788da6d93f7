import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file anew, whole or not at all: beside its place, under a name of its own, and then moved there. Of several
 * writers at once the last one wins.
 */
export async function replaceFile(path: string, text: string, mode = 0o666): Promise<void> {
  const unique = process.getBuiltinModule('node:crypto').randomUUID().slice(0, 8);
  const beside = `${path}.${unique}.part`;
  try {
    await writeFile(beside, text, { mode });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

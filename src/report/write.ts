import { closeSync, openSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { redact } from '../lib/redact.ts';

/** Characters that are gathered before they are written. */
const atOnce = 65_536;
/** Characters that are written before signals and timers get their turn. */
const perTurn = 1 << 20;

/**
 * Writes a file piece by piece, without what must not be seen, beside its place, and moves it there when it is whole.
 * Each write is waited for where it is made: handing so short a one to another thread costs several times the write.
 */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const beside = `${path}.part`;
  try {
    await writePieces(beside, pieces);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Pieces are never cut, so that what must not be seen is found whole. */
async function writePieces(path: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const file = openSync(path, 'w');
  try {
    let waiting = '';
    let written = 0;
    for await (const piece of pieces) {
      waiting += piece;
      if (waiting.length < atOnce) continue;
      writeFileSync(file, redact(waiting));
      written += waiting.length;
      waiting = '';
      if (written < perTurn) continue;
      written = 0;
      await nextTurn();
    }
    writeFileSync(file, redact(waiting));
  } finally {
    closeSync(file);
  }
}

import type { Hash } from 'node:crypto';
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
 * A `hash` is fed what the file holds.
 */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  hash?: Hash,
): Promise<void> {
  const beside = `${path}.part`;
  try {
    await writePieces(beside, pieces, hash);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Writes what {@link gather} gives; signals and timers get their turn now and then. */
async function writePieces(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  hash: Hash | undefined,
): Promise<void> {
  const file = openSync(path, 'w');
  try {
    let written = 0;
    for await (const text of gather(pieces)) {
      const bytes = Buffer.from(text);
      writeFileSync(file, bytes);
      hash?.update(bytes);
      written += text.length;
      if (written < perTurn) continue;
      written = 0;
      await nextTurn();
    }
  } finally {
    closeSync(file);
  }
}

/** What a file of these pieces holds: without what must not be seen. Pieces are never cut, so that it is found whole. */
export async function* gather(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let waiting = '';
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < atOnce) continue;
    yield redact(waiting);
    waiting = '';
  }
  yield redact(waiting);
}

/** Pieces put together: a step from one to the next costs as much as many a piece. */
export function* clumps(pieces: Iterable<string>): Generator<string> {
  let clump = '';
  for (const piece of pieces) {
    clump += piece;
    if (clump.length < atOnce) continue;
    yield clump;
    clump = '';
  }
  yield clump;
}

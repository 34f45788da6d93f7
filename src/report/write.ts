import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { redact } from '../lib/redact.ts';

/** Characters that are gathered before they are written. */
const atOnce = 65_536;

/** Writes a file piece by piece, without what must not be seen, with backpressure, beside its place, and moves it there when it is whole. */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const beside = `${path}.part`;
  try {
    await pipeline(gather(pieces), createWriteStream(beside));
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
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

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { redact } from '../lib/redact.ts';

/** Writes a file piece by piece, without what must not be seen, with backpressure, beside its place, and moves it there when it is whole. */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const beside = `${path}.part`;
  const stream = createWriteStream(beside);
  let waiting = '';
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < 65_536) continue;
    if (!stream.write(redact(waiting))) await once(stream, 'drain');
    waiting = '';
  }
  stream.end(redact(waiting));
  await finished(stream);
  await rename(beside, path);
}

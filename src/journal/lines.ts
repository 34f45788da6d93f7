import { createReadStream } from 'node:fs';

/** Where a line stands in its file, in bytes; `length` without the line end. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** The lines of a file with their places, read chunk by chunk; the last one is `whole` only if a line end follows it. */
export async function* readLines(
  path: string,
): AsyncGenerator<{ readonly line: Buffer; readonly span: Span; readonly whole: boolean }> {
  let rest: Buffer[] = [];
  let held = 0;
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      const line = held > 0 ? Buffer.concat([...rest, piece]) : piece;
      yield { line, span: { at, length: line.length }, whole: true };
      at += line.length + 1;
      rest = [];
      held = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      rest.push(chunk.subarray(from));
      held += chunk.length - from;
    }
  }
  if (held > 0) yield { line: Buffer.concat(rest), span: { at, length: held }, whole: false };
}

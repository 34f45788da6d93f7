import { createReadStream } from 'node:fs';

/** A piece of a results file: what is before the cases, one case, what is between two (if more than a comma), or what follows the last. */
export interface Piece {
  readonly part: 'head' | 'case' | 'gap' | 'tail';
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly at: number;
}

const comma = /^\s*,?\s*$/;
/** No head of a results file is longer. */
const mostHead = 1 << 20;
const [quote, backslash, openMap, closeMap, openList, closeList] = [34, 92, 123, 125, 91, 93];

/**
 * Cuts a results file into its pieces as it is read, whoever formatted it: by strings and brackets alone, so that one
 * case is waiting at a time. The head ends with the bracket that opens `cases`. A file without that bracket is all head,
 * of which as much as a head may have is given.
 */
export async function* scanResults(path: string): AsyncGenerator<Piece> {
  let part: 'head' | 'case' | 'tail' = 'head';
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let pieceAt = 0;
  let at = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    const take = (to: number): { text: string; at: number } => {
      const piece = {
        text: Buffer.concat([...waiting, chunk.subarray(from, to)]).toString('utf8'),
        at: pieceAt,
      };
      waiting = [];
      waitingBytes = 0;
      from = to;
      pieceAt = at + to;
      return piece;
    };
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === openMap || byte === openList) {
        depth++;
        if (part === 'case' && depth === 3) {
          const gap = take(index);
          if (!comma.test(gap.text)) yield { part: 'gap', ...gap };
        } else if (part === 'head' && depth === 2 && byte === openList && opensCases(waiting, chunk, index)) {
          yield { part: 'head', ...take(index + 1) };
          part = 'case';
        }
      } else if (byte === closeMap || byte === closeList) {
        depth--;
        if (part === 'case' && depth === 2) yield { part, ...take(index + 1) };
        else if (part === 'case' && depth === 1) {
          const gap = take(index);
          if (!comma.test(gap.text)) yield { part: 'gap', ...gap };
          part = 'tail';
        }
      }
    }
    waiting.push(chunk.subarray(from));
    waitingBytes += chunk.length - from;
    at += chunk.length;
    if (part === 'head' && waitingBytes > mostHead) break;
  }
  yield { part, text: Buffer.concat(waiting).toString('utf8'), at: pieceAt };
}

/** Whether the bracket at `index` is the value of a key `cases`. */
function opensCases(waiting: readonly Buffer[], chunk: Buffer, index: number): boolean {
  const before = Buffer.concat([...waiting, chunk.subarray(Math.max(0, index - 64), index)]).toString('utf8');
  return /"cases"\s*:\s*$/.test(before);
}

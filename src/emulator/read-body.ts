/** Reads the body of a call, packed or not, up to the API's bound. */
import { ownValue } from '../lib/json.ts';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { invalid } from './fail.ts';

/** Bound of a request since January 2026. */
const mostBytes = 100 * 1024 * 1024;
const unpackers: Record<string, typeof gunzip> = { gzip: gunzip, deflate: inflate, br: brotliDecompress };

const tooLarge = () => invalid(`Request payload size exceeds the limit: ${mostBytes} bytes.`);

/** The text of the body; throws the API's 400 for one that is too large or cannot be unpacked. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is still read to its end, so that the answer finds a client that listens.
    if (size <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > mostBytes) throw tooLarge();
  const packed = Buffer.concat(chunks);
  const unpack = ownValue(unpackers, (request.headers['content-encoding'] ?? '').toLowerCase());
  if (!unpack) return packed.toString('utf8');
  try {
    const unpacked = await promisify<Buffer, object, Buffer>(unpack)(packed, { maxOutputLength: mostBytes });
    return unpacked.toString('utf8');
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw invalid();
  }
}

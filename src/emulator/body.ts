/** Reads the body of a request: unpacks it, and parses the lenient JSON that the API accepts. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ownValue, type JsonValue } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { invalid, invalidJson } from './errors.ts';

/** The API's limit since January 2026. */
const maxBytes = 100 * 1024 * 1024;
const unpackers: Record<string, typeof gunzip> = { gzip: gunzip, deflate: inflate, br: brotliDecompress };

const tooLarge = () => invalid(`Request payload size exceeds the limit: ${maxBytes} bytes.`);

/** The text of a body; throws the API's 400 for one that is too large or cannot be unpacked. */
export async function readBody(
  request: AsyncIterable<Buffer> & Pick<IncomingMessage, 'headers'>,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped: a client that is still sending would miss the answer.
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes) throw tooLarge();
  const packed = Buffer.concat(chunks);
  const unpack = ownValue(unpackers, (request.headers['content-encoding'] ?? '').toLowerCase());
  if (!unpack) return packed.toString('utf8');
  try {
    const unpacked = await promisify<Buffer, object, Buffer>(unpack)(packed, { maxOutputLength: maxBytes });
    return unpacked.toString('utf8');
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw invalid();
  }
}

/** Texts in double and single quotes, names without quotes, commas before a closing bracket. */
const lenient =
  /("[^"\\]*(?:\\[^][^"\\]*)*"?)|'([^'\\]*(?:\\[^][^'\\]*)*)'|([A-Za-z_$][\w$]*)(?=\s*:)|,(?=\s*[}\]])/g;

/** Parses JSON in which names may lack quotes, texts have single quotes and lists end in a comma. Throws the API's 400. */
export function parseLenient(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    const strict = text.replace(lenient, (_, double?: string, single?: string, name?: string) => {
      if (name !== undefined) return `"${name}"`;
      const quoted =
        single === undefined
          ? double
          : `"${single.replace(/\\?(['"])/g, (_quote, sign) => (sign === '"' ? '\\"' : "'"))}"`;
      return quoted?.replace(/[\n\r\t]/g, (sign) => JSON.stringify(sign).slice(1, -1)) ?? '';
    });
    try {
      return parseJson(strict);
    } catch (error) {
      throw invalidJson((error as Error).message);
    }
  }
}

/** The official SDK in three major versions, with the types of the first. */
import * as first from 'genai-1';
import * as second from 'genai-2';
import * as third from 'genai-3';

export type Sdk = typeof first;

/** Version, the API version it asks for by itself, and what it exports. The third asks for Node 22 and runs on 20. */
export const sdks: readonly (readonly [version: string, path: string, sdk: Sdk])[] = [
  ['1.52.0', 'v1beta', first],
  ['2.32.0', 'v1beta', second as unknown as Sdk],
  ['3.1.0', 'v1', third as unknown as Sdk],
];

import type { Hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** JSON in canonical form (RFC 8785): equal values, equal bytes. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value that JSON cannot carry has no canonical form');
  return text;
}

/** A SHA-256 to update. Node's crypto is loaded with the first hash: checking a suite needs none. */
export function sha256Hash(): Hash {
  return process.getBuiltinModule('node:crypto').createHash('sha256');
}

/** SHA-256, lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', data);
}

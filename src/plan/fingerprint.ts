import { Media } from '../gemini/media.ts';
import type { Conversation } from '../gemini/request.ts';
import { canonicalJson, sha256 } from '../lib/canonical.ts';

/** SHA-256 over method, model and canonical body, media as digests. */
export function fingerprint({ method, model, body }: Conversation): string {
  return sha256(canonicalJson({ method, model: model ?? null, body: digestedBody(body) }));
}

/** A request body with media as type and digest; null if there is none. */
export function digestedBody(body: Conversation['body']): unknown {
  // Most requests have no media, and need no copy.
  return hasMedia(body) ? digested(body) : (body ?? null);
}

function digested(value: unknown): unknown {
  if (value instanceof Media) return { mimeType: value.mimeType, sha256: value.digest };
  if (Array.isArray(value)) return value.map(digested);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, digested(inner)]));
  return value;
}

function hasMedia(value: unknown): boolean {
  if (value instanceof Media) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasMedia);
}

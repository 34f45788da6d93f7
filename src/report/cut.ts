import { redact } from '../lib/redact.ts';

/**
 * The first `most` code units of a text, never half a character, and how many are left out. What must not be seen is
 * redacted first: half a secret would not be recognized.
 */
export function cut(text: string, most: number): string {
  const safe = redact(text);
  if (safe.length <= most) return safe;
  const end = /[\uD800-\uDBFF]/.test(safe.charAt(most - 1)) ? most - 1 : most;
  return `${safe.slice(0, end)}… (${safe.length - end} more characters)`;
}

import type { JsonValue } from '../lib/json.ts';
import { jsonError } from '../lib/parse-json.ts';

/** The JSON of an answer, or why it has none; a code fence and a byte order mark get a hint of their own. */
export function parseJson(text: string): { value: JsonValue } | { problem: string } {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    if (/^\s*```/.test(text))
      return { problem: 'the text is a code fence, not JSON: ask for responseMimeType: application/json' };
    // RFC 8259, section 8.1: JSON must not begin with one.
    if (text.startsWith('\uFEFF'))
      return { problem: 'the text begins with a byte order mark (U+FEFF), which JSON must not have' };
    return { problem: `the text is not JSON: ${jsonError(text)?.message ?? 'it cannot be read'}` };
  }
}

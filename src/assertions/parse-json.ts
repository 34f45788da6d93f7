import { jsonFault } from '../lib/json-fault.ts';
import type { JsonValue } from '../lib/json.ts';

/** The JSON of an answer, or why it has none; a code fence gets a hint of its own. */
export function parseJson(text: string): { value: JsonValue } | { problem: string } {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    if (/^\s*```/.test(text)) {
      return { problem: 'the text is a code fence, not JSON: ask for responseMimeType: application/json' };
    }
    return { problem: `the text is not JSON: ${jsonFault(text)?.message ?? 'it cannot be read'}` };
  }
}

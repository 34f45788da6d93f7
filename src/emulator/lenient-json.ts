import type { JsonValue } from '../lib/json.ts';
import { invalid } from './fail.ts';

/** Reads JSON as the API does: trailing commas are taken. */
export function readLenient(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // Not strict JSON: perhaps only a comma too many, looked for outside of texts.
    const mended = text.replace(
      /("(?:[^"\\]|\\.)*")|,(\s*[\]}])/g,
      (_, quoted?: string, end?: string) => quoted ?? end ?? '',
    );
    try {
      return JSON.parse(mended) as JsonValue;
    } catch (error) {
      throw invalid(
        `Invalid JSON payload received. ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

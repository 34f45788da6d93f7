import { copyPlace } from '../diagnostics/places.ts';
import { setWritten, writtenText } from '../diagnostics/written.ts';
import { fieldType } from '../gemini/messages.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';

/**
 * A rendered message of the API in which numbers and flags stand as the texts they were written as, wherever the API
 * takes nothing but a text. The same object comes back where nothing changed.
 */
export function withTexts(value: JsonValue, message: string): JsonValue {
  return mapped(value, (inner, key, written) => {
    const type = fieldType(message, key);
    if (type && 'text' in type) return asText(inner, written);
    if (!type || 'enum' in type) return inner;
    return type.map ? mapped(inner, (each) => withTexts(each, type.message)) : withTexts(inner, type.message);
  });
}

function asText(value: JsonValue, written: string | undefined): JsonValue {
  if (Array.isArray(value)) return mapped(value, (item, _, text) => asText(item, text));
  return typeof value === 'number' || typeof value === 'boolean' ? (written ?? String(value)) : value;
}

type Change = (value: JsonValue, key: string, written: string | undefined) => JsonValue;

/** Maps the entries of a map; of a list of maps those of each. */
function mapped(value: JsonValue, change: Change): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const isList = Array.isArray(value);
  const copy: JsonObject | JsonValue[] = isList ? [] : {};
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    const key = isList ? Number(name) : name;
    const written = writtenText(value, key);
    const made = isList && typeof inner === 'object' ? mapped(inner, change) : change(inner, name, written);
    changed ||= made !== inner;
    (copy as Record<string | number, JsonValue>)[key] = made;
    copyPlace(value, key, copy, key);
    if (written !== undefined && made === inner) setWritten(copy, key, written);
  }
  return changed ? copy : value;
}

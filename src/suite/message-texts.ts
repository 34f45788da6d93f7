import { copyPlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { spelledEnum, type EnumName } from '../gemini/enums.ts';
import { enumFields, fieldType, messageFields } from '../gemini/messages.ts';
import { isObject, ownValue, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { setWritten } from '../lib/written-number.ts';

/**
 * A rendered message of the API as it is sent: numbers and flags stand as the texts they were written as, wherever the API
 * takes nothing but a text, and enum values as the API spells them. The same object comes back where nothing changed.
 */
export function withTexts(value: JsonValue, message: string): JsonValue {
  return spelled(value, message, true);
}

/** A message of the API in which enum values stand as the API spells them. */
export function withEnums(value: JsonValue, message: string): JsonValue {
  return spelled(value, message, false);
}

/** The fields of a config in which enum values stand as the API spells them. */
export function withFieldEnums(fields: JsonObject): JsonObject {
  return mapped(fields, (value, field) => fieldAsSent(field, value, false)) as JsonObject;
}

/** One field of a config: see {@link withTexts} and {@link withEnums}. */
export function fieldAsSent(field: string, value: JsonValue, texts: boolean): JsonValue {
  if (field === 'safetySettings' && isObject(value)) return spelledSafety(value);
  const message = ownValue(messageFields, field);
  if (message !== undefined) return spelled(value, message, texts);
  const name = ownValue(enumFields, field);
  return name === undefined ? value : spelledValue(name, value);
}

function spelled(value: JsonValue, message: string, texts: boolean): JsonValue {
  return mapped(value, (inner, key, written) => {
    const type = fieldType(message, key);
    if (!type) return inner;
    if ('text' in type) return texts ? asText(inner, written) : inner;
    if ('enum' in type) return spelledValue(type.enum, inner);
    return type.map
      ? mapped(inner, (each) => spelled(each, type.message, texts))
      : spelled(inner, type.message, texts);
  });
}

function spelledValue(name: EnumName, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return mapped(value, (item) => spelledValue(name, item));
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const written = String(value);
  const made = spelledEnum(name, written);
  return made === written ? value : made;
}

/** The map from category to threshold. */
function spelledSafety(settings: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const [category, threshold] of Object.entries(settings)) {
    const key = spelledEnum('harmCategory', category);
    setOwn(copy, key, spelledValue('harmThreshold', threshold));
    copyPlace(settings, category, copy, key);
  }
  return JSON.stringify(copy) === JSON.stringify(settings) ? settings : copy;
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
  const copy: JsonObject | JsonValue[] = isList ? [] : emptyMap(Object.keys(value));
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    const key = isList ? Number(name) : name;
    const written = writtenText(value, key);
    const made = isList && typeof inner === 'object' ? mapped(inner, change) : change(inner, name, written);
    changed ||= made !== inner;
    setOwn(copy as JsonObject, name, made);
    copyPlace(value, key, copy, key);
    if (written !== undefined && made === inner) setWritten(copy, key, written);
  }
  return changed ? copy : value;
}

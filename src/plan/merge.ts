import { copyPlace } from '../diagnostics/places.ts';
import { isObject, ownValue, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';

/** Under these keys stands a JSON Schema, in which a null is a value (`const: null`). */
const schemas = new Set(['responseSchema', 'responseJsonSchema', 'schema']);

/** Merges `over` onto `under`: maps by key, lists and scalars replace, null removes at any depth. Entries keep their places. Safety settings are one map in either form. */
export function mergeFields(under: JsonObject, over: JsonObject): JsonObject {
  const merged = emptyMap([...Object.keys(under), ...Object.keys(over)]);
  const put = (from: JsonObject, key: string, below: JsonValue | undefined): void => {
    const value = from[key] ?? null;
    const isWhole = !isObject(value) || (schemas.has(key) && !isObject(below));
    setOwn(
      merged,
      key,
      isWhole
        ? value
        : mergeFields(isObject(below) ? below : key === 'safetySettings' ? settingsOf(below) : {}, value),
    );
    copyPlace(from, key, merged, key);
  };
  for (const [key, value] of Object.entries(under)) if (value !== null) put(under, key, undefined);
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else put(over, key, ownValue(merged, key));
  }
  return merged;
}

/** The API's list of safety settings as the map that it stands for. */
function settingsOf(list: JsonValue | undefined): JsonObject {
  const settings: JsonObject = {};
  if (!Array.isArray(list)) return settings;
  for (const entry of list)
    if (isObject(entry) && typeof entry.category === 'string') {
      setOwn(settings, entry.category, entry.threshold ?? null);
      copyPlace(entry, 'threshold', settings, entry.category);
    }
  return settings;
}

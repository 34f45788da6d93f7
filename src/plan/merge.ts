import { copyPlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** Merges `over` onto `under`: maps by key, lists and scalars replace, null removes. Entries keep their places. */
export function mergeFields(under: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const [key, value] of Object.entries(under)) {
    if (value === null) continue;
    merged[key] = value;
    copyPlace(under, key, merged, key);
  }
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else {
      const below: JsonValue | undefined = merged[key];
      merged[key] = isObject(value) && isObject(below) ? mergeFields(below, value) : value;
      copyPlace(over, key, merged, key);
    }
  }
  return merged;
}

import type { Place } from '../diagnostics/diagnostic.ts';
import { copyPlace, valuePlace } from '../diagnostics/places.ts';
import { setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';

/** Maps the values of a map; the same map comes back where none changed, else a copy that keeps the places. */
export async function mapEntries(
  map: JsonObject,
  change: (value: JsonValue, key: string, place: Place | undefined) => Promise<JsonValue>,
): Promise<JsonObject> {
  const copy = emptyMap(Object.keys(map));
  let changed = false;
  for (const [key, value] of Object.entries(map)) {
    const made = await change(value, key, valuePlace(map, key));
    changed ||= made !== value;
    setOwn(copy, key, made);
    copyPlace(map, key, copy, key);
  }
  return changed ? copy : map;
}

/** The same for a list; an item that `flattens` is put in as its own items. */
export async function mapItems(
  list: JsonValue[],
  change: (value: JsonValue, place: Place | undefined) => Promise<JsonValue>,
  flattens: (value: JsonValue) => boolean = () => false,
): Promise<JsonValue[]> {
  const copy: JsonValue[] = [];
  let changed = false;
  for (const [index, value] of list.entries()) {
    const made = await change(value, valuePlace(list, index));
    const isList = Array.isArray(made) && flattens(made);
    changed ||= made !== value || isList;
    if (isList) {
      for (const [inner, item] of made.entries()) {
        copyPlace(made, inner, copy, copy.length);
        copy.push(item);
      }
    } else {
      copyPlace(list, index, copy, copy.length);
      copy.push(made);
    }
  }
  return changed ? copy : list;
}

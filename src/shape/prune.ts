import { copyPlace, setPlace, valuePlace, keyPlace } from '../diagnostics/places.ts';
import { isObject, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { copyLost, markLost } from '../lib/lost.ts';
import { steps } from './pointer.ts';
import type { SchemaFault } from './schema-fault.ts';
import { schemaOf } from './words.ts';

type Container = JsonObject | JsonValue[];

/**
 * A copy of a value without what a validator found wrong, so that the rest can be looked at further and all faults
 * told at once. `standIn` names what is left in the place of a value whose name others may refer to.
 */
export function prune(
  root: JsonObject,
  faults: readonly SchemaFault[],
  standIn: (path: readonly string[]) => JsonValue | undefined,
): JsonObject {
  const copy = clone(root);
  const emptied = new Set<JsonValue[]>();
  for (const fault of faults) {
    const path = steps(fault.instancePath);
    const extra = fault.keyword === 'additionalProperties' ? fault.params.additionalProperty : undefined;
    if (typeof extra !== 'string') remove(copy, path, path.slice(-1), standIn, emptied);
    else remove(copy, [...path, extra], meantBy(extra, fault), standIn, emptied);
  }
  for (const list of emptied) compact(list);
  return copy;
}

/** The known key that an unknown one resembles. */
function meantBy(key: string, fault: SchemaFault): string[] | undefined {
  const { properties } = schemaOf(fault);
  const near = isObject(properties) ? nearest(key, Object.keys(properties)) : undefined;
  return near === undefined ? undefined : [near];
}

/** `meant` are the keys that the last step of the path stands for; undefined where it resembles none. */
function remove(
  root: JsonObject,
  path: readonly string[],
  meant: readonly string[] | undefined,
  standIn: (path: readonly string[]) => JsonValue | undefined,
  emptied: Set<JsonValue[]>,
): void {
  let at: JsonValue = root;
  for (const step of path.slice(0, -1)) {
    const next: JsonValue | undefined = Array.isArray(at)
      ? at[Number(step)]
      : isObject(at)
        ? at[step]
        : undefined;
    if (next === undefined) return;
    at = next;
  }
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(at)) {
    at[Number(last)] = gone as unknown as JsonValue;
    emptied.add(at);
  } else if (isObject(at) && Object.hasOwn(at, last)) {
    const instead = standIn(path);
    if (instead === undefined) {
      delete at[last];
      markLost(at, meant);
    } else at[last] = instead;
  }
}

/** Marks an item that was taken out of a list, until the list is closed up. */
const gone = Symbol('gone');

function compact(list: JsonValue[]): void {
  let next = 0;
  for (const [index, item] of list.entries()) {
    if ((item as unknown) === gone) continue;
    const place = valuePlace(list, index);
    list[next] = item;
    if (place) setPlace(list, next, place, keyPlace(list, index));
    next++;
  }
  list.length = next;
}

function clone<T extends Container>(value: T): T {
  const copy: Container = Array.isArray(value) ? [] : {};
  for (const [key, inner] of Object.entries(value)) {
    const index = Array.isArray(value) ? Number(key) : key;
    const made = typeof inner === 'object' && inner !== null ? clone(inner) : inner;
    if (Array.isArray(copy)) copy.push(made);
    else setOwn(copy, key, made);
    copyPlace(value, index, copy, index);
  }
  copyLost(value, copy);
  return copy as T;
}

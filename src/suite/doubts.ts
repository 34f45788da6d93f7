import type { JsonObject, JsonValue } from '../lib/json.ts';
import { isObject } from '../lib/json.ts';
import { markLost, mayHaveLost } from '../lib/lost.ts';
import type { Doubts } from './suite.ts';

type Doubt = Doubts extends ReadonlySet<infer D> ? D : never;

/** What of a map is in doubt: that which one of these keys says, and which it may have lost to a fault. */
export function doubtsOf(
  value: JsonValue,
  keys: Partial<Record<Doubt, readonly string[]>>,
): { doubts?: Doubts } {
  if (!isObject(value)) return {};
  const found = Object.entries(keys).flatMap(([doubt, named]) =>
    mayHaveLost(value, ...named) ? [doubt as Doubt] : [],
  );
  return found.length > 0 ? { doubts: new Set(found) } : {};
}

/** The same with more doubts. */
export function withDoubts(
  { doubts = new Set() }: { doubts?: Doubts },
  ...more: readonly Doubt[]
): { doubts: Doubts } {
  return { doubts: new Set([...doubts, ...more]) };
}

/** Stands in for a config that could not be read: nothing is known of it. */
export function unreadConfig(): JsonObject {
  const config: JsonObject = {};
  markLost(config, ['method', 'model']);
  return config;
}

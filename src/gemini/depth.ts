import type { JsonValue } from '../lib/json.ts';

/** Levels of lists and maps in a reply; an answer of the API has about ten. What walks a reply may recurse so far safely. */
export const deepest = 200;

/** Whether a value is nested more than {@link deepest} levels deep; counts without recursion. */
export function isTooDeep(value: JsonValue | undefined): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === deepest) return true;
    const below: object[] = [];
    for (const each of level)
      for (const inner of Object.values(each) as unknown[])
        if (typeof inner === 'object' && inner !== null) below.push(inner);
    level = below;
  }
  return false;
}

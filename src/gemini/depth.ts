import type { JsonValue } from '../lib/json.ts';

/** Levels of lists and maps in a reply; an answer of the API has about ten. What walks a reply may recurse so far safely. */
export const deepest = 200;

/** Whether a value is nested more than {@link deepest} levels deep. */
export function isTooDeep(value: JsonValue | undefined, levels = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isTooDeep(inner, levels - 1));
  for (const key in value) if (isTooDeep(value[key], levels - 1)) return true;
  return false;
}

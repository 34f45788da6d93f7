import { keptText } from '../lib/written-number.ts';
import { valuePlace } from './places.ts';

/** A number or flag as YAML and JSON write it: anything else that stands at a place was not that value's own text. */
const plainScalar = /^[-+.\w]+$/;

/** The text that the number or flag `container[key]` was written as (`0123`, `1.10`); undefined where that is not known. */
export function writtenText(container: object, key: string | number): string | undefined {
  const value: unknown = (container as Record<string | number, unknown>)[key];
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  // Where no file with places was read, or a template gave the value.
  const own = keptText(container, key);
  if (own !== undefined) return own;
  const place = valuePlace(container, key);
  if (!place) return undefined;
  const text = place.file.text.slice(place.start, place.end);
  return plainScalar.test(text) ? text : undefined;
}

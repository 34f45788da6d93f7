import { valuePlace } from './places.ts';

/** A number or flag as YAML and JSON write it: anything else that stands at a place was not that value's own text. */
const plainScalar = /^[-+.\w]+$/;

/** Texts that were kept by themselves, where no file with places was read or a template gave the value. */
const kept = new WeakMap<object, Map<string | number, string>>();

/** Keeps the text that the scalar `container[key]` was written as. */
export function setWritten(container: object, key: string | number, text: string): void {
  let texts = kept.get(container);
  if (!texts) kept.set(container, (texts = new Map()));
  texts.set(key, text);
}

/** The text that the number or flag `container[key]` was written as (`0123`, `1.10`); undefined where that is not known. */
export function writtenText(container: object, key: string | number): string | undefined {
  const value: unknown = (container as Record<string | number, unknown>)[key];
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const own = kept.get(container)?.get(key);
  if (own !== undefined) return own;
  const place = valuePlace(container, key);
  if (!place) return undefined;
  const text = place.file.text.slice(place.start, place.end);
  return plainScalar.test(text) ? text : undefined;
}

import type { JsonObject } from '../lib/json.ts';
import { byType, number, object, optional, reference, type Doc, type Shape } from '../shape/shape.ts';

/** Inclusive bounds; a bare number is `equals`. */
export type Bounds = number | { min?: number; max?: number; equals?: number };

const one = number({ template: true });

/** The one definition of the shape of {@link Bounds}. */
export const boundsDefs: JsonObject = {
  bounds: byType({
    number: one,
    text: one,
    map: object(
      {
        min: optional(number({ doc: 'At least this.', example: 1, template: true })),
        max: optional(number({ doc: 'At most this.', example: 10, template: true })),
        equals: optional(number({ doc: 'Just this.', example: 3, template: true })),
      },
      { min: 1 },
    ),
  }).schema,
};

/** The shape of {@link Bounds}. */
export function bounds(doc: Doc = {}): Shape<Bounds> {
  return reference<Bounds>('bounds', doc);
}

/** Whether a figure lies within bounds. */
export function within(value: number, bound: Bounds): boolean {
  if (typeof bound === 'number') return value === bound;
  const { min, max, equals } = bound;
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (equals === undefined || value === equals)
  );
}

/** `at least 3`, `at most 9`, `3 to 9`, `exactly 4`. */
export function boundsInWords(bound: Bounds): string {
  if (typeof bound === 'number') return `exactly ${bound}`;
  const { min, max, equals } = bound;
  if (equals !== undefined) return `exactly ${equals}`;
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max ?? '?'}`;
}

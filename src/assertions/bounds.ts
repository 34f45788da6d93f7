import { isAtLeast, isNearly } from '../lib/nearly-equal.ts';
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
        equals: optional(number({ doc: 'Exactly this.', example: 3, template: true })),
      },
      { min: 1 },
    ),
  }).schema,
};

/** The shape of {@link Bounds}. */
export function bounds(doc: Doc = {}): Shape<Bounds> {
  return reference<Bounds>('bounds', doc);
}

/** Whether a figure lies within bounds, float error aside. */
export function within(value: number, bound: Bounds): boolean {
  if (typeof bound === 'number') return isNearly(value, bound);
  const { min, max, equals } = bound;
  return (
    (min === undefined || isAtLeast(value, min)) &&
    (max === undefined || isAtLeast(max, value)) &&
    (equals === undefined || isNearly(value, equals))
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

/** Bounds and what is counted: `at least 1 call`, `3 to 9 calls`. */
export function boundsOf(bound: Bounds, noun: string): string {
  const words = boundsInWords(bound);
  return `${words} ${noun}${/^(?:exactly|at least|at most) 1$/.test(words) ? '' : 's'}`;
}

/** The share of a bound that must be left so that a figure does not count as close to it. */
const nearBoundShare = 0.1;

/** In words, how a figure within bounds comes close to one of them: `790 words, at most 800`; undefined if it does not. */
export function nearBound(value: number, bound: Bounds, unit: string): string | undefined {
  if (typeof bound === 'number' || bound.equals !== undefined || !within(value, bound)) return undefined;
  const { min, max } = bound;
  // With such narrow bounds every figure is near one: that was intended.
  if (min !== undefined && max !== undefined && max - min <= 2 * nearBoundShare * max) return undefined;
  if (max !== undefined && max > 0 && max - value < max * nearBoundShare)
    return `${value} ${unit}, at most ${max}`;
  if (min !== undefined && min > 0 && value - min < min * nearBoundShare)
    return `${value} ${unit}, at least ${min}`;
  return undefined;
}

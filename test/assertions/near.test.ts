import { expect, test } from 'vitest';
import { nearBound, type Bounds } from '../../src/assertions/bounds.ts';

test.for<[number, Bounds, string | undefined]>([
  [720, { max: 800 }, undefined],
  [721, { max: 800 }, '721 words, at most 800'],
  [800, { max: 800 }, '800 words, at most 800'],
  [801, { max: 800 }, undefined],
  [50, { min: 50 }, '50 words, at least 50'],
  [54, { min: 50 }, '54 words, at least 50'],
  [55, { min: 50 }, undefined],
  [75, { min: 50, max: 100 }, undefined],
  [95, { min: 50, max: 100 }, '95 words, at most 100'],
  // So narrow that every figure is close to a bound: it was meant so.
  [95, { min: 90, max: 100 }, undefined],
  [5, 5, undefined],
  [5, { equals: 5 }, undefined],
  [0, { max: 0 }, undefined],
  [0, { min: 0 }, undefined],
])('%f within %j: %s', ([value, bound, text]) => {
  expect(nearBound(value, bound, 'words')).toBe(text);
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRetryBudget, waitBefore } from '../../src/execute/retry.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test.for([
  [0, 0.5, 250],
  [1, 0.5, 500],
  [2, 0.999, 1998],
  [5, 0.5, 8000],
  [6, 0.5, 15_000],
  [60, 0.5, 15_000],
  [1100, 0.5, 15_000],
  [3, 0, 0],
] as const)('retry %i at chance %d waits %i ms', ([retry, random, ms]) => {
  expect(waitBefore(retry, undefined, random)).toBe(ms);
});

test('backs off between 0 and 500 ms × 2ⁿ, 30 s at most', () => {
  fc.assert(
    fc.property(fc.nat(40), chance, (retry, random) => {
      const ms = waitBefore(retry, undefined, random);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** retry));
      expect(Number.isInteger(ms)).toBe(true);
    }),
  );
});

test('waits as long as requested, and a tenth more at most', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(300_000), chance, (retry, requestedMs, random) => {
      const ms = waitBefore(retry, requestedMs, random);
      expect(ms).toBeGreaterThanOrEqual(requestedMs);
      expect(ms).toBeLessThanOrEqual(Math.ceil(requestedMs * 1.1));
    }),
  );
  expect(waitBefore(0, 0, 0.9)).toBe(0);
});

test('allows a minimum of retries plus half of the successes', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.array(fc.boolean(), { maxLength: 200 }), (floor, steps) => {
      const budget = createRetryBudget(floor);
      let successes = 0;
      let taken = 0;
      for (const success of steps) {
        if (success) {
          budget.earn();
          successes++;
        } else {
          const given = budget.take();
          expect(given).toBe(taken + 1 <= floor + successes / 2);
          if (given) taken++;
        }
      }
      expect(taken).toBeLessThanOrEqual(floor + successes / 2);
    }),
  );
});

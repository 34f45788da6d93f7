import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRanking } from '../../src/report/ranking.ts';

test('keeps the first items of a stable sort', () => {
  const item = fc.record({ weight: fc.integer({ min: 0, max: 5 }), name: fc.nat() });
  fc.assert(
    fc.property(fc.array(item), fc.integer({ min: 0, max: 8 }), (items, most) => {
      const order = (a: { weight: number }, b: { weight: number }): number => b.weight - a.weight;
      const ranking = createRanking(most, order);
      for (const each of items) ranking.add(each);
      expect(ranking.top()).toEqual(items.toSorted(order).slice(0, most));
      expect(ranking.count()).toBe(items.length);
    }),
  );
});

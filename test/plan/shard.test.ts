/** Shares of a plan: the same everywhere, steady when cases are added, and no shard much above its fair share. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/lib/canonical.ts';
import { assignShards, type Shardable } from '../../src/plan/shard.ts';

const named = (name: string, cost: number): Shardable => ({ hash: sha256(name), cost });
const some = fc.array(fc.record({ name: fc.string(), cost: fc.nat(100_000) }), { maxLength: 60 });
const counts = fc.integer({ min: 1, max: 12 });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function loadsOf(cases: readonly Shardable[], count: number): number[] {
  const loads = Array.from({ length: count }, () => 0);
  for (const [index, shard] of assignShards(cases, count).entries())
    loads[shard - 1] = (loads[shard - 1] ?? 0) + (cases[index]?.cost ?? 0);
  return loads;
}

test('puts every case in exactly one shard, in any order of cases', () => {
  fc.assert(
    fc.property(some, counts, fc.func(fc.nat()), (given, count, rank) => {
      const cases = new Map(given.map(({ name, cost }) => [name, named(name, cost)]));
      const place = (entries: readonly (readonly [string, Shardable])[]): Map<string, number | undefined> => {
        const shards = assignShards(
          entries.map(([, each]) => each),
          count,
        );
        return new Map(entries.map(([name], index) => [name, shards[index]]));
      };
      const one = place([...cases]);
      const other = place([...cases].toSorted(([a], [b]) => rank(a) - rank(b)));
      for (const [name, shard] of one) {
        expect(shard).toBeGreaterThanOrEqual(1);
        expect(shard).toBeLessThanOrEqual(count);
        expect(other.get(name)).toBe(shard);
      }
    }),
  );
});

test('no shard gets more than 1.1 of its fair share, or one case more than it', () => {
  fc.assert(
    fc.property(some, counts, (given, count) => {
      const cases = given.map(({ name, cost }, index) => named(`${index}${name}`, cost));
      const fair = sum(cases.map(({ cost }) => cost)) / count;
      const largest = Math.max(0, ...cases.map(({ cost }) => cost));
      for (const load of loadsOf(cases, count))
        expect(load).toBeLessThanOrEqual(Math.max(1.1 * fair, fair + largest) + 1e-6);
    }),
  );
});

/** The figures of docs/decisions/0006-shards.md: shares of the cases, at most. */
test.for([
  { cases: 100, count: 3, unequal: false, above: 0.1, moved: 0.03 },
  { cases: 1000, count: 3, unequal: false, above: 0.1, moved: 0.001 },
  { cases: 1000, count: 8, unequal: false, above: 0.1, moved: 0.004 },
  { cases: 1000, count: 3, unequal: true, above: 0.1, moved: 0.02 },
  { cases: 1000, count: 8, unequal: true, above: 0.2, moved: 0.04 },
  { cases: 5000, count: 8, unequal: true, above: 0.1, moved: 0.005 },
])(
  'of $cases cases in $count shards (unequal: $unequal) hardly one moves when one is added',
  ({ cases: size, count, unequal, above, moved }) => {
    // Costs that span three orders of magnitude, drawn from the name.
    const costOf = (name: string): number =>
      unequal
        ? Math.round(10 ** (2 + (3 * Number.parseInt(sha256(`cost ${name}`).slice(0, 8), 16)) / 2 ** 32))
        : 1000;
    const cases = Array.from({ length: size }, (_, index) => named(`case ${index}`, costOf(`case ${index}`)));
    const loads = loadsOf(cases, count);
    expect(Math.max(...loads) / (sum(loads) / count)).toBeLessThanOrEqual(1 + above);
    const before = assignShards(cases, count);
    for (let index = 0; index < 5; index++) {
      const added = named(`added ${index}`, costOf(`added ${index}`));
      // In front: its place in the file is no matter.
      const after = assignShards([added, ...cases], count).subarray(1);
      const others = cases.filter((_, at) => before[at] !== after[at]);
      expect(others.length / size).toBeLessThanOrEqual(moved);
    }
  },
);

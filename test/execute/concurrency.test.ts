import { describe, expect, test } from 'vitest';
import { autoConcurrency, fixedConcurrency } from '../../src/execute/concurrency.ts';

/** Tells of so many completions, at a throughput (a second) that depends on the limit. */
function simulate(throughput: (limit: number) => number, completions: number) {
  let now = 0;
  const limits: number[] = [];
  const concurrency = autoConcurrency(() => now);
  const complete = (refused = false): void => {
    now += 1000 / throughput(concurrency.limit());
    concurrency.settled(refused);
    limits.push(concurrency.limit());
  };
  for (let index = 0; index < completions; index++) complete();
  return { concurrency, limits, complete };
}

test('keeps a fixed number', () => {
  const concurrency = fixedConcurrency(12);
  for (let index = 0; index < 100; index++) concurrency.settled(index % 2 === 0);
  expect(concurrency.limit()).toBe(12);
});

describe('auto', () => {
  test('grows while it helps, up to its limit', () => {
    const { limits } = simulate((limit) => limit * 10, 5000);
    expect([...new Set(limits)]).toEqual([8, 12, 18, 27, 41, 62, 93, 140, 210, 256]);
  });

  test('steps back when more does not help, and settles', () => {
    const { limits } = simulate((limit) => Math.min(limit, 20) * 10, 20_000);
    const settled = limits.slice(1000);
    // 27 in flight are no better than 18, which nearly reach the most there is; now and then it is tried anew.
    expect(Math.max(...settled)).toBeLessThanOrEqual(41);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(18);
    const steady = new Map<number, number>();
    for (const limit of settled) steady.set(limit, (steady.get(limit) ?? 0) + 1);
    const most = [...steady].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
    expect([18, 27]).toContain(most);
  });

  test('does not grow if the server slows down', () => {
    const { limits } = simulate((limit) => (limit <= 12 ? limit * 10 : 1000 / limit), 20_000);
    expect(limits.slice(1000).filter((limit) => limit > 12).length).toBeLessThan(limits.length / 4);
  });

  test('each round of rejections halves it once', () => {
    const { concurrency, complete } = simulate((limit) => limit * 10, 200);
    const before = concurrency.limit();
    expect(before).toBeGreaterThan(16);
    complete(true);
    const half = Math.floor(before / 2);
    expect(concurrency.limit()).toBe(half);
    for (let left = 0; left < before; left++) complete(true);
    expect(concurrency.limit()).toBe(half);
    complete(true);
    expect(concurrency.limit()).toBe(Math.floor(half / 2));
  });

  test('never goes below one', () => {
    const { concurrency, complete } = simulate((limit) => limit, 20);
    for (let index = 0; index < 1000; index++) complete(true);
    expect(concurrency.limit()).toBe(1);
    for (let index = 0; index < 1000; index++) complete();
    expect(concurrency.limit()).toBeGreaterThan(8);
  });

  test('pauses after a rejection before it grows again', () => {
    const { concurrency, complete } = simulate((limit) => limit * 10, 200);
    complete(true);
    const half = concurrency.limit();
    for (let index = 0; index < half * 4; index++) complete();
    expect(concurrency.limit()).toBe(half);
  });
});

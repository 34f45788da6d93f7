import { expect, test } from 'vitest';
import { createTokenBucket } from '../../src/execute/token-bucket.ts';
import { fakeClock, seeded } from './fake-clock.ts';

const minutes = 5;
const open = (): AbortSignal => new AbortController().signal;

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

/** The moments at which calls start that all ask at once, in ms from now. */
async function starts(rate: { rpm?: number; tpm?: number }, calls: readonly number[], full = true) {
  const clock = fakeClock();
  const pacer = createTokenBucket(rate, clock, full);
  const begun = clock.now();
  const at: { call: number; ms: number }[] = [];
  calls.forEach((tokens, call) => {
    void pacer.take(tokens, open()).then(() => at.push({ call, ms: clock.now() - begun }));
  });
  await clock.pass(minutes * 60_000);
  return at;
}

test.for([60, 90, 300, 1200, 3000])('%i a minute: the long-term rate is exact', async (rpm) => {
  const at = await starts({ rpm }, ones(rpm * (minutes + 2)));
  const burst = Math.max(2, rpm / 60) - 1;
  expect(at.length).toBe(Math.floor(rpm * minutes + burst + 1e-6));
});

test.for([60, 300, 3000])('%i a minute: no period has more calls than the service allows', async (rpm) => {
  const at = await starts({ rpm }, ones(500));
  const burst = Math.max(2, rpm / 60);
  for (let from = 0; from < at.length; from++)
    for (let to = from; to < at.length; to += 7) {
      const stretch = ((at[to]?.ms ?? 0) - (at[from]?.ms ?? 0)) / 60_000;
      expect(to - from + 1).toBeLessThanOrEqual(burst + rpm * stretch + 1e-6);
    }
});

test('calls start in the order of their requests', async () => {
  const random = seeded(3);
  const at = await starts(
    { rpm: 600, tpm: 60_000 },
    Array.from({ length: 200 }, () => Math.floor(random() * 900)),
  );
  expect(at.map(({ call }) => call)).toEqual(at.map((_, index) => index));
});

test('the burst starts at once; after a rejection nothing does', async () => {
  expect((await starts({ rpm: 600 }, ones(10))).map(({ ms }) => ms)).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 100,
  ]);
  expect((await starts({ rpm: 600 }, [1, 1, 1], false)).map(({ ms }) => ms)).toEqual([100, 200, 300]);
});

test('admits a call larger than the bucket; later calls wait for its debt', async () => {
  // 6,000 a minute: a bucket of 100, filled by 100 a second.
  const at = await starts({ tpm: 6000 }, [1000, 100, 100]);
  expect(at.map(({ ms }) => ms)).toEqual([0, 10_000, 11_000]);
  // What is not there at first is waited for, until the bucket is full.
  expect((await starts({ tpm: 6000 }, [100, 1000, 1000])).map(({ ms }) => ms)).toEqual([0, 1000, 11_000]);
});

test('returned tokens admit waiting calls, and debt delays them', async () => {
  const clock = fakeClock();
  const pacer = createTokenBucket({ tpm: 6000 }, clock);
  const begun = clock.now();
  const at: number[] = [];
  for (let call = 0; call < 3; call++) void pacer.take(1000, open()).then(() => at.push(clock.now() - begun));
  await clock.pass(2000);
  pacer.settle(1000, 50);
  // The first was of 50: the second waits for those and a full bucket.
  await clock.pass(0);
  expect(at).toEqual([0, 2000]);
  pacer.settle(1000, 2000);
  await clock.pass(60_000);
  expect(at).toEqual([0, 2000, 20_500]);
  expect(clock.sleeping()).toBe(0);
});

test('bounds tokens over time, for any sizes', async () => {
  const random = seeded(5);
  const calls = Array.from({ length: 2000 }, () => 1 + Math.floor(random() * 5000));
  const at = await starts({ tpm: 60_000 }, calls);
  const started = at.reduce((sum, { call }) => sum + (calls[call] ?? 0), 0);
  // The last one may be larger than the bucket.
  expect(started).toBeLessThanOrEqual(60_000 * minutes + 1000 + 5000);
  expect(started).toBeGreaterThan(60_000 * minutes - 5000);
});

test('returns unused tokens and owes missing ones', async () => {
  const clock = fakeClock();
  const pacer = createTokenBucket({ tpm: 60_000 }, clock);
  const begun = clock.now();
  await pacer.take(1000, open());
  pacer.settle(1000, 200);
  await pacer.take(800, open());
  expect(clock.now()).toBe(begun);
  pacer.settle(800, 1800);
  let started: number | undefined;
  void pacer.take(500, open()).then(() => (started = clock.now() - begun));
  await clock.pass(10_000);
  expect(started).toBe(1500);
});

test('does not fill above its capacity', async () => {
  const clock = fakeClock();
  const pacer = createTokenBucket({ rpm: 120 }, clock);
  await clock.pass(3_600_000);
  pacer.settle(0, 0);
  const begun = clock.now();
  const at: number[] = [];
  for (let call = 0; call < 3; call++) void pacer.take(1, open()).then(() => at.push(clock.now() - begun));
  await clock.pass(5000);
  expect(at).toEqual([0, 500, 1000]);
});

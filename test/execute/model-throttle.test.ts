import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createModelThrottle,
  type ModelThrottle,
  type ThrottleNotice,
} from '../../src/execute/model-throttle.ts';
import { createThrottles } from '../../src/execute/throttles.ts';
import { fakeClock, settle, type FakeClock } from './fake-clock.ts';

/** Enters, and records when it was admitted. */
function entering(throttle: ModelThrottle, clock: FakeClock, again = false): { at: number | undefined } {
  const entry: { at: number | undefined } = { at: undefined };
  const begun = clock.now();
  void Promise.resolve(throttle.enter(10, again)).then(() => (entry.at = clock.now() - begun));
  return entry;
}

const passed = { refused: false, reservedTokens: 10 };
const refused = (retryAfterMs: number) => ({ refused: true, retryAfterMs, reservedTokens: 10 });

describe('a throttle without limits', () => {
  test('admits all calls at once', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    const entries = Array.from({ length: 100 }, () => entering(throttle, clock));
    await settle();
    expect(entries.every(({ at }) => at === 0)).toBe(true);
  });

  test('a single rejection delays no other call', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    for (let call = 0; call < 6; call++) {
      await throttle.enter(10, false);
      throttle.leave(call === 3 ? refused(5000) : passed);
    }
    const next = entering(throttle, clock);
    await settle();
    expect(next.at).toBe(0);
  });

  test('a used-up quota blocks all calls for its wait, then admits one, and one more per success', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    for (let call = 0; call < 4; call++) await throttle.enter(10, false);
    for (let call = 0; call < 4; call++) throttle.leave(refused(3000));
    const entries = Array.from({ length: 6 }, () => entering(throttle, clock));
    const inside = (): number => entries.filter(({ at }) => at !== undefined).length;
    await clock.pass(2999);
    expect(inside()).toBe(0);
    await clock.pass(1);
    expect(inside()).toBe(1);
    throttle.leave(passed);
    await settle();
    expect(inside()).toBe(3);
    throttle.leave(passed);
    await settle();
    expect(inside()).toBe(5);
    throttle.leave(refused(1000));
    await settle();
    expect(inside()).toBe(5);
  });

  test('a rejected call goes before new calls', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    for (let call = 0; call < 3; call++) await throttle.enter(10, false);
    for (let call = 0; call < 2; call++) throttle.leave(refused(100));
    // One is still inside, and one may be: both wait.
    const fresh = entering(throttle, clock);
    const again = entering(throttle, clock, true);
    await clock.pass(500);
    expect([fresh.at, again.at]).toEqual([undefined, undefined]);
    throttle.leave(refused(0));
    await settle();
    expect([fresh.at, again.at]).toEqual([undefined, 500]);
  });

  test('a rejection that names the limit sets the rate', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    await throttle.enter(10, false);
    throttle.leave({ ...refused(2000), limits: { rpm: 600 } });
    const entries = Array.from({ length: 12 }, () => entering(throttle, clock));
    await clock.pass(60_000);
    // While it waited the bucket of 9 filled; then one every 100 ms.
    expect(entries.map(({ at }) => at)).toEqual([...Array.from({ length: 9 }, () => 2000), 2100, 2200, 2300]);
  });

  test('without a requested wait it waits longer after each probe, up to two minutes, and gives up after ten', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    const plain = { refused: true, reservedTokens: 10 };
    for (let call = 0; call < 3; call++) await throttle.enter(10, false);
    const ends = [1, 2, 3].map(() => throttle.leave(plain));
    const seconds: number[] = [];
    while (!ends.at(-1)) {
      const since = clock.now();
      const entry = entering(throttle, clock, true);
      while (entry.at === undefined) await clock.pass(500);
      seconds.push((clock.now() - since) / 1000);
      ends.push(throttle.leave(plain));
    }
    expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120, 120]);
    // One that passes ends it all.
    const entry = entering(throttle, clock, true);
    await clock.pass(120_000);
    expect([entry.at, throttle.leave(passed)]).toEqual([120_000, false]);
    expect(throttle.leave(plain)).toBe(false);
  });

  test('rejected calls take turns, before all others', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    for (let call = 0; call < 3; call++) await throttle.enter(10, false);
    for (let call = 0; call < 2; call++) throttle.leave(refused(0));
    const order: string[] = [];
    for (const [name, again] of [
      ['fresh', false],
      ['a', true],
      ['b', true],
    ] as const)
      void Promise.resolve(throttle.enter(10, again)).then(() => order.push(name));
    for (let call = 0; call < 3; call++) {
      throttle.leave(refused(0));
      await settle();
    }
    expect(order).toEqual(['a', 'b', 'fresh']);
  });

  test('shows the current rate while calls wait', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock);
    await throttle.enter(10, false);
    throttle.leave({ ...refused(2000), limits: { rpm: 60 } });
    expect(throttle.pace()).toBeUndefined();
    const pass = async (): Promise<void> => {
      const entry = entering(throttle, clock);
      while (entry.at === undefined) await clock.pass(100);
      throttle.leave(passed);
    };
    while (clock.now() < 1_000_000 + 60_000) await pass();
    expect(throttle.pace()).toEqual({ kind: 'rpm', perMinute: 60 });
    while (clock.now() < 1_000_000 + 70_000) await pass();
    expect(throttle.pace()?.perMinute).toBeGreaterThan(60);
    await clock.pass(60_000);
    expect(throttle.pace()).toBeUndefined();
  });

  test('a rejected call gives back its reserved tokens', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({ tpm: 600 }, clock);
    await throttle.enter(10, false);
    throttle.leave(refused(0));
    await clock.pass(0);
    const next = entering(throttle, clock);
    await settle();
    expect(next.at).toBe(0);
  });

  test('limits of the user override those of the service', async () => {
    const clock = fakeClock();
    const throttle = createModelThrottle({ rpm: 60_000 }, clock);
    await throttle.enter(10, false);
    throttle.leave({ ...refused(2000), limits: { rpm: 1 } });
    const next = entering(throttle, clock);
    await settle();
    expect(next.at).toBe(0);
  });
});

describe('notices', () => {
  test('report once a limit that sets the rate', async () => {
    const reported: ThrottleNotice[] = [];
    const clock = fakeClock();
    const throttle = createModelThrottle({ tpm: 100 }, clock, (notice) => void reported.push(notice));
    for (const rpm of [600, 300]) {
      entering(throttle, clock);
      await clock.pass(10_000);
      throttle.leave({ ...refused(0), limits: { rpm, tpm: 5 } });
    }
    expect(reported).toEqual([{ kind: 'rpm', perMinute: 600 }]);
  });

  test.for<[what: string, waits: number[], notices: number]>([
    ['no notice for a short wait', [1000, 1000], 0],
    ['one notice for a long wait', [1000, 20_000], 1],
    ['one notice for many short waits', [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000], 1],
  ])('rejections: %s', async ([, waits, notices]) => {
    const reported: ThrottleNotice[] = [];
    const clock = fakeClock();
    const throttle = createModelThrottle({}, clock, (notice) => void reported.push(notice));
    for (const wait of waits) {
      const entry = entering(throttle, clock);
      await settle();
      while (entry.at === undefined) await clock.pass(500);
      throttle.leave(refused(wait));
    }
    expect(reported).toEqual(Array.from({ length: notices }, () => ({ kind: 'waiting' })));
  });
});

test('close wakes all calls that wait in line, for quota or for their rate', async () => {
  const clock = fakeClock();
  const blocked = createModelThrottle({}, clock);
  for (let call = 0; call < 4; call++) await blocked.enter(10, false);
  for (let call = 0; call < 4; call++) blocked.leave(refused(3_600_000));
  const paced = createModelThrottle({ rpm: 1 }, clock);
  const entries = [blocked, paced].flatMap((throttle) =>
    Array.from({ length: 20 }, () => entering(throttle, clock)),
  );
  await settle();
  blocked.close();
  paced.close();
  await settle();
  expect(entries.every(({ at }) => at === 0)).toBe(true);
  const late = entering(blocked, clock);
  await settle();
  expect([late.at, blocked.closed.aborted]).toEqual([0, true]);
  expect(clock.sleeping()).toBe(0);
});

test('admits every call and never more than allowed', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('enter' as const), again: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const), ms: fc.nat(500) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1000) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
      const clock = fakeClock();
      const throttle = createModelThrottle({}, clock);
      const seen = { entered: 0, letIn: 0, inside: 0 };
      const leave = async (how: () => void): Promise<void> => {
        if (seen.inside === 0) return;
        seen.inside--;
        how();
        await settle();
      };
      for (const each of steps) {
        if (each.do === 'enter') {
          seen.entered++;
          void Promise.resolve(throttle.enter(10, each.again)).then(() => {
            seen.letIn++;
            seen.inside++;
          });
          await settle();
        } else if (each.do === 'pass') await leave(() => throttle.leave(passed));
        else if (each.do === 'refuse') await leave(() => throttle.leave(refused(each.ms)));
        else if (each.do === 'withdraw') await leave(() => throttle.cancel());
        else await clock.pass(each.ms);
        expect(
          seen.inside > 0 || seen.letIn === seen.entered || clock.sleeping() > 0,
          'one waits for nobody and nothing',
        ).toBe(true);
      }
      // Everyone who is inside leaves well: then everyone who waits comes in.
      for (let round = 0; round < seen.entered * 2 && seen.letIn < seen.entered; round++) {
        await clock.pass(1000);
        expect(seen.letIn === seen.entered || seen.inside > 0, 'one waits though nobody is inside').toBe(
          true,
        );
        for (let left = seen.inside; left > 0; left--) await leave(() => throttle.leave(passed));
      }
      expect(seen.letIn).toBe(seen.entered);
    }),
    { numRuns: 300, seed: 11 },
  );
});

describe('throttles', () => {
  const stopping = new AbortController();
  const take = async (throttle: ModelThrottle, clock: FakeClock, calls: number): Promise<number> => {
    const entries = Array.from({ length: calls }, () => entering(throttle, clock));
    await clock.pass(3_600_000);
    return Math.max(...entries.map(({ at }) => at ?? Number.NaN));
  };

  test.for([
    ['the flag over the suites', { rpm: 600 }, [{ rpm: 60 }], 200],
    ['the lowest of the suites', {}, [{ rpm: 600 }, { rpm: 120 }, undefined], 1000],
    ['the model over its suite', {}, [{ rpm: 600, models: { m: { rpm: 1200 } } }], 0],
    ['no limit', {}, [undefined, {}], 0],
  ] as const)('%s', async ([, flags, suites, ms]) => {
    const clock = fakeClock();
    const { of: throttles } = createThrottles(suites, { ...flags, clock }, { drain: stopping.signal });
    const burst = ms === 200 ? 9 : ms === 1000 ? 1 : 0;
    expect(await take(throttles('m'), clock, burst + 2)).toBe(ms);
  });

  test('exist per model, and all close when the run stops', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const { of: throttles } = createThrottles([], { clock }, { drain: stop.signal });
    expect(throttles('a')).toBe(throttles('a'));
    expect(throttles('a')).not.toBe(throttles('b'));
    throttles('a').close();
    expect([throttles('a').closed.aborted, throttles('b').closed.aborted]).toEqual([true, false]);
    stop.abort();
    expect([throttles('b').closed.aborted, throttles('new').closed.aborted]).toEqual([true, true]);
  });
});

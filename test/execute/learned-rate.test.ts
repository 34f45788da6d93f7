/** The pace that refusals set, in whole runs against a service whose quota is counted by the same clock. */
import { expect, test } from 'vitest';
import { createModelThrottle } from '../../src/execute/model-throttle.ts';
import { createLearnedRate } from '../../src/execute/learned-rate.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

/** A refusal that names a limit a minute and a wait in ms; undefined: the call passes. */
type Service = (call: number) => { readonly rpm: number; readonly requestedMs: number } | undefined;

/** Runs `cases` calls of one second, `concurrency` at a time; rejected ones retry after the requested wait. */
async function run(cases: number, concurrency: number, clock: FakeClock, service: Service) {
  const throttle = createModelThrottle({}, clock);
  const begun = clock.now();
  let [calls, refused, next] = [0, 0, 0];
  const worker = async (): Promise<void> => {
    while (next < cases) {
      next++;
      for (let again = false; ; again = true) {
        await throttle.enter(0, again);
        const refusal = service(calls++);
        await clock.sleep(refusal ? 50 : 1000);
        if (!refusal) {
          throttle.leave({ refused: false, reservedTokens: 0 });
          break;
        }
        refused++;
        throttle.leave({
          refused: true,
          retryAfterMs: refusal.requestedMs,
          limits: { rpm: refusal.rpm },
          reservedTokens: 0,
        });
        await clock.sleep(refusal.requestedMs * 1.05);
      }
    }
  };
  const all = Promise.all(Array.from({ length: concurrency }, worker)).then(() => true);
  while (!(await Promise.race([all, clock.pass(5000)])));
  return { minutes: (clock.now() - begun) / 60_000, refused };
}

/** A token bucket of calls with the service's own burst, as the emulator counts. */
function bucketOf(rpm: number, clock: FakeClock): Service {
  const burst = Math.max(2, rpm / 60);
  let level = burst;
  let at = clock.now();
  return () => {
    level = Math.min(burst, level + ((clock.now() - at) * rpm) / 60_000);
    at = clock.now();
    if (level >= 1 - 1e-6) {
      level--;
      return undefined;
    }
    return { rpm, requestedMs: ((1 - level) * 60_000) / rpm };
  };
}

/** So many calls in each minute of the clock. */
function windowOf(rpm: number, clock: FakeClock): Service {
  let [minute, used] = [-1, 0];
  return () => {
    const now = Math.floor(clock.now() / 60_000);
    if (now !== minute) [minute, used] = [now, 0];
    return used++ < rpm ? undefined : { rpm, requestedMs: (now + 1) * 60_000 - clock.now() };
  };
}

test.for<[inFlight: number, minutes: number]>([
  [1, 19],
  [8, 5],
  [64, 4],
])(
  '1,000 cases, %i in flight: one stray rejection that names 10 a minute costs two minutes',
  async ([inFlight, most]) => {
    const clock = fakeClock();
    const stray = { rpm: 10, requestedMs: 2000 };
    const ran = await run(1000, inFlight, clock, (call) => (call === 20 ? stray : undefined));
    expect(ran.minutes).toBeLessThan(most);
    expect(ran.refused).toBe(1);
  },
);

test.for<[kind: string, rpm: number, inFlight: number, service: (rpm: number, clock: FakeClock) => Service]>([
  ['bucket', 10, 8, bucketOf],
  ['bucket', 60, 64, bucketOf],
  ['bucket', 300, 8, bucketOf],
  ['bucket', 1500, 64, bucketOf],
  ['window', 10, 8, windowOf],
  ['window', 300, 64, windowOf],
])('uses a real quota fully (a %s of %i, %i in flight) with few rejections', async (row) => {
  const [, rpm, inFlight, service] = row;
  const clock = fakeClock();
  const cases = rpm * 20;
  const ran = await run(cases, inFlight, clock, service(rpm, clock));
  expect(ran.minutes).toBeLessThan(21);
  // Nobody knows the limit before the calls that were in flight at first have been refused.
  expect(ran.refused - inFlight).toBeLessThan(cases * 0.05);
});

/** The requests a minute after each step: refused (with a limit or without), or passed while calls wait, for so many ms. */
function pacesOf(
  steps: readonly (readonly [what: 'refused' | 'waits' | 'idle', value: number])[],
  fixed = {},
): number[] {
  let now = 0;
  const pace = createLearnedRate(fixed, { now: () => now });
  return steps.map(([what, value]) => {
    if (what === 'refused') pace.refused(value > 0 ? { rpm: value } : {}, 0);
    const end = what === 'refused' ? now : now + value;
    for (; now < end; now += 1000) {
      if (what === 'waits') pace.waitedFor('rpm');
      pace.passed();
    }
    return Math.round(pace.rate().rpm ?? 0);
  });
}

test.for<[string, Parameters<typeof pacesOf>, number[]]>([
  [
    'nothing is paced before a limit is named',
    [
      [
        ['refused', 0],
        ['waits', 120_000],
      ],
    ],
    [0, 0],
  ],
  [
    'a minute at the limit, then twice as many each quarter of a minute',
    [
      [
        ['refused', 10],
        ['waits', 60_000],
        ['waits', 16_000],
        ['waits', 15_000],
      ],
    ],
    [10, 10, 24, 48],
  ],
  [
    'does not grow without waiting calls',
    [
      [
        ['refused', 10],
        ['idle', 600_000],
      ],
    ],
    [10, 10],
  ],
  [
    'a rejection halves the grown rate, even without a named limit',
    [
      [
        ['refused', 10],
        ['waits', 120_000],
        ['refused', 0],
      ],
    ],
    [10, 146, 73],
  ],
  [
    'stays above the limit and doubles the next pause',
    [
      [
        ['refused', 10],
        ['waits', 66_000],
        ['refused', 10],
        ['waits', 120_000],
        ['waits', 6000],
      ],
    ],
    [10, 16, 10, 10, 16],
  ],
  [
    'resets the pause to a minute at a new rate',
    [
      [
        ['refused', 10],
        ['waits', 120_000],
        ['refused', 10],
        ['waits', 60_000],
        ['waits', 1000],
      ],
    ],
    [10, 146, 73, 73, 91],
  ],
  [
    'a new limit replaces the old one',
    [
      [
        ['refused', 10],
        ['refused', 40],
      ],
    ],
    [10, 40],
  ],
  [
    "the user's own limit stays",
    [
      [
        ['refused', 10],
        ['waits', 600_000],
      ],
      { rpm: 5 },
    ],
    [0, 0],
  ],
])('%s', ([, [steps, fixed], expected]) => {
  expect(pacesOf(steps, fixed)).toEqual(expected);
});

/** Which trials a case is sent: a policy decides, from the trials that have settled, in the order of their numbers. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScheduler } from '../../src/execute/scheduler.ts';
import {
  fixedRepeats,
  missingTrials,
  type TrialPolicy,
  type TrialVerdict,
} from '../../src/judge/trial-policy.ts';
import { planSound } from '../suites.ts';

const suite = 'suite: s\nmodel: m\nprompts: { p: P, q: Q, r: R }\n';

/** Wants `passes` passed trials; sends the fewest that could bring them. Errored trials do not count. */
const untilPassed = (passes: number, max: number): TrialPolicy => ({
  max,
  next: (settled) => Math.max(0, passes - settled.filter((verdict) => verdict === 'passed').length),
});

/** Runs the cases of a suite whose trials have these verdicts, each after some turns of the loop. */
async function run(
  policy: TrialPolicy,
  verdictOf: (prompt: string, trial: number) => TrialVerdict | undefined,
  { turns = () => 1, concurrency = 2, known = new Map<string, TrialVerdict>() } = {},
): Promise<{ sent: string[]; total: number }> {
  const plan = await planSound(suite);
  const verdicts = new Map(known);
  const sent: string[] = [];
  const errors: unknown[] = [];
  const scheduler = createScheduler([plan], {
    concurrency: () => concurrency,
    drain: new AbortController().signal,
    onError: (error) => void errors.push(error),
    trialsToSend: (ref) => missingTrials(policy, (trial) => verdicts.get(`${ref.prompt?.name}${trial}`)),
    execute: async ({ prompt }, trial) => {
      const key = `${prompt?.name}${trial}`;
      sent.push(key);
      for (let left = turns(); left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
      const verdict = verdictOf(prompt?.name ?? '', trial);
      if (verdict) verdicts.set(key, verdict);
      return verdict !== undefined;
    },
  });
  await scheduler.run();
  expect(errors).toEqual([]);
  return { sent, total: scheduler.total() };
}

const trialsOf = (prompt: string, sent: readonly string[]): string[] =>
  sent.filter((key) => key.startsWith(prompt)).toSorted();

describe('a case', () => {
  test('with fixed repeats gets all its trials, for any verdicts', async () => {
    const { sent, total } = await run(fixedRepeats(3), () => 'failed');
    expect(trialsOf('p', sent)).toEqual(['p1', 'p2', 'p3']);
    expect([sent.length, total]).toEqual([9, 9]);
  });

  test('stops early if its policy has enough, and continues if not', async () => {
    const { sent, total } = await run(untilPassed(2, 9), (prompt, trial) =>
      prompt === 'q' && trial < 4 ? 'failed' : 'passed',
    );
    expect(trialsOf('p', sent)).toEqual(['p1', 'p2']);
    expect(trialsOf('q', sent)).toEqual(['q1', 'q2', 'q3', 'q4', 'q5']);
    expect(total).toBe(9);
  });

  test('gets at most the maximum of trials, errored ones included', async () => {
    const { sent } = await run(untilPassed(2, 4), (_, trial) => (trial === 1 ? 'passed' : 'errored'));
    expect(trialsOf('p', sent)).toEqual(['p1', 'p2', 'p3', 'p4']);
  });

  test('gets no more trials once one is lost', async () => {
    const { sent } = await run(untilPassed(2, 9), (prompt) => (prompt === 'p' ? undefined : 'passed'));
    expect(trialsOf('p', sent)).toEqual(['p1', 'p2']);
    expect(trialsOf('r', sent)).toEqual(['r1', 'r2']);
  });

  test('with trials from an earlier run gets only the missing ones', async () => {
    const known = new Map<string, TrialVerdict>([
      ['p1', 'passed'],
      ['q2', 'failed'],
      ['r1', 'passed'],
      ['r2', 'passed'],
    ]);
    const { sent, total } = await run(untilPassed(2, 9), () => 'passed', { known });
    expect(sent.toSorted()).toEqual(['p2', 'q1', 'q3']);
    expect(total).toBe(3);
  });

  test('that has started goes before new ones', async () => {
    const { sent } = await run(untilPassed(1, 9), (_, trial) => (trial < 3 ? 'failed' : 'passed'), {
      concurrency: 1,
    });
    expect(sent.indexOf('p3')).toBeLessThan(sent.indexOf('r2'));
  });
});

test('the same verdicts give the same trials, in any order of completion', async () => {
  const verdict = fc.constantFrom<TrialVerdict>('passed', 'failed', 'errored');
  await fc.assert(
    fc.asyncProperty(
      fc.array(verdict, { minLength: 12, maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
      fc.integer({ min: 1, max: 12 }),
      async (verdicts, delays, concurrency) => {
        const at = (_: string, trial: number): TrialVerdict | undefined => verdicts[trial - 1];
        const once = await run(untilPassed(3, 12), at, { concurrency: 1 });
        const other = await run(untilPassed(3, 12), at, {
          concurrency,
          turns: () => delays.next().value ?? 0,
        });
        expect(other.sent.toSorted()).toEqual(once.sent.toSorted());
      },
    ),
    { numRuns: 30 },
  );
});

/** A case has enough trials, or lost some: its policy says which. */
import { expect, test } from 'vitest';
import { createJudge } from '../../src/judge/judge.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { fixedRepeats, type TrialPolicy } from '../../src/judge/trial-policy.ts';
import { planSound } from '../suites.ts';
import { failure, recordOf, type Came } from './judged.ts';

/** Two trials at first; enough when both came out alike, else two more. Errored trials decide nothing. */
const untilAlike: TrialPolicy = {
  max: 6,
  next: (settled) => {
    const decided = settled.filter((verdict) => verdict !== 'errored');
    if (decided.length < 2) return 2 - decided.length;
    return decided.at(-1) === decided.at(-2) ? 0 : 2;
  },
};

const came: Record<string, Came> = { P: 'good', F: 'bad', E: failure(503, 'UNAVAILABLE') };

/** Judges trials, given by their letters in the order of their numbers (`-`: it did not settle). */
async function judgeCase(
  policy: TrialPolicy,
  passRate: number,
  trials: string,
): Promise<{ only: CaseRecord; toSend: readonly number[] }> {
  const plan = await planSound(
    `suite: s\nmodel: m\npassRate: ${passRate}\nprompts: { p: P }\nassert: [ { contains: good } ]\n`,
  );
  const [ref] = plan.cases;
  if (!ref) throw new Error('no case');
  const judge = createJudge([plan], () => policy);
  for (const [index, letter] of [...trials].entries()) {
    const reply = came[letter];
    if (reply === undefined) continue;
    await judge.add(recordOf(plan.materialize(ref), reply, index + 1), { at: index, length: 1 });
  }
  const [suite] = judge.results(
    () => 'the run was stopped',
    () => {
      throw new Error('kept in memory');
    },
  );
  for await (const only of suite?.cases() ?? [])
    return { only: only.record, toSend: judge.trialsToSend(ref) };
  throw new Error('no result');
}

test.for<[trials: string, passRate: number, verdict: string, repeats: number, toSend: number[]]>([
  // Enough: judged by the trials there are.
  ['PP', 1, 'passed', 2, []],
  ['FF', 1, 'failed', 2, []],
  ['PFPP', 0.7, 'passed', 4, []],
  ['PFFF', 0.7, 'failed', 4, []],
  // Errored trials count to the maximum and decide nothing.
  ['EPP', 1, 'errored', 3, []],
  ['EEEEEE', 1, 'errored', 6, []],
  // Lost: the policy wants more.
  ['', 1, 'skipped', 2, [1, 2]],
  ['P', 1, 'errored', 2, [2]],
  ['-P', 1, 'errored', 2, [1]],
  ['PF', 0.5, 'errored', 4, [3, 4]],
  ['PF-F', 0.5, 'errored', 4, [3]],
  ['PFF', 0.7, 'failed', 4, [4]],
])('%s with passRate %d: %s', async ([trials, passRate, verdict, repeats, toSend]) => {
  const found = await judgeCase(untilAlike, passRate, trials);
  expect(found.only.verdict).toBe(verdict);
  expect(found.only.repeats).toBe(repeats);
  expect(found.toSend).toEqual(toSend);
});

test('with fixed repeats a case with fewer trials has lost the others', async () => {
  const { only, toSend } = await judgeCase(fixedRepeats(4), 1, 'PP-');
  expect([only.verdict, only.repeats, only.trials.length]).toEqual(['errored', 4, 2]);
  expect(toSend).toEqual([3, 4]);
});

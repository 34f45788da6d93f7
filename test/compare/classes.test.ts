/** What is said of a pair of cases, for every pair of verdicts. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify } from '../../src/compare/classify.ts';
import { compareResults, type CompareOptions } from '../../src/compare/compare.ts';
import { classes, type Class } from '../../src/compare/comparison.ts';
import { pairCases } from '../../src/compare/pair.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { caseOf, suiteOf } from './stored.ts';

const verdicts = ['passed', 'failed', 'errored', 'skipped', 'inconclusive', 'absent'] as const;
type Seen = (typeof verdicts)[number];

/** Down: the approved verdict; across: the verdict now. `!` where it exits 1. */
const table = `
             passed         failed        errored     skipped   inconclusive   absent
passed       unchanged      regressed!    erroredNow  skipped   slid           removed
failed       fixed          stillFailing  erroredNow  skipped   stillFailing   removed
errored      erroredBefore  erroredBefore! erroredNow skipped   erroredBefore  removed
skipped      skipped        regressed!    erroredNow  skipped   skipped        removed
inconclusive unchanged      regressed!    erroredNow  skipped   unchanged      removed
absent       added          added!        erroredNow  added     added          -
`;
const lines = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const cells = (lines.slice(1) as [Seen, ...string[]][]).flatMap(([before, ...cellsOfRow]) =>
  cellsOfRow.flatMap((cell, index): [Seen, Seen, string][] =>
    cell === '-' ? [] : [[before, verdicts[index] ?? 'absent', cell]],
  ),
);

const made = (verdict: Seen): CaseRecord | undefined => (verdict === 'absent' ? undefined : caseOf(verdict));

test('the table has every pair of verdicts', () => expect(cells).toHaveLength(35));

test.for(cells)('%s, then %s: %s', ([before, after, cell]) => {
  const compared = classify('s', made(before), made(after));
  expect(`${compared.class}${compared.worse ? '!' : ''}`).toBe(cell);
});

test('a lower pass rate with the same verdict is a slide', () => {
  const all = caseOf('passed', { came: ['passed', 'passed', 'passed'] });
  const most = caseOf('passed', { came: ['failed', 'passed', 'passed'], passRate: 0.5 });
  expect(classify('s', all, most)).toMatchObject({
    class: 'slid',
    worse: false,
    before: { passed: 3, trials: 3 },
    after: { passed: 2, trials: 3 },
    failures: [{ message: 'no answer: answered' }],
  });
  expect(classify('s', most, all).class).toBe('unchanged');
  // Shares count, not numbers: five of five are no slide from ten of ten.
  const ten = caseOf('passed', { came: Array.from({ length: 10 }, () => 'passed' as const) });
  expect(classify('s', ten, all).class).not.toBe('slid');
});

test.for<[string[], string[], Class, number]>([
  [['a', 'b'], ['b', 'a'], 'unchanged', 0],
  [['a', 'b'], ['a', 'a'], 'changedText', 0],
  [['a', 'b', 'c'], ['x', 'y', 'c'], 'changedText', 1],
  [['a', 'a'], ['a', 'b'], 'changedText', 0],
])('answers %j, then %j: %s', ([then, now, kind, more]) => {
  const of = (texts: string[]): CaseRecord =>
    caseOf('passed', { texts, came: texts.map(() => 'passed' as const) });
  const compared = classify('s', of(then), of(now));
  expect(compared.class).toBe(kind);
  if (kind === 'changedText') expect(compared.text?.more).toBe(more);
});

const options: CompareOptions = {
  goneSuites: 'removed',
  goneCases: 'removed',
  oldAfterDays: 90,
  now: 0,
  headroomOf: 'before',
};
const sides = fc.array(
  fc.record({
    id: fc.string({ maxLength: 3 }),
    before: fc.constantFrom(...verdicts),
    after: fc.constantFrom(...verdicts),
  }),
  { maxLength: 12 },
);

test('counts every case in one class, sorts the worst first and lists all but the unchanged', () =>
  fc.assert(
    fc.asyncProperty(sides, async (drawn) => {
      const own = [...new Map(drawn.map((each) => [each.id, each])).values()].toSorted((a, b) =>
        a.id < b.id ? -1 : 1,
      );
      const side = (which: 'before' | 'after') =>
        own.flatMap((each) => {
          const verdict = each[which];
          return verdict === 'absent' ? [] : [caseOf(verdict, { id: each.id })];
        });
      const {
        counts,
        cases: listed,
        worse,
      } = await compareResults(
        { name: 'a', suites: [suiteOf('s', side('before'))] },
        { name: 'b', suites: [suiteOf('s', side('after'))] },
        options,
      );
      const present = own.filter(({ before, after }) => before !== 'absent' || after !== 'absent');
      expect(classes.reduce((sum, each) => sum + counts[each], 0)).toBe(present.length);
      expect(listed).toHaveLength(present.length - counts.unchanged);
      expect(worse).toBe(
        present.filter(({ before, after }) => after === 'failed' && before !== 'failed').length,
      );
      expect(listed.findLastIndex((each) => each.worse)).toBe(worse - 1);
    }),
    { numRuns: 200 },
  ));

test('pairs cases by id, each once, in order', () =>
  fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), async (left, right) => {
      const given = (ids: string[]) =>
        suiteOf(
          's',
          [...ids].toSorted((a, b) => (a < b ? -1 : 1)).map((id) => caseOf('passed', { id })),
        ).cases();
      const seen: [string | undefined, string | undefined][] = [];
      for await (const { before, after } of pairCases(given(left), given(right)))
        seen.push([before?.id, after?.id]);
      const all = [...new Set([...left, ...right])].toSorted((a, b) => (a < b ? -1 : 1));
      expect(seen).toEqual(
        all.map((id) => [left.includes(id) ? id : undefined, right.includes(id) ? id : undefined]),
      );
    }),
  ));

test('leaves out texts over a limit and still lists their cases', async () => {
  const long = (letter: string): CaseRecord[] =>
    Array.from({ length: 5 }, (_, index) =>
      caseOf('passed', { id: String(index), texts: [letter.repeat(3_000_000)] }),
    );
  const { cases: listed } = await compareResults(
    { name: 'a', suites: [suiteOf('s', long('a'))] },
    { name: 'b', suites: [suiteOf('s', long('b'))] },
    options,
  );
  expect(listed.map(({ text }) => text !== undefined)).toEqual([true, true, true, false, false]);
});

test('lists the same answer by another model', async () => {
  const answered = (modelVersion: string) => {
    const one = caseOf('passed', { id: 'a' });
    return { ...one, trials: one.trials.map((trial) => ({ ...trial, modelVersion })) };
  };
  const { cases, counts } = await compareResults(
    { name: 'a', suites: [suiteOf('s', [answered('gemini-3.8-flash')])] },
    { name: 'b', suites: [suiteOf('s', [answered('gemini-9')])] },
    options,
  );
  expect(counts.unchanged).toBe(1);
  expect(cases.map((each) => [each.class, each.changes])).toEqual([['unchanged', ['modelVersion']]]);
});

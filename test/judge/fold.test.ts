/** Results are a function of the replies, not of the order in which they came. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import type { SuiteResults } from '../../src/judge/results.ts';
import { reportText } from '../report/fake.ts';
import { planSound } from '../suites.ts';
import { answer, casesIn, failure, judge, recordOf, recordsOf, resultsOfRun, type Came } from './judged.ts';

const yaml = `suite: s
models: [m1, m2]
repeats: 4
passRate: 0.5
prompts: { p: P, q: Q }
configs: { b: {}, a: { temperature: 1 } }
assert: [ { contains: good }, { length: { words: { max: 2 } }, severity: warn } ]
tests:
  - { name: t, data: [ { n: 2 }, { n: 1 } ], row: "{{n}}" }
  - { name: u, skip: later }
`;
const replies: Came[] = [
  'good',
  'bad',
  'a good long text',
  'good\nin two lines',
  answer('good', { modelVersion: 'm-002' }),
  answer('good', { usageMetadata: { totalTokenCount: 9 } }),
  failure(503, 'UNAVAILABLE'),
  { body: { promptFeedback: { blockReason: 'SAFETY' } } },
];

async function bytesOf(results: SuiteResults): Promise<string> {
  return reportText(json, resultsOfRun(results), 's.json');
}

test('gives the same bytes for any order of trials', async () => {
  const plan = await planSound(yaml);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(replies.length - 1), { minLength: 64, maxLength: 64 }),
      fc.func(fc.nat()),
      async (drawn, rank) => {
        let next = 0;
        const records = recordsOf(plan, () => replies[drawn[next++] ?? 0]);
        const other = records
          .map((record, index) => ({ record, order: rank(index) }))
          .toSorted((a, b) => a.order - b.order)
          .map(({ record }) => record);
        const bytes = await bytesOf(await judge(plan, records));
        expect(await bytesOf(await judge(plan, other))).toBe(bytes);
        // Which of equal requests got which reply is unknown and not shown.
        const renumbered = other.map((record) => ({
          ...record,
          trial: 5 - record.trial,
          at: record.at.replace('T12', 'T13'),
        }));
        expect(await bytesOf(await judge(plan, renumbered))).toBe(bytes);
      },
    ),
    { numRuns: 20 },
  );
});

test('sorts cases by id and trials by content', async () => {
  const plan = await planSound(yaml);
  const results = await judge(
    plan,
    recordsOf(plan, (_, trial) => replies[4 - trial]),
  );
  const ids = (await casesIn(results)).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(ids).toHaveLength(24);
  const texts = (await casesIn(results)).map(({ trials }) =>
    trials.map(({ candidates }) => candidates[0]?.text.join('\n')),
  );
  expect(new Set(texts.map((each) => each.join('|')))).toEqual(
    new Set(['a good long text|bad|good|good\nin two lines', '']),
  );
});

test('leaves out trials of no planned case', async () => {
  const plan = await planSound(yaml);
  const [record] = recordsOf(plan, () => 'good');
  const [ref] = plan.cases;
  if (!record || !ref) throw new Error('no record');
  const strangers = [
    { ...record, suite: 'other' },
    { ...record, case: 'gone / 1 / p' },
    { ...record, fingerprint: record.fingerprint.replaceAll(/[0-9]/g, 'a') },
  ];
  for (const stranger of strangers) {
    const results = await judge(plan, [stranger]);
    expect((await casesIn(results)).flatMap(({ trials }) => trials)).toEqual([]);
  }
  const results = await judge(plan, [recordOf(plan.materialize(ref), 'good')]);
  expect((await casesIn(results)).flatMap(({ trials }) => trials)).toHaveLength(1);
});

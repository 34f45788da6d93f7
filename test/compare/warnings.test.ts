import { expect, test } from 'vitest';
import type { Pair } from '../../src/compare/pair.ts';
import { createWatcher, type WatchOptions } from '../../src/compare/warnings.ts';
import { caseOf } from './stored.ts';

const day = 86_400_000;
const options: WatchOptions = { oldAfterDays: 90, now: 200 * day, headroomOf: 'before' };
const approval = (days: number) => ({ approvedAt: new Date(days * day).toISOString(), models: [] });

test.for([
  [109, 'the results of s were approved 91 days ago (1970-04-20), more than 90'],
  [110, undefined],
  [200, undefined],
  // A clock that runs behind says nothing of age.
  [300, undefined],
] as const)('approved on day %i of 200: %s', ([days, message]) => {
  const watch = createWatcher('baselines', options);
  watch.close('s', true, 1, approval(days));
  expect(watch.warnings().map((each) => each.message)).toEqual(message === undefined ? [] : [message]);
});

test('warns about a suite without approved results, unless none of its cases ran', () => {
  const watch = createWatcher('baselines', options);
  watch.close('s', false, 2, undefined);
  watch.close('t', false, 1, undefined);
  watch.close('u', false, 0, undefined);
  expect(watch.warnings().map(({ message }) => message)).toEqual([
    'baselines has no results of s: its 2 cases count as added',
    'baselines has no results of t: its case counts as added',
  ]);
});

test('warns once about each moving alias of either side', () => {
  const watch = createWatcher('baselines', options);
  const on = (model: string) => caseOf('passed', { model });
  const pairs: Pair[] = [
    { before: on('b-latest'), after: on('b-latest') },
    { before: on('b-latest'), after: on('a-latest') },
    { after: on('latest-a') },
  ];
  for (const pair of pairs) watch.see('s', pair);
  expect(watch.warnings().map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'moving-alias: a-latest is an alias that moves (1 case): another model may answer tomorrow',
    'moving-alias: b-latest is an alias that moves (2 cases): another model may answer tomorrow',
  ]);
});

test('measures headroom of the given side', () => {
  const near = caseOf('passed');
  const tight = {
    ...near,
    trials: near.trials.map((trial) => ({
      ...trial,
      assertions: [
        {
          assertion: 'tokens',
          kind: 'tokens',
          verdict: 'passed' as const,
          message: '',
          near: '9, at most 9',
          source: 'a:1:1',
        },
      ],
    })),
  };
  const watch = createWatcher('baselines', options);
  for (let index = 0; index < 5; index++)
    watch.see('s', { before: { ...tight, id: String(index) }, after: near });
  watch.see('s', { before: near, after: tight });
  expect(watch.warnings().map(({ message }) => message)).toEqual([
    '5 approved cases come within 10 % of a bound: s: 0: 9, at most 9; s: 1: 9, at most 9; s: 2: 9, at most 9; +2 more',
  ]);
});

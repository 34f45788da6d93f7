/** A case whose texts are approved is stored as the next run will judge it. */
import { expect, test } from 'vitest';
import { textsToApprove, withTextsApproved } from '../../src/compare/snapshots.ts';
import { snapshotsText } from '../../src/suite/snapshots.ts';
import { answer, type Came } from '../judge/judged.ts';
import { casesOf } from './stored.ts';

const suite = (more: string, entries: string): string =>
  `suite: s\nmodel: m\n${more}prompts: { p: P }\nassert: [ ${entries} ]\n`;
const blocked: Came = { body: { promptFeedback: { blockReason: 'SAFETY' }, modelVersion: 'm-001' } };
const two: Came = {
  body: {
    candidates: ['one', 'two'].map((text) => ({ content: { parts: [{ text }] }, finishReason: 'STOP' })),
  },
};

test.for<[string, string, Came[]]>([
  ['exact', suite('', '{ snapshot: {} }'), ['a text']],
  ['by similarity', suite('', '{ snapshot: { similarity: 0.9 } }'), ['a text']],
  ['with a label', suite('', '{ snapshot: {}, label: the words }'), ['a text']],
  ['next to one that holds', suite('', '{ contains: text }, { snapshot: {} }'), ['a text']],
  ['next to one that fails', suite('', '{ contains: other }, { snapshot: {} }'), ['a text']],
  [
    'of severity warn',
    suite('', '{ snapshot: {}, severity: warn }, { contains: x, severity: warn }'),
    ['a text'],
  ],
  ['trials of several texts', suite('repeats: 3\n', '{ snapshot: {} }'), ['a', 'b', 'a']],
  [
    'some trials fail for another reason',
    suite('repeats: 3\npassRate: 0.6\n', '{ snapshot: {} }, { contains: a }'),
    ['a', 'b', 'aa'],
  ],
  ['candidates', suite('', '{ snapshot: {} }'), [two]],
  ['no text in a trial', suite('repeats: 2\n', '{ snapshot: {} }'), ['a', blocked]],
  ['no text at all', suite('', '{ snapshot: {} }'), [blocked]],
  ['lines and signs', suite('', '{ snapshot: {} }'), [answer('line "one"\n\n{{two}} \\ é 😀\n')]],
  ['an empty text', suite('', '{ snapshot: {} }'), [answer('')]],
])('%s', async ([, text, came]) => {
  const replies = (_id: string, trial: number): Came | undefined => came[trial - 1];
  const [first] = await casesOf(text, replies);
  if (!first) throw new Error('no case');
  const texts = textsToApprove(first) ?? [];
  const files = {
    'a.suite.yaml': text,
    'snapshots/s.json': snapshotsText('s', new Map([[first.id, texts]])),
  };
  const [again] = await casesOf(files, replies);
  expect(JSON.stringify(withTextsApproved(first))).toBe(JSON.stringify(again));
  expect(JSON.stringify(withTextsApproved(withTextsApproved(first)))).toBe(JSON.stringify(again));
});

test('approves nothing for a case without a snapshot assertion', async () => {
  const [first] = await casesOf(suite('', '{ contains: a }'), () => 'b');
  expect(first && textsToApprove(first)).toBeUndefined();
  expect(first && withTextsApproved(first)).toBe(first);
});

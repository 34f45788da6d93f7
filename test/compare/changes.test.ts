/** What is said to have changed of a case, by what was edited in its suite. */
import { expect, test } from 'vitest';
import { classify } from '../../src/compare/classify.ts';
import type { Change } from '../../src/compare/comparison.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { answer } from '../judge/judged.ts';
import { casesOf } from './stored.ts';

const suite = `suite: s
model: m
vars: { object: lamp, place: harbour }
defaults: { maxOutputTokens: 100 }
configs:
  plain: { temperature: 0.2 }
  other: {}
prompts:
  story: [ "Write about {{object}}.", { image: a.png } ]
tests:
  - name: t
    prompts: [story]
    configs: [plain]
    vars: { tone: calm }
    data: [ { size: 1 } ]
    row: one
    assert: [ { contains: "{{place}}" }, { length: { words: { max: 9 } } } ]
`;
// The smallest PNG there is, and another.
const png = (last: number): Uint8Array =>
  Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, last]);

async function one(text: string, image = 1, model = 'm-001'): Promise<CaseRecord> {
  const [found] = await casesOf({ 'a.suite.yaml': text, 'a.png': png(image) }, () =>
    answer('harbour', { modelVersion: model }),
  );
  if (!found) throw new Error('no case');
  return found;
}

const edit = (from: string, to: string): string => {
  if (!suite.includes(from)) throw new Error(`nothing says ${from}`);
  return suite.replace(from, to);
};

test.for<[string, string, Change[]]>([
  ['nothing', suite, []],
  ['a comment above everything', `# moved down\n\n${suite}`, []],
  ['another order of keys', edit('{ object: lamp, place: harbour }', '{ place: harbour, object: lamp }'), []],
  ['the prompt', edit('Write about', 'Tell of'), ['prompt']],
  ['the config', edit('temperature: 0.2', 'temperature: 0.3'), ['config']],
  ['the defaults', edit('maxOutputTokens: 100', 'maxOutputTokens: 99'), ['config']],
  ['an unused config', edit('other: {}', 'other: { topK: 3 }'), []],
  ['a variable', edit('object: lamp', 'object: boat'), ['vars']],
  ['a variable that no request has', edit('tone: calm', 'tone: wild'), []],
  ['a variable of an assertion', edit('place: harbour', 'place: harb'), ['assertions']],
  ['the model', edit('model: m', 'model: n'), ['model']],
  ['the method', edit('temperature: 0.2', 'temperature: 0.2, method: streamGenerateContent'), ['config']],
  [
    'extra',
    edit('    prompts: [story]', '    extra: { labels: { a: b } }\n    prompts: [story]'),
    ['config'],
  ],
  ['a bound', edit('max: 9', 'max: 8'), ['assertions']],
  ['passRate', edit('model: m', 'model: m\npassRate: 0.5'), ['assertions']],
  [
    'prompt, vars and assertion',
    edit('Write about', 'Tell of').replace('lamp', 'boat').replace('max: 9', 'max: 7'),
    ['prompt', 'vars', 'assertions'],
  ],
])('edited: %s', async ([, edited, changes]) => {
  const before = await one(suite);
  const after = await one(edited);
  const compared = classify('s', before, after);
  expect(compared.changes).toEqual(changes);
  expect(compared.class).toBe('unchanged');
  const requestChanged = changes.some((each) => each !== 'assertions');
  expect(before.fingerprint === after.fingerprint).toBe(!requestChanged);
});

test('a changed picture is a changed prompt', async () => {
  expect(classify('s', await one(suite, 1), await one(suite, 2)).changes).toEqual(['prompt']);
});

test('reports another answering model only if the same model was requested', async () => {
  const before = await one(suite);
  expect(classify('s', before, await one(suite, 1, 'm-002'))).toMatchObject({
    changes: ['modelVersion'],
    before: { modelVersions: ['m-001'] },
    after: { modelVersions: ['m-002'] },
  });
  expect(classify('s', before, await one(edit('model: m', 'model: n'), 1, 'n-001')).changes).toEqual([
    'model',
  ]);
});

test('attributes an otherwise equal suite to the environment', async () => {
  const [before, after] = [await one(suite), await one(suite)];
  expect(classify('s', before, { ...after, fingerprint: '0'.repeat(64) }).changes).toEqual(['request']);
});

test('gives the same digests on every machine', async () => {
  expect((await one(suite)).digests).toMatchInlineSnapshot(`
    {
      "assertions": "258e039c62f2",
      "config": "4d785341cf58",
      "prompt": "9ffca70139b6",
      "vars": "90db3bcbc09f",
    }
  `);
});

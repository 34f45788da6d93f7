/** Names of models, wherever a suite has one. */
import { expect, test } from 'vitest';
import { isModelName } from '../../src/gemini/paths.ts';
import { loadOne } from '../suites.ts';
import { readSuite } from './read.ts';

test.for([
  'gemini-3.8-flash',
  'models/gemini-3.8-flash',
  'tunedModels/my-model_2.1',
  'dynamic/abc',
  'llama3:8b',
])('accepts %s', (name) => {
  expect(isModelName(name)).toBe(true);
});

test.for([
  '',
  ' gemini',
  '../../x?y#z',
  'models/',
  'model/x',
  'models/a/b',
  'a b',
  '.',
  'x%2Fy',
  'gemini-3.8-flash:countTokens',
])('rejects %j', (name) => {
  expect(isModelName(name)).toBe(false);
});

test('finds the limits of a model by its bare id', async () => {
  const suite =
    'suite: s\nmodel: m\nprompts: { p: x }\nlimits: { rpm: 9, models: { models/m: { rpm: 3 } } }\n';
  const { limits } = await loadOne({ 'a.suite.yaml': suite });
  expect(limits).toEqual({ rpm: 9, models: { m: { rpm: 3 } } });
});

test('checks a model from a row and reports its place', async () => {
  const { problems } = await readSuite(
    'model: "{{m}}"\ntests: [ { name: t, data: [ { m: a }, { m: b c } ] } ]',
  );
  expect(problems).toEqual(['bad-model-name s.suite.yaml:4:8']);
});

test.for<[string, string, string, string[], string?]>([
  [
    'a routed model',
    '2026-12-01',
    'model: gemini-2.5-flash',
    ['routed-model s.suite.yaml:4:8'],
    'gemini-2.5-flash is answered by gemini-3.5-flash-lite since 2026-12-01',
  ],
  ['before its date', '2026-11-30', 'model: gemini-2.5-flash', []],
  [
    'one of several',
    '2026-12-01',
    'models: [gemini-3.8-flash, gemini-3.7-flash]',
    ['routed-model s.suite.yaml:4:28'],
    'gemini-3.7-flash is answered by gemini-3.8-flash since 2026-10-08',
  ],
  [
    'a shut-down model',
    '2026-12-01',
    'model: models/gemini-3-pro-preview',
    ['retired-model s.suite.yaml:4:8'],
    'gemini-3-pro-preview was shut down on 2026-03-09',
  ],
  [
    'one with an unknown date',
    '2026-12-01',
    'model: gemini-pro-vision',
    ['retired-model s.suite.yaml:4:8'],
    'gemini-pro-vision has been shut down',
  ],
  ['a model that stays', '2026-12-01', 'model: gemini-2.5-flash-lite', []],
  ['an unknown model', '2026-12-01', 'model: constructor', []],
  [
    'a config’s model, once for all its cases',
    '2026-12-01',
    'configs: { a: { model: gemini-2.5-pro } }\ntests: [ { name: t, data: [ { n: 1 }, { n: 2 } ] } ]',
    ['routed-model s.suite.yaml:5:24'],
  ],
  [
    'a model from a row',
    '2026-12-01',
    'model: "{{m}}"\ntests: [ { name: t, data: [ { m: gemini-3.8-flash }, { m: gemini-3.5-flash } ] } ]',
    ['routed-model s.suite.yaml:4:8'],
    'gemini-3.5-flash is answered by gemini-3.6-flash since 2026-10-08',
  ],
  [
    'a model of a skipped test',
    '2026-12-01',
    'tests: [ { name: t, model: gemini-2.5-pro, skip: later } ]',
    [],
  ],
])('%s on %s', async ([, today, body, expected, words]) => {
  const { problems, shown } = await readSuite(body, {}, {}, { today });
  expect(problems.filter((problem) => problem.startsWith('r'))).toEqual(expected);
  if (words !== undefined) expect(shown).toContain(`: ${words}\n`);
});

test('does not warn about a model that --use-model replaces', async () => {
  const { problems } = await readSuite(
    'model: gemini-2.5-pro',
    {},
    {},
    {
      today: '2026-12-01',
      useModel: 'gemini-3.8-flash',
    },
  );
  expect(problems).toEqual([]);
});

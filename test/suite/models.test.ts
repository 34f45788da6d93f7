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
])('%s is a name', (name) => {
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
])('%j is no name', (name) => {
  expect(isModelName(name)).toBe(false);
});

test('the limits of a model are found by its bare id', async () => {
  const suite =
    'suite: s\nmodel: m\nprompts: { p: x }\nlimits: { rpm: 9, models: { models/m: { rpm: 3 } } }\n';
  const { limits } = await loadOne({ 'a.suite.yaml': suite });
  expect(limits).toEqual({ rpm: 9, models: { m: { rpm: 3 } } });
});

test('a model that a row names is looked at, and told with its place', async () => {
  const { faults } = await readSuite(
    'model: "{{m}}"\ntests: [ { name: t, data: [ { m: a }, { m: b c } ] } ]',
  );
  expect(faults).toEqual(['bad-model-name s.suite.yaml:4:8']);
});

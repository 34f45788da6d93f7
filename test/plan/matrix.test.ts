/** Which cases the axes give: a table of suites and the ids of their cases. */
import { expect, test } from 'vitest';
import { codesOf, planFiles, planSound } from '../suites.ts';

const head = 'suite: s\nmodel: m1\nprompts: { p: P, q: Q }\n';
const two = `${head}configs: { a: {}, b: {} }\n`;

test.for<[name: string, yaml: string, ids: string[]]>([
  ['no tests: one over everything, named as the suite', head, ['s / p', 's / q']],
  ['prompts cross configs', two, ['s / p / a', 's / p / b', 's / q / a', 's / q / b']],
  [
    'a test chooses prompts and configs',
    `${two}tests: [ { name: t, prompts: [q], configs: [b] } ]`,
    ['t / q / b'],
  ],
  [
    'the order of a choice does not matter',
    `${two}tests: [ { name: t, prompts: [q, p], configs: [b, a] } ]`,
    ['t / p / a', 't / p / b', 't / q / a', 't / q / b'],
  ],
  [
    'models of the suite are an axis and part of the id',
    'suite: s\nmodels: [m1, models/m2]\nprompts: { p: P }',
    ['s / p / m1', 's / p / m2'],
  ],
  [
    'models of a test go over the suite’s model',
    `${head}tests: [ { name: t, prompts: [p], models: [m2, m3] } ]`,
    ['t / p / m2', 't / p / m3'],
  ],
  [
    'a config with its own model ignores the models axis',
    'suite: s\nmodels: [m1, m2]\nprompts: { p: P }\nconfigs: { a: {}, b: { model: m9 } }',
    ['s / p / a / m1', 's / p / a / m2', 's / p / b'],
  ],
  ['model of a test: no axis', `${head}tests: [ { name: t, prompts: [p], model: m2 } ]`, ['t / p']],
  [
    'rows come first and are named by row',
    `${head}tests: [ { name: t, prompts: [p], data: [ { n: 1 }, { n: two } ], row: "no. {{n}}" } ]`,
    ['t / no. 1 / p', 't / no. two / p'],
  ],
  [
    'countTokens crosses configs',
    `${two}tests: [ { name: t, method: countTokens, prompts: [p] } ]`,
    ['t / p / a', 't / p / b'],
  ],
  [
    'embedContent does not, unless the test names configs',
    `${two}tests: [ { name: t, method: embedContent }, { name: u, method: embedContent, prompts: [p], configs: [a, b] } ]`,
    ['t / p', 't / q', 'u / p / a', 'u / p / b'],
  ],
  [
    'batchEmbedContents sends all prompts in one call',
    `${two}tests: [ { name: t, method: batchEmbedContents }, { name: u, method: batchEmbedContents, data: [ { n: 1 } ], row: "{{n}}", models: [m2, m3] } ]`,
    ['t', 'u / 1 / m2', 'u / 1 / m3'],
  ],
  [
    'models.get crosses models only, models.list nothing',
    `${two}tests: [ { name: get, method: models.get, models: [m1, m2] }, { name: list, method: models.list } ]`,
    ['get / m1', 'get / m2', 'list'],
  ],
  [
    'configs of several methods, each called by its method',
    'suite: s\nmodel: m1\nprompts: { p: P }\nconfigs: { whole: {}, streamed: { method: streamGenerateContent } }',
    ['s / p / whole', 's / p / streamed'],
  ],
  [
    'separators in names are escaped, but not in the test’s',
    'suite: s\nmodel: m1\nprompts: { "p/1": P }\ntests: [ { name: a / b } ]',
    [String.raw`a / b / p\/1`],
  ],
  ['a skipped test keeps its cases', `${head}tests: [ { name: t, skip: later } ]`, ['t / p', 't / q']],
])('%s', async ([, yaml, ids]) => {
  const plan = await planSound(yaml);
  expect(plan.cases.map(({ id }) => id)).toEqual(ids);
  expect(plan.total).toBe(ids.length);
});

test.for<[name: string, yaml: string, expected: [method: string, model: string | undefined][]]>([
  [
    'method: test over config over suite',
    'suite: s\nmodel: m1\nmethod: countTokens\nprompts: { p: P }\nconfigs: { a: {}, b: { method: generateContent } }\ntests: [ { name: t }, { name: u, method: streamGenerateContent } ]',
    [
      ['countTokens', 'm1'],
      ['generateContent', 'm1'],
      ['streamGenerateContent', 'm1'],
      ['streamGenerateContent', 'm1'],
    ],
  ],
  [
    'model: test over config over suite',
    'suite: s\nmodel: m1\nprompts: { p: P }\nconfigs: { a: {}, b: { model: m2 } }\ntests: [ { name: t }, { name: u, model: models/m3 } ]',
    [
      ['generateContent', 'm1'],
      ['generateContent', 'm2'],
      ['generateContent', 'm3'],
      ['generateContent', 'm3'],
    ],
  ],
  [
    'a model may be a template',
    'suite: s\nmodel: "gemini-{{v}}"\nvars: { v: 3.10 }\nprompts: { p: P }',
    [['generateContent', 'gemini-3.10']],
  ],
  [
    'models.list has no model',
    `${head}tests: [ { name: t, method: models.list } ]`,
    [['models.list', undefined]],
  ],
])('%s', async ([, yaml, expected]) => {
  const { cases } = await planSound(yaml);
  expect(cases.map(({ method, model }) => [method, model])).toEqual(expected);
});

test.for<[name: string, yaml: string, problems: string[]]>([
  [
    'no model anywhere',
    'suite: s\nprompts: { p: P }\nassert: [ { outcome: answered } ]',
    ['no-model: no model for generateContent: neither the test, nor its config, nor the suite names one'],
  ],
  [
    'no prompt',
    'suite: s\nmodel: m1\nassert: [ { outcome: answered } ]',
    ['no-prompt: generateContent needs a prompt, and the suite has none'],
  ],
  [
    'equal rows',
    `${head}assert: [ { outcome: answered } ]\ntests: [ { name: t, prompts: [p, q], data: [ { n: 1 }, { n: 1 } ], row: "{{n}}" } ]`,
    ['equal-cases: two cases have the id "t / 1 / p"'],
  ],
])('reports %s', async ([, yaml, problems]) => {
  const { diagnostics } = await planFiles(yaml);
  expect(codesOf(diagnostics)).toEqual(problems);
});

test('--use-model changes the model but no id; --repeats overrides test and suite', async () => {
  const yaml =
    'suite: s\nmodels: [m1, m2]\nrepeats: 2\npassRate: 0.5\nprompts: { p: P }\ntests: [ { name: t }, { name: u, repeats: 4, passRate: 0.75 } ]';
  const plain = await planSound(yaml);
  expect(plain.cases.map(({ repeats, passRate }) => [repeats, passRate])).toEqual([
    [2, 0.5],
    [2, 0.5],
    [4, 0.75],
    [4, 0.75],
  ]);
  const other = await planSound(yaml, { useModel: 'm9', repeats: 7 });
  expect(other.cases.map(({ id }) => id)).toEqual(plain.cases.map(({ id }) => id));
  expect(other.cases.map(({ model, repeats }) => [model, repeats])).toEqual(plain.cases.map(() => ['m9', 7]));
});

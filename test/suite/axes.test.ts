/** Which cells a test has: what each method crosses, who names the model and the method, and how cases are called. */
import { expect, test } from 'vitest';
import { readSuite } from './read.ts';

const two = `configs: { x: {}, y: {} }
prompts: { p: One., q: Two. }
models: [a, b]
`;

interface Cells {
  readonly title: string;
  readonly suite: string;
  readonly ids: readonly string[];
}

const any = 'assert: [ { response: { path: $, exists: true } } ]';

test.for<Cells>([
  {
    title: 'generateContent crosses rows, prompts, configs and models',
    suite: `${two}tests: [ { name: t, data: [ { n: 1 }, { n: 2 } ], row: "{{n}}", prompts: [p], configs: [x] } ]`,
    ids: ['t / 1 / p / x / a', 't / 1 / p / x / b', 't / 2 / p / x / a', 't / 2 / p / x / b'],
  },
  {
    title: 'streamGenerateContent crosses the same',
    suite: `${two}tests: [ { name: t, method: streamGenerateContent, prompts: [q] } ]`,
    ids: ['t / q / x / a', 't / q / x / b', 't / q / y / a', 't / q / y / b'],
  },
  {
    title: 'countTokens crosses the same',
    suite: `${two}tests: [ { name: t, method: countTokens, prompts: [q], configs: [x] } ]`,
    ids: ['t / q / x / a', 't / q / x / b'],
  },
  {
    title: 'embedContent crosses rows, prompts and models',
    suite: `${two}${any}\ntests: [ { name: t, method: embedContent, data: [ { n: 1 } ], row: "{{n}}" } ]`,
    ids: ['t / 1 / p / a', 't / 1 / p / b', 't / 1 / q / a', 't / 1 / q / b'],
  },
  {
    title: 'batchEmbedContents crosses rows and models',
    suite: `${two}${any}\ntests: [ { name: t, method: batchEmbedContents, data: [ { n: 1 }, { n: 2 } ], row: "{{n}}" } ]`,
    ids: ['t / 1 / a', 't / 1 / b', 't / 2 / a', 't / 2 / b'],
  },
  { title: 'models.get crosses models', suite: `${two}${any}\nmethod: models.get`, ids: ['s / a', 's / b'] },
  { title: 'models.list is one case', suite: `${two}${any}\nmethod: models.list`, ids: ['s'] },
  {
    title: 'models.list crosses configs named by the test',
    suite: `configs: { x: { taskType: CLUSTERING }, y: {} }\n${any}\ntests: [ { name: t, method: embedContent, configs: [x, y] } ]`,
    ids: ['t / p / x', 't / p / y'],
  },
  {
    title: 'a config with its own model ignores the models axis of suite and test',
    suite: `configs: { x: {}, y: { model: c } }\nmodels: [a, b]\ntests: [ { name: t }, { name: u, models: [d] } ]`,
    ids: ['t / p / x / a', 't / p / x / b', 't / p / y', 'u / p / x / d', 'u / p / y'],
  },
  {
    title: 'without tests there is one over everything, named like the suite',
    suite: 'prompts: { p: One., q: Two. }\nconfigs: { x: {}, y: {} }',
    ids: ['s / p / x', 's / p / y', 's / q / x', 's / q / y'],
  },
  {
    title: 'escapes separators in names, except in the name of a test',
    suite: `tests: [ { name: "a / b", data: [ { n: 'x/y\\z' } ], row: "{{n}}" } ]\nprompts: { "p/q": One. }\nconfigs: { "c / d": {} }\nmodels: [ tunedModels/m ]`,
    ids: [String.raw`a / b / x\/y\\z / p\/q / c \/ d / tunedModels\/m`],
  },
  {
    title: 'names rows by their values, truncated with a hash, or by row on one line',
    suite: `tests:
  - { name: t, data: [ { a: 0123, b: "${'long '.repeat(20)}" } ] }
  - { name: u, data: [ { a: "two\\nlines" } ], row: "<{{a}}>" }`,
    ids: ['t / 0123, long long long long long long lon… #7a0973b2c1 / p', 'u / <two lines> / p'],
  },
])('$title', async ({ suite, ids }) => {
  const read = await readSuite(suite);
  expect(read.problems.filter((problem) => !problem.startsWith('unused-'))).toEqual([]);
  expect(read.ids.toSorted()).toEqual(ids.toSorted());
});

test.for([
  ['the suite', 'model: a', 'a', 'generateContent'],
  [
    'the config overrides the suite',
    'model: a\nconfigs: { c: { model: b, method: countTokens } }',
    'b',
    'countTokens',
  ],
  [
    'the test overrides the config',
    'model: a\nconfigs: { c: { model: b, method: countTokens } }\ntests: [ { name: t, model: c, method: streamGenerateContent } ]',
    'c',
    'streamGenerateContent',
  ],
  ['with or without models/', 'model: models/a', 'a', 'generateContent'],
  ['a template', 'model: "gemini-{{v}}"\nvars: { v: 1.10 }', 'gemini-1.10', 'generateContent'],
] as const)('model and method: %s', async ([, suite, model, method]) => {
  const { cases } = await readSuite(`${suite}\nassert: [ { latency: { total: { max: 9 } } } ]`);
  expect(cases.map((each) => [each.model, each.method])).toEqual([[model, method]]);
});

test('adding a row or reordering the file changes no other id', async () => {
  const tests = ['{ name: t, data: [ { n: 1 }, { n: 2 } ] }', '{ name: u }'];
  const prompts = ['p: One.', 'q: Two.'];
  const before = await readSuite(`prompts: { ${prompts.join(', ')} }\ntests: [ ${tests.join(', ')} ]`);
  const after = await readSuite(
    `prompts: { ${prompts.toReversed().join(', ')} }\ntests: [ { name: u }, { name: t, data: [ { n: 0 }, { n: 2 }, { n: 1 } ] } ]`,
  );
  expect(after.ids).toEqual(expect.arrayContaining([...before.ids]));
  expect(after.ids).toHaveLength(before.ids.length + 2);
});

test('a list never becomes several cases', async () => {
  const { ids } = await readSuite('vars: { n: [1, 2, 3] }\nprompts: { p: "{{#each n}}{{this}}{{/each}}" }');
  expect(ids).toEqual(['s / p']);
});

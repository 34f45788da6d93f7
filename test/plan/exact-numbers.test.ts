/** A number that would be sent as another one is refused, at its place; one that is only shown stays as it was written. */
import { expect, test } from 'vitest';
import { bodies, readSuite } from '../suite/read.ts';

const big = '12345678901234567890';

test.for<[name: string, suite: string, places: string[], files?: Record<string, string>]>([
  ['a config', 'configs: { c: { seed: 9007199254740993 } }', ['s.suite.yaml:5:23']],
  ['defaults', 'defaults: { topP: 0.1234567890123456789 }', ['s.suite.yaml:5:19']],
  ['extra', `configs: { c: { extra: { x: [ { y: ${big} } ] } } }`, ['s.suite.yaml:5:36']],
  ['extra of a test', `tests: [ { name: t, extra: { x: 1e400 } } ]`, []],
  [
    'a schema',
    `configs: { c: { responseMimeType: application/json, responseJsonSchema: { type: integer, maximum: ${big} } } }`,
    ['s.suite.yaml:5:99'],
  ],
  [
    'a schema from a file, in two configs',
    'configs:\n  a: { responseMimeType: application/json, responseJsonSchema: { file: s.json } }\n  b: { responseMimeType: application/json, responseJsonSchema: { file: s.json } }',
    ['s.json:1:33'],
    { 's.json': `{"type": "integer", "enum": [1, ${big}]}` },
  ],
  [
    'a tool',
    `configs: { c: { tools: [ { functionDeclarations: [ { name: f, description: d, parametersJsonSchema: { type: object, properties: { id: { const: ${big} } } } } ] } ] } }`,
    ['s.suite.yaml:5:144'],
  ],
  [
    'the arguments of a function call',
    `prompts:\n  p:\n    - user: Go.\n    - model: [ { functionCall: { name: f, args: { id: ${big} } } } ]\n    - user: [ { functionResponse: { name: f, response: { ok: true } } } ]`,
    ['s.suite.yaml:7:55'],
  ],
  [
    'a variable that is the whole value',
    `vars: { id: ${big} }\nconfigs: { c: { extra: { x: "{{id}}" } } }`,
    ['s.suite.yaml:6:29'],
  ],
  [
    'a map of a variable',
    `vars: { user: { id: ${big} } }\nconfigs: { c: { extra: { x: "{{user}}" } } }`,
    ['s.suite.yaml:5:21'],
  ],
  [
    'a row',
    'configs: { c: { extra: { x: "{{id}}" } } }\ntests: [ { name: t, data: r.jsonl } ]',
    ['s.suite.yaml:5:29'],
    { 'r.jsonl': `{"id":1}\n{"id":${big}}\n{"id":${big}1}\n` },
  ],
  [
    'a list in a row',
    'configs: { c: { extra: { x: "{{ids}}" } } }\ntests: [ { name: t, data: r.jsonl } ]',
    ['s.suite.yaml:5:29'],
    { 'r.jsonl': `{"ids":[1,${big}]}\n` },
  ],
])('%s', async ([, suite, places, files]) => {
  const { problems, shown } = await readSuite(suite, files);
  const own = problems.filter((problem) => problem.startsWith('inexact-number'));
  if (places.length === 0) expect(problems).toHaveLength(1);
  expect(own).toEqual(places.map((place) => `inexact-number ${place}`));
  if (places.length > 0)
    expect(shown).toMatch(/the number \S+ would be sent as \S+: it has more digits than/);
});

test('names the first of many rows', async () => {
  const { shown } = await readSuite(
    'configs: { c: { extra: { x: "{{id}}" } } }\ntests: [ { name: t, data: r.jsonl, row: "r{{id}}" } ]',
    { 'r.jsonl': `{"id":1}\n{"id":${big}}\n{"id":${big}1}\n` },
  );
  expect(shown).toContain(
    `error[inexact-number]: the number ${big} would be sent as 12345678901234567000: it has more digits than a double keeps (in t / r${big} / p / c, r.jsonl:2)`,
  );
  expect(shown).toContain(
    'help: quote it to send it as a text; whole numbers are exact up to 9007199254740991',
  );
});

test('rejects a CSV cell that is not an exact number in a number field', async () => {
  const { problems } = await readSuite(
    'configs: { c: { seed: "{{seed}}" } }\ntests: [ { name: t, data: r.csv } ]',
    { 'r.csv': 'seed\n7\n9007199254740993\n' },
  );
  expect(problems).toEqual(['wrong-type s.suite.yaml:5:23']);
});

test('keeps the spelling of a number in a text', async () => {
  const sent = await bodies(
    `vars: { id: ${big}, user: { id: ${big} } }\nprompts: { p: "{{id}} {{user.id}} {{row}} {{#each ids}}{{this}} {{/each}}" }\ntests: [ { name: t, data: r.jsonl } ]`,
    { 'r.jsonl': `{"row":${big},"ids":[${big},1.10]}\n` },
  );
  expect(Object.values(sent)[0]?.contents).toEqual([
    { parts: [{ text: `${big} ${big} ${big} ${big} 1.10 ` }] },
  ]);
});

test('sends numbers that only look long', async () => {
  const sent = await bodies(
    'configs: { c: { extra: { x: [ 9007199254740992, 1.50, 0.10000000000000001, 1e30, 0x10, -0.0 ] } } }',
  );
  expect(JSON.stringify(Object.values(sent)[0]?.x)).toBe('[9007199254740992,1.5,0.1,1e+30,16,0]');
});

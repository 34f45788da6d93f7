/** Templates: what takes the place of a name, in which strings, and which strings are none. */
import { assert, asyncProperty, string } from 'fast-check';
import { expect, test } from 'vitest';
import { bodies, readSuite } from './read.ts';

const vars = `vars:
  n: 0123
  price: 1.10
  hex: 0x1f
  anchored: &z 007
  aliased: *z
  flag: true
  off: false
  none: null
  empty: ""
  list: [x, 2.0]
  map: { a: 1.10, b: { c: deep } }
  named: "{{price}}"
  longer: "<{{named}}>"
`;

/** The text that a prompt sends. */
async function text(prompt: string): Promise<string> {
  const { cases } = await readSuite(`${vars}prompts: { p: ${JSON.stringify(prompt)} }`);
  return cases[0]?.shown[0]?.text ?? '';
}

test.for([
  ['{{n}} {{price}} {{hex}}', '0123 1.10 0x1f'],
  ['{{n}}', '0123'],
  ['{{anchored}} {{aliased}}', '007 007'],
  ['{{flag}} {{none}}|{{empty}}', 'true |'],
  ['{{map.a}} {{map.b.c}} {{list.[1]}}', '1.10 deep 2.0'],
  ['{{named}} {{longer}}', '1.10 <1.10>'],
  ['{{#each list}}{{@index}}={{this}};{{/each}}', '0=x;1=2.0;'],
  ['{{#each map}}{{@key}} {{/each}}', 'a b '],
  ['{{#each list}}{{@first}}{{@last}}{{n}} {{/each}}', 'truefalse0123 falsetrue0123 '],
  ['{{#with map}}{{a}} {{b.c}} {{n}}{{/with}}', '1.10 deep 0123'],
  ['{{#if flag}}yes{{else}}no{{/if}} {{#if off}}yes{{else}}no{{/if}}', 'yes no'],
  ['{{#if nobody}}a{{/if}}{{#unless nobody.here}}b{{/unless}}', 'b'],
  ['{{#if empty}}a{{else}}b{{/if}}{{#each none}}c{{else}}d{{/each}}', 'bd'],
  ['\\{{n}} {{! a comment }}{{{price}}} {{&price}}', '{{n}} 1.10 1.10'],
  ['a < b & "c"', 'a < b & "c"'],
  ['line {{~n~}} line', 'line0123line'],
] as const)('%s → %s', async ([prompt, expected]) => {
  expect(await text(prompt)).toBe(expected);
});

test('what is only a name takes the value with its type', async () => {
  const { cases } = await readSuite(`${vars}tests:
  - name: t
    assert:
      - jsonPath: { path: $.a, equals: "{{price}}" }
      - jsonPath: { path: $.b, equals: "{{map}}" }
      - jsonPath: { path: $.c, equals: " {{list}} " }
      - jsonPath: { path: $.d, equals: "{{flag}}" }
      - jsonPath: { path: $.e, equals: "{{price}}!" }
      - functionCall: { args: "{{map}}" }
      - contains: "{{n}}"
      - equals: 1.10
`);
  const map = { a: 1.1, b: { c: 'deep' } };
  expect(cases[0]?.assertions.slice(1).map(({ args }) => args)).toEqual([
    { path: '$.a', equals: 1.1 },
    { path: '$.b', equals: map },
    { path: '$.c', equals: ['x', 2] },
    { path: '$.d', equals: true },
    { path: '$.e', equals: '1.10!' },
    { args: map },
    '0123',
    '1.10',
  ]);
});

test('a value inside a pattern is quoted; in a schema nothing is a template; labels are', async () => {
  const { cases } = await readSuite(`vars: { name: "a.b(c)" }
tests:
  - name: t
    assert:
      - { matches: "^{{name}}$", label: "is {{name}}" }
      - { json: { schema: { const: "{{name}}" } } }
`);
  expect(cases[0]?.assertions.slice(1).map(({ args, label }) => [args, label])).toEqual([
    [String.raw`^a\.b\(c\)$`, 'is a.b(c)'],
    [{ schema: { const: '{{name}}' } }, undefined],
  ]);
});

const braces = 'Braces {{n}} stay, {{#if}} too.';
test.for<readonly [string, string, Record<string, string>]>([
  ['a var by file', 'vars: { doc: { file: doc.md } }', { 'doc.md': braces }],
  ['a CSV row', 'tests: [ { name: t, data: rows.csv } ]', { 'rows.csv': `doc\n"${braces}"\n` }],
  [
    'a JSON row',
    'tests: [ { name: t, data: rows.json } ]',
    { 'rows.json': JSON.stringify([{ doc: braces }]) },
  ],
  [
    'a JSONL row',
    'tests: [ { name: t, data: rows.jsonl } ]',
    { 'rows.jsonl': JSON.stringify({ doc: braces }) },
  ],
  ['a YAML row', 'tests: [ { name: t, data: rows.yaml } ]', { 'rows.yaml': `- doc: "${braces}"` }],
  ['an inline row', `tests: [ { name: t, data: [ { doc: "${braces}" } ] } ]`, {}],
  ['a row’s file', 'tests: [ { name: t, data: [ { doc: { file: d.md } } ] } ]', { 'd.md': braces }],
])('%s is never a template itself', async ([, suite, files]) => {
  const found = await bodies(`${suite}\nprompts: { p: "<{{doc}}>" }`, files);
  expect(JSON.stringify(found)).toContain(JSON.stringify(`<${braces}>`).slice(1, -1));
});

test('raw, and data in a prompt, are no templates; a text by file is', async () => {
  const found = await bodies(
    `vars: { n: 7 }
prompts:
  p: [ { raw: "{{n}}" }, { file: data.json }, { file: part.md }, { text: "{{n}}" } ]`,
    { 'data.json': '{ "a": 1.10, "b": "{{n}}" }\n', 'part.md': 'From a file: {{n}}\n' },
  );
  expect(found['s / p']?.contents).toEqual([
    {
      parts: [
        { text: '{{n}}' },
        { text: '{ "a": 1.10, "b": "{{n}}" }' },
        { text: 'From a file: 7' },
        { text: '7' },
      ],
    },
  ]);
});

test('vars: the test’s over the suite’s, the row’s over both', async () => {
  const { cases } = await readSuite(`vars: { a: s, b: s, c: s }
prompts: { p: "{{a}}{{b}}{{c}}" }
tests: [ { name: t, vars: { b: t, c: t }, data: [ { c: r } ] } ]`);
  expect(cases[0]?.shown[0]?.text).toBe('str');
});

test('any text that a row holds is sent as it is', async () => {
  await assert(
    asyncProperty(string({ unit: 'grapheme', minLength: 1 }), async (value) => {
      const found = await bodies('prompts: { p: "<{{v}}>" }\ntests: [ { name: t, data: rows.json } ]', {
        'rows.json': JSON.stringify([{ v: value }]),
      });
      const [body] = Object.values(found);
      expect(body?.contents).toEqual([{ parts: [{ text: `<${value}>` }] }]);
    }),
    { numRuns: 40 },
  );
});

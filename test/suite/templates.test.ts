/** Templates: how names render, in which strings, and which strings are not templates. */
import { assert, asyncProperty, string } from 'fast-check';
import { expect, test } from 'vitest';
import { planFiles } from '../suites.ts';
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
  return cases[0]?.displayTurns[0]?.text ?? '';
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

test('a template of one name keeps the type of the value', async () => {
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

test('quotes values in patterns, renders labels, and leaves schemas alone', async () => {
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

const inAssertion = (entry: string) => async () => {
  const { cases, shown } = await readSuite(
    `vars: { name: "a.b" }\ntests: [ { name: t, assert: [ ${entry} ] } ]`,
    { 's.mjs': 'export default () => true;' },
  );
  expect(shown).not.toMatch(/^error|literal-braces/m);
  return cases[0]?.assertions.at(-1)?.args;
};
const inBody = (suite: string) => () => bodies(`vars: { name: "a.b" }\n${suite}`);

// Keys named like patterns and schemas are ordinary keys: their values are rendered.
test.for<readonly [string, () => Promise<unknown>, string]>([
  [
    'script.with',
    inAssertion('{ script: { file: s.mjs, with: { matches: "{{name}}", schema: { a: "{{name}}" } } } }'),
    '{"matches":"a.b","schema":{"a":"a.b"}}',
  ],
  [
    'functionCall.args',
    inAssertion('{ functionCall: { args: { matches: "{{name}}", schema: { a: "{{name}}" } } } }'),
    '{"matches":"a.b","schema":{"a":"a.b"}}',
  ],
  [
    'nested in not and any',
    inAssertion('{ not: { any: [ { functionCall: { args: { matches: "{{name}}" } } } ] } }'),
    '{"matches":"a.b"}',
  ],
  [
    'a compared value',
    inAssertion('{ response: { path: $.a, equals: { matches: "{{name}}", schema: ["{{name}}"] } } }'),
    '{"matches":"a.b","schema":["a.b"]}',
  ],
  [
    'extra',
    inBody('tests: [ { name: t, extra: { labels: { matches: "{{name}}", schema: { a: "{{name}}" } } } } ]'),
    '{"matches":"a.b","schema":{"a":"a.b"}}',
  ],
  [
    'a variable',
    inBody(`tests: [ { name: t, vars: { v: { matches: "{{name}}", schema: { a: "{{name}}" } } } } ]
prompts: { p: "{{v.matches}} {{v.schema.a}}" }`),
    '"a.b a.b"',
  ],
  [
    'a config field',
    inBody('configs: { c: { labels: { matches: "{{name}}", schema: "{{name}}" } } }'),
    '{"matches":"a.b","schema":"a.b"}',
  ],
  [
    'a part in the API’s words',
    inBody('prompts: { p: [ { functionCall: { name: f, args: { matches: "{{name}}" } } } ] }'),
    '{"matches":"a.b"}',
  ],
])('the keys matches and schema in %s', async ([, read, expected]) => {
  expect(JSON.stringify(await read())).toContain(expected);
});

test('treats patterns and schemas alike in every kind', async () => {
  const { cases } = await readSuite(`vars: { name: "a.b" }
tests:
  - name: t
    assert:
      - all:
          - { jsonPath: { path: $.a, matches: "{{name}}" } }
          - { not: { matches: "{{name}}" } }
          - { functionCall: { where: { path: $.a, matches: "{{name}}" } } }
          - { modelVersion: { matches: "{{name}}" } }
          - { json: { schema: { const: "{{name}}" } } }
      - { error: { message: { matches: "{{name}}" } } }
`);
  const found = JSON.stringify(cases[0]?.assertions.map(({ args }) => args));
  expect(found.match(/a\\\\\.b/g)).toHaveLength(5);
  expect(found).toContain('{"const":"{{name}}"}');
});

test('renders nothing in schemas of a request', async () => {
  const body = `vars: { name: x }
configs: { c: { responseJsonSchema: { const: "{{name}}" }, responseFormat: { text: { mimeType: "{{name}}", schema: { const: "{{name}}" } } } } }`;
  expect(await bodies(body)).toMatchObject({
    's / p / c': {
      generationConfig: {
        responseJsonSchema: { const: '{{name}}' },
        responseFormat: { text: { mimeType: 'x', schema: { const: '{{name}}' } } },
      },
    },
  });
  const { problems } = await readSuite(body);
  expect(problems.filter((each) => each.startsWith('literal-braces'))).toHaveLength(2);
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

test('renders a text by file, but not raw or data in a prompt', async () => {
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

test('vars of a test override the suite, those of a row override both', async () => {
  const { cases } = await readSuite(`vars: { a: s, b: s, c: s }
prompts: { p: "{{a}}{{b}}{{c}}" }
tests: [ { name: t, vars: { b: t, c: t }, data: [ { c: r } ] } ]`);
  expect(cases[0]?.displayTurns[0]?.text).toBe('str');
});

test('sends any text of a row unchanged', async () => {
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

test.for<[name: string, template: string, at: string[]]>([
  ['a missing letter', '{{#if nme}}x{{/if}}', ['4:16']],
  ['swapped letters', '{{#unless nmae}}x{{/unless}}', ['4:16']],
  ['another case', 'a {{#if Name}}x{{/if}}', ['4:18']],
  ['after else', '{{#if topic}}x{{else if nme}}y{{/if}}', ['4:30']],
  ['inverted', '{{^if nme}}x{{/if}}', ['4:16']],
  ['a key of an item', '{{#each list}}{{#if titel}}x{{/if}}{{/each}}', ['4:30']],
  ['a column that only some rows have', '{{#if nam}}x{{/if}}', []],
  ['a name that resembles no other', '{{#if note}}x{{/if}}', []],
  ['an omitted choice', '{{#if choice_b}}x{{/if}}{{#if line2}}x{{/if}}', []],
])('a condition on an unknown name: %s', async ([, template, at]) => {
  const { problems } = await readSuite(
    `prompts: { p: "${template}" }
vars: { name: Ann, topic: "", choice_a: x, line1: x, list: [ { title: t } ] }
tests: [ { name: t, data: [ { n: 1 }, { n: 2, nam: x } ] } ]`,
  );
  expect(problems).toEqual(at.map((each) => `undefined-condition s.suite.yaml:${each}`));
});

test('accepts a column that only other rows have, for any selection', async () => {
  const { diagnostics } = await planFiles(
    `suite: s
model: m
prompts: { p: "{{#if nam}}x{{/if}}" }
vars: { name: Ann }
assert: [ { outcome: answered } ]
tests: [ { name: t, row: "{{n}}", data: [ { n: one }, { n: two, nam: x } ] } ]`,
    { selection: { filter: ['one'] } },
  );
  expect(diagnostics).toEqual([]);
});

test('reports a variable with an error only once', async () => {
  const { problems } = await readSuite(
    'vars: { list: "{{nobody}}" }\nprompts: { p: "{{#each list}}x{{/each}}{{list}}" }',
  );
  expect(problems).toEqual(['undefined-variable s.suite.yaml:4:16']);
});

test('sends a variable as its source text where the API expects a text', async () => {
  const sent = await bodies(`vars: { n: 0123, flag: true }
configs:
  c:
    systemInstruction: { parts: [ { text: "{{n}}" } ] }
    labels: { k: "{{n}}" }
    speechConfig: { languageCode: "{{n}}" }
    toolConfig: { functionCallingConfig: { allowedFunctionNames: ["{{n}}", "{{flag}}"] } }
prompts:
  p:
    - functionCall: { name: "{{n}}", args: { n: "{{n}}" } }
    - functionResponse: { name: "{{flag}}", response: { n: "{{n}}" } }
    - inlineData: { mimeType: text/plain, data: "{{n}}" }
    - { fileUri: x, videoMetadata: { startOffset: "{{n}}", fps: "{{n}}" } }`);
  expect(Object.values(sent)).toEqual([
    {
      contents: [
        {
          parts: [
            { functionCall: { name: '0123', args: { n: 123 } } },
            { functionResponse: { name: 'true', response: { n: 123 } } },
            { inlineData: { mimeType: 'text/plain', data: '0123' } },
            { fileData: { fileUri: 'x' }, videoMetadata: { startOffset: '0123', fps: 123 } },
          ],
        },
      ],
      systemInstruction: { parts: [{ text: '0123' }] },
      labels: { k: '0123' },
      generationConfig: { speechConfig: { languageCode: '0123' } },
      toolConfig: { functionCallingConfig: { allowedFunctionNames: ['0123', 'true'] } },
    },
  ]);
});

test.for<[phase: string, suite: string, texts: string[]]>([
  [
    'by the schema',
    'configs: { c: { labels: { a: 1, b: [x] } } }',
    [
      'expected a text, received the number 1',
      'quote it: "1"',
      'expected a text, received a list',
      'write each entry by itself',
    ],
  ],
  [
    'in the messages of the API',
    `configs:
  c: { systemInstruction: { parts: [ { text: 1.10 } ] } }
prompts:
  p: [ { functionCall: { name: 3 } } ]`,
    [
      'expected a text, received a number',
      'quote it: "1.10"',
      'expected a text, received a number',
      'quote it: "3"',
    ],
  ],
  [
    'by a variable',
    `vars: { list: [ a ] }
configs: { c: { labels: { c: "{{list}}" } } }
prompts:
  p: [ { functionResponse: { name: "{{list}}", response: {} } } ]`,
    [
      'expected a text, received a list (in s / p / c)',
      '{{list}} is a list here: name one of its values',
      'expected a text, received a list (in s / p / c)',
    ],
  ],
])('rejects other types where the API expects a text: %s', async ([, suite, texts]) => {
  const { shown } = await readSuite(suite);
  expect(shown.match(/(?<=^error.*: ).*|(?<=help: ).*/gm)).toEqual(texts);
});

test.for<[name: string, suite: string, problems: string[]]>([
  ['tools', 'configs: { c: { tools: [ { functionDeclarations: [ { name: "{{n}}" } ] } ] } }', ['5:61']],
  ['a schema of the API', 'defaults: { responseSchema: { type: STRING, description: "{{n}}" } }', ['5:59']],
  ['a schema of an assertion', 'assert: [ { not: { json: { schema: { const: "{{n}}" } } } } ]', ['4:46']],
  ['a key of extra', 'configs: { c: { extra: { "a {{n}}": "{{n}}" } } }', ['5:29']],
  ['a variable that is a file', 'defaults: { labels: { a: "{{f.x}}" } }', ['f.yaml:1:5']],
  ['rows', 'tests: [ { data: [ { r: "{{n}}" }, { r: "and {{n}}" }, { r: x } ] } ]', ['5:26']],
  ['rows, inside a list', 'tests: [ { data: [ { r: [ "{{n}}" ] } ] } ]', ['5:28']],
  [
    'no variable',
    'defaults: { responseSchema: { type: STRING, description: "{{braces}} {{env.HOME}}" } }',
    [],
  ],
  ['an escaped brace', String.raw`defaults: { responseSchema: { type: STRING, description: '\{{n}}' } }`, []],
  ['where templates apply', 'configs: { c: { extra: { a: "{{n}}" }, labels: { a: "{{n}}" } } }', []],
])('warns about a name in braces that is not rendered: %s', async ([, suite, at]) => {
  const file = suite.includes('f.x') ? { 'f.yaml': 'x: "{{n}}"\n' } : { 'f.yaml': 'x: y\n' };
  const { problems } = await readSuite(`${suite}\nvars: { n: 3, f: { file: f.yaml } }`, file);
  expect(problems).toEqual(
    at.map((each) => `literal-braces ${each.includes('.') ? each : `s.suite.yaml:${each}`}`),
  );
});

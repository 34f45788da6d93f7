/** Sharing: files in every place that takes one, relative to the file that contains them; anchors, merge keys, x- keys, lists in lists. */
import { expect, test } from 'vitest';
import { bodies, readSuite } from './read.ts';

const parts = (...texts: string[]): object => ({ contents: [{ parts: texts.map((text) => ({ text })) }] });
const files = {
  'shared/a.md': 'A {{w}}\n\n',
  'shared/text.json': '"just {{w}}"',
  'shared/turns.yaml': '- user: { file: a.md }\n- model:\n- user: bye',
  'shared/turn.yaml': 'user: [ { file: a.md }, more ]',
  'shared/prompts.yaml': 'a: { file: a.md }\nb: [ { file: a.md }, { raw: "{{w}}" } ]\n',
  'shared/config.yaml': 'temperature: 0.5\nsystemInstruction: { file: a.md }\n',
  'shared/configs.yaml': 'one: { file: config.yaml }\ntwo: { topK: 3 }\n',
  'shared/tools.yaml': '- googleSearch: {}\n- urlContext: {}\n',
  'shared/tool.yaml': 'functionDeclarations: [ { file: function.yaml } ]\n',
  'shared/function.yaml': 'name: f\nparameters: { file: schema.json }\n',
  'shared/schema.json': '{ "type": "object", "title": "{{w}}" }',
  'shared/assert.yaml':
    '- contains: "{{w}}"\n- [ { json: { schema: { file: schema.json } } } ]\n- { file: one.yaml }\n',
  'shared/one.yaml': 'startsWith: x\n',
};
const schema = { type: 'object', title: '{{w}}' };

test.for<readonly [string, string, Record<string, unknown>]>([
  ['a prompt, as text', 'prompts: { p: { file: shared/a.md } }', { 's / p': parts('A W\n') }],
  ['a prompt, as a value', 'prompts: { p: { file: shared/text.json } }', { 's / p': parts('just W') }],
  [
    'a prompt, as turns, and a turn’s parts',
    'prompts: { p: { file: shared/turns.yaml } }',
    {
      's / p': {
        contents: [
          { role: 'user', parts: [{ text: 'A W\n' }] },
          { role: 'model' },
          { role: 'user', parts: [{ text: 'bye' }] },
        ],
      },
    },
  ],
  [
    'a turn',
    'prompts: { p: [ { user: hi }, { model: ho }, { file: shared/turn.yaml } ] }',
    {
      's / p': {
        contents: [
          { role: 'user', parts: [{ text: 'hi' }] },
          { role: 'model', parts: [{ text: 'ho' }] },
          { role: 'user', parts: [{ text: 'A W\n' }, { text: 'more' }] },
        ],
      },
    },
  ],
  ['a text part', 'prompts: { p: [ x, { file: shared/a.md } ] }', { 's / p': parts('x', 'A W\n') }],
  [
    'all prompts, with files in them',
    'prompts: { file: shared/prompts.yaml }',
    { 's / a': parts('A W\n'), 's / b': parts('A W\n', '{{w}}') },
  ],
  [
    'a part by a path from the rows',
    'prompts: { p: [ { file: "shared/{{name}}.md" } ] }\ntests: [ { name: t, data: [ { name: a } ], row: "{{name}}" } ]',
    { 't / a / p': parts('A W\n') },
  ],
  [
    'a config, and a system instruction in it',
    'configs: { c: { file: shared/config.yaml } }',
    {
      's / p / c': {
        ...parts('Hello.'),
        generationConfig: { temperature: 0.5 },
        systemInstruction: { parts: [{ text: 'A W\n' }] },
      },
    },
  ],
  [
    'all configs, with a file for one',
    'configs: { file: shared/configs.yaml }\nprompts: { p: x }\ntests: [ { name: t, configs: [two] }, { name: u, method: countTokens, configs: [two] } ]\nassert: [ { latency: { total: { max: 1 } } } ]',
    {
      't / p / two': { ...parts('x'), generationConfig: { topK: 3 } },
      'u / p / two': {
        generateContentRequest: {
          model: 'models/gemini-3.8-flash',
          ...parts('x'),
          generationConfig: { topK: 3 },
        },
      },
    },
  ],
  [
    'tools entries, function declarations and their schemas',
    'configs: { c: { tools: [ { codeExecution: {} }, { file: shared/tools.yaml }, { file: shared/tool.yaml } ] } }',
    {
      's / p / c': {
        ...parts('Hello.'),
        tools: [
          { codeExecution: {} },
          { googleSearch: {} },
          { urlContext: {} },
          { functionDeclarations: [{ name: 'f', parameters: schema }] },
        ],
      },
    },
  ],
  [
    'a response schema',
    'configs: { c: { responseJsonSchema: { file: shared/schema.json } } }',
    { 's / p / c': { ...parts('Hello.'), generationConfig: { responseJsonSchema: schema } } },
  ],
  [
    'a var',
    'vars: { w: W, v: { file: shared/a.md }, m: { file: shared/schema.json } }\nprompts: { p: "{{v}}|{{m.title}}" }',
    { 's / p': parts('A {{w}}\n|{{w}}') },
  ],
])('%s', async ([, suite, expected]) => {
  const withVar = suite.includes('vars:') ? suite : `vars: { w: W }\n${suite}`;
  const { cases, shown } = await readSuite(withVar, files);
  expect(shown.includes('error['), shown).toBe(false);
  expect(Object.fromEntries(cases.map(({ id, request }) => [id, request.body]))).toEqual(expected);
});

test.for([
  ['all of assert', 'assert: { file: shared/assert.yaml }'],
  ['an entry', 'assert: [ { file: shared/assert.yaml } ]'],
  ['by way of an anchor in a list', 'x-all: &all [ { file: shared/assert.yaml } ]\nassert: [ [ *all ] ]'],
])('assertions by file: %s', async ([, suite]) => {
  const { cases, problems } = await readSuite(`vars: { w: W }\n${suite}`, files);
  // In the schema braces are text.
  expect(problems).toEqual(['literal-braces shared/schema.json:1:31']);
  expect(cases[0]?.assertions.map(({ kind, args }) => [kind, args])).toEqual([
    ['contains', 'W'],
    ['json', { schema }],
    ['startsWith', 'x'],
  ]);
});

test('reads files inside not, any and all, and schemas in them', async () => {
  const { cases, shown } = await readSuite(
    'assert: [ { not: { file: shared/one.yaml } }, { any: [ [ { file: shared/one.yaml } ], { json: { schema: { file: shared/schema.json } } } ] } ]',
    files,
  );
  expect(shown).toBe('');
  expect(cases[0]?.assertions.map(({ args }) => args)).toEqual([
    { startsWith: 'x' },
    [{ startsWith: 'x' }, { json: { schema } }],
  ]);
});

test('reuses an anchored list inside others at any depth', async () => {
  const { cases, shown } = await readSuite(`x-a: &a [ { contains: a }, { contains: b } ]
x-b: &b [ *a, [ { contains: c } ] ]
x-c: { nobody: reads, this: [1] }
assert: [ *b, { any: [ *a, { contains: d } ] } ]`);
  expect(shown).toBe('');
  expect(cases[0]?.assertions.map(({ args }) => args)).toEqual([
    'a',
    'b',
    'c',
    [{ contains: 'a' }, { contains: 'b' }, { contains: 'd' }],
  ]);
});

test('own keys win over merge keys, earlier sources over later ones', async () => {
  const found = await bodies(`x-c: &c { temperature: 1, topK: 3 }
configs:
  a: { <<: *c, topK: 4 }
  b: { <<: [ { topP: 0.1, topK: 9 }, *c ] }
  c: { topK: 5, <<: *c }
`);
  expect(Object.values(found).map((body) => body?.generationConfig)).toEqual([
    { topK: 4, temperature: 1 },
    { topP: 0.1, topK: 9, temperature: 1 },
    { topK: 5, temperature: 1 },
  ]);
});

test.for([
  [
    'rows.csv',
    '\uFEFFcity,n\r\nOslo,"1,0 ""x"""\r\n\r\n"Two\nlines",2\r\n',
    [
      ['Oslo', '1,0 "x"'],
      ['Two\nlines', '2'],
    ],
  ],
  [
    'rows.json',
    '[{"city":"Oslo","n":1.10},{"city":"Rome","n":1e3}]',
    [
      ['Oslo', '1.10'],
      ['Rome', '1e3'],
    ],
  ],
  [
    'rows.jsonl',
    '{"city":"Oslo","n":1.10}\n\n{"city":"Rome","n":{"deep":2.0}}\n',
    [
      ['Oslo', '1.10'],
      ['Rome', '2.0'],
    ],
  ],
  [
    'rows.yaml',
    '- { city: Oslo, n: 0123 }\n- { city: Rome, n: yes }\n',
    [
      ['Oslo', '0123'],
      ['Rome', 'yes'],
    ],
  ],
] as const)('rows of %s', async ([name, content, expected]) => {
  const { cases, shown } = await readSuite(
    `prompts: { p: "{{city}}|{{#if n.deep}}{{n.deep}}{{else}}{{n}}{{/if}}" }\ntests: [ { name: t, data: ${name} } ]`,
    { [name]: content },
  );
  expect(shown).toBe('');
  expect(cases.map((each) => each.displayTurns[0]?.text)).toEqual(expected.map((row) => row.join('|')));
});

test('rows can have assert in every map format, with files relative to theirs', async () => {
  const row = { n: 1, assert: [{ contains: '{{n}}' }, { json: { schema: { file: 's.json' } } }] };
  const { cases, shown } = await readSuite(
    `tests:
  - { name: inline, data: [ { n: 1, assert: [ { contains: "{{n}}" } ] }, { n: 2 } ] }
  - { name: json, data: rows/r.json }
  - { name: jsonl, data: rows/r.jsonl }
  - { name: yaml, data: rows/r.yaml }
assert: [ { finishReason: STOP } ]`,
    {
      'rows/r.json': JSON.stringify([row]),
      'rows/r.jsonl': JSON.stringify(row),
      'rows/r.yaml': JSON.stringify([row]),
      'rows/s.json': '{"type":"object"}',
    },
  );
  expect(shown).toBe('');
  const both = ['STOP', '1', { schema: { type: 'object' } }];
  expect(cases.map(({ assertions }) => assertions.map(({ args }) => args))).toEqual([
    ['STOP', '1'],
    ['STOP'],
    both,
    both,
    both,
  ]);
});

/** What a suite says that it likely does not mean: a table of suites and what is reported of them. */
import { expect, test } from 'vitest';
import { isAllowed } from '../../src/diagnostics/render.ts';
import { read } from './read.ts';

type Case = [title: string, body: string, problems: string[], files?: Record<string, string>, says?: string];

const head = 'suite: s\nmodel: gemini-3.8-flash\n';

async function check(
  body: string,
  files: Record<string, string> = {},
): Promise<{ problems: string[]; shown: string }> {
  const { problems, shown } = await read(
    { 's.suite.yaml': `${head}${body}\n`, ...files },
    {},
    {},
    (each) => !isAllowed(each),
  );
  return { problems: problems.map((problem) => problem.replace(' s.suite.yaml:', ' ')).toSorted(), shown };
}

const check1: (each: Case) => Promise<void> = async ([, body, problems, files, says]) => {
  const came = await check(body, files);
  expect(came.problems).toEqual(problems);
  if (says !== undefined) expect(came.shown).toContain(says);
};

const answered = 'assert: [ { outcome: answered } ]';
const prompt = `prompts: { p: "Hi {{a}}" }\n${answered}`;

test.for<Case>([
  [
    'a variable of the suite',
    `vars: { a: x, b: y }\n${prompt}`,
    ['unused-variable 3:15'],
    {},
    'write {{b}} where',
  ],
  [
    'a file of variables next to another variable',
    `vars: { file: v.yaml, a: x }\n${prompt}`,
    ['unused-variable 3:9'],
    { 'v.yaml': 'b: y\n' },
    'vars: { file: v.yaml } reads them where "file" is the only key',
  ],
  [
    'a file of rows in a row',
    `vars: { a: x }\n${prompt}\ntests: [ { data: [ { file: r.yaml } ] } ]`,
    ['unused-variable 6:22'],
    { 'r.yaml': '- { b: y }\n' },
    'write data: r.yaml in the test',
  ],
  ['a variable of a test', `${prompt}\ntests: [ { vars: { a: x, b: y } } ]`, ['unused-variable 5:26']],
  [
    'a variable used only by an unused one',
    `vars: { a: x, b: "{{c}}", c: y }\n${prompt}`,
    ['unused-variable 3:15', 'unused-variable 3:27'],
  ],
  ['a variable used by a used one', `vars: { a: "{{b}}", b: x }\n${prompt}`, []],
  [
    'a variable under a condition that never holds',
    `vars: { a: "", b: x }\nprompts: { p: "Hi {{#if a}}{{b}}{{/if}}" }\n${answered}`,
    [],
  ],
  [
    'a variable in a config',
    `vars: { a: x }\nconfigs: { c: { systemInstruction: "Be {{a}}" } }\nprompts: { p: Hi }\n${answered}`,
    [],
  ],
  [
    'a variable in a label',
    `vars: { a: x }\nprompts: { p: Hi }\nassert: [ { outcome: answered, label: "{{a}}" } ]`,
    [],
  ],
  [
    'a variable of a prompt whose path is a template',
    `vars: { a: x, b: y }\nprompts: { p: { file: "{{a}}.md" } }\n${answered}`,
    [],
    { 'x.md': 'Hi {{b}}' },
  ],
  [
    'a column of a table',
    `${prompt}\ntests: [ { data: r.csv } ]`,
    ['unused-variable r.csv:1:3'],
    { 'r.csv': 'a,b\n1,2\n' },
  ],
  [
    'a column of lines',
    `${prompt}\ntests: [ { data: r.jsonl } ]`,
    ['unused-variable r.jsonl:2:11'],
    { 'r.jsonl': '{"a": 1}\n{"a": 2, "b": 3}\n' },
  ],
  [
    'a column in the names of rows',
    `${prompt}\ntests: [ { data: r.csv, row: "{{b}}" } ]`,
    [],
    { 'r.csv': 'a,b\n1,2\n' },
  ],
  [
    'a column in an assertion of a row',
    `${prompt}\ntests: [ { data: [ { a: 1, b: 2, assert: [ { contains: "{{b}}" } ] } ] } ]`,
    [],
  ],
  [
    'a column allowed by a comment at data',
    `${prompt}\ntests:\n  - data: r.csv # assay: allow unused-variable\n`,
    [],
    { 'r.csv': 'a,b\n1,2\n' },
  ],
  [
    'a column used by another test',
    `${prompt}\ntests: [ { name: t, data: r.csv }, { name: u, data: r.csv, assert: [ { contains: "{{b}}" } ] } ]`,
    [],
    { 'r.csv': 'a,b\n1,2\n' },
  ],
  [
    'variables of a file that can be shared',
    `vars: { file: v.yaml }\n${prompt}`,
    [],
    { 'v.yaml': 'a: x\nb: y\n' },
  ],
  [
    'nothing if there is another error',
    `vars: { a: x, b: y }\nprompts: { p: "{{a}} {{nobody}}" }\n${answered}`,
    ['undefined-variable 4:22'],
  ],
])('unused: %s', check1);

test.for<Case>([
  [
    'assert under vars',
    `${prompt}\ntests:\n  - vars: { a: x, assert: [ { contains: x } ] }`,
    ['misplaced-key 6:19'],
    {},
    'write assert beside vars, not under it',
  ],
  [
    'keys of a test under vars',
    `vars: { a: x, skip: y, tags: [z], repeats: 3, passRate: 1, severity: warn }\n${prompt}`,
    [
      'misplaced-key 3:15',
      'misplaced-key 3:24',
      'misplaced-key 3:35',
      'misplaced-key 3:47',
      'misplaced-key 3:60',
    ],
  ],
  [
    'keys of a test in a row',
    `${prompt}\ntests: [ { data: [ { a: x, skip: true, vars: { b: 1 } } ] } ]`,
    ['misplaced-key 5:28', 'misplaced-key 5:40'],
  ],
  [
    'a field of a config',
    `vars: { a: x, temperature: 0.2 }\n${prompt}`,
    ['misplaced-key 3:15'],
    {},
    'configs: { a: { temperature: 0.2 } }',
  ],
  [
    'a used variable with such a name',
    `vars: { severity: high }\nprompts: { p: "{{severity}}" }\n${answered}`,
    ['misplaced-key 3:9'],
  ],
  [
    'a column of another harness',
    `${prompt}\ntests: [ { data: r.csv } ]`,
    ['foreign-column r.csv:1:3'],
    { 'r.csv': 'a,__expected\n1,2\n' },
    'contains: "{{expected}}"',
  ],
])('misplaced: %s', check1);

test.for<Case>([
  [
    'rows that the prompt does not use',
    `prompts: { p: Hi }\n${answered}\ntests:\n  - data: [ { a: 1 }, { a: 2 } ]\n    row: "{{a}}"`,
    ['equal-requests 6:11'],
    {},
    'all 2 rows',
  ],
  [
    'one of two prompts',
    `prompts: { p: "{{a}}", q: Hi }\n${answered}\ntests: [ { data: [ { a: 1 }, { a: 2 } ] } ]`,
    ['equal-requests 5:18'],
    {},
    'with the prompt q',
  ],
  [
    'two rows with different expectations',
    `prompts: { p: "{{a}}" }\ntests:\n  - data: r.csv\n    assert: [ { contains: "{{b}}" } ]`,
    ['equal-requests r.csv:4:1'],
    { 'r.csv': 'a,b\n1,2\n2,2\n1,3\n' },
    'the one at r.csv:2',
  ],
  [
    'rows used by a variable of the suite',
    `vars: { v: "{{a}}" }\nprompts: { p: "{{v}}" }\n${answered}\ntests: [ { data: [ { a: 1 }, { a: 2 } ] } ]`,
    [],
  ],
  [
    'two configs',
    `configs: { a: { temperature: 0.5 }, b: { temperature: 0.5 }, c: {} }\nprompts: { p: Hi }\n${answered}`,
    ['equal-configs 3:37'],
  ],
  [
    'a config that repeats a default',
    `defaults: { temperature: 0.5 }\nconfigs: { a: {}, b: { temperature: 0.5 } }\nprompts: { p: Hi }\n${answered}`,
    ['equal-configs 4:19'],
  ],
  [
    'two configs that no test combines',
    `configs: { a: {}, b: {} }\nprompts: { p: Hi }\n${answered}\ntests: [ { name: t, configs: [a] }, { name: u, configs: [b] } ]`,
    [],
  ],
  [
    'configs of two models',
    `configs: { a: {}, b: { model: gemini-3.1-pro-preview } }\nprompts: { p: Hi }\n${answered}`,
    [],
  ],
  ['two prompts', `prompts: { p: Hi, q: Hi }\n${answered}`, ['equal-prompts 3:19']],
  ['a prompt and the same text as a turn', `prompts: { p: Hi, q: [ { user: Hi } ] }\n${answered}`, []],
])('sent twice: %s', check1);

test.for<Case>([
  [
    'in a prompt',
    `vars: { a: x }\nprompts: { p: "Hi {{a}} {a} \${a} {b}" }\n${answered}`,
    ['single-braces 4:25', 'single-braces 4:29'],
    {},
    'write {{a}}',
  ],
  [
    'of a column, in a file',
    `prompts: { p: { file: p.md } }\n${answered}\ntests: [ { data: [ { a: x } ] } ]`,
    ['single-braces p.md:1:4', 'unused-variable 5:22'],
    { 'p.md': 'Hi {a}' },
  ],
  [
    'in an assertion',
    `vars: { a: x }\nprompts: { p: "{{a}}" }\nassert: [ { contains: "{a}" } ]`,
    ['single-braces 5:24'],
  ],
  ['in a raw prompt', `vars: { a: x }\nprompts: { p: { raw: "{a}" }, q: "{{a}}" }\n${answered}`, []],
  [
    'a class of letters',
    `vars: { L: x }\nprompts: { p: "{{L}}" }\nassert: [ { matches: '\\p{L}\\x{L}' } ]`,
    ['invalid-pattern 5:22'],
  ],
  [
    'allowed at the name of the prompt',
    `vars: { a: x }\nprompts:\n  p: | # assay: allow single-braces\n    Hi {{a}}, write {a}\n${answered}`,
    [],
  ],
])('single braces: %s', check1);

test.for<Case>([
  [
    'false',
    `prompts: { p: "{{#if a}}x{{/if}}" }\n${answered}\ntests: [ { data: r.csv } ]`,
    ['text-condition 3:16'],
    { 'r.csv': 'a\nyes\nno\nFALSE\n' },
    '"no" in a is a text',
  ],
  [
    '0 under unless',
    `prompts: { p: "{{#unless a}}x{{/unless}}" }\n${answered}\ntests: [ { data: r.csv } ]`,
    ['text-condition 3:16'],
    { 'r.csv': 'a\n0\n' },
    '(r.csv:2)',
  ],
  [
    'a quoted text',
    `vars: { a: "false" }\nprompts: { p: "{{#if a}}x{{/if}}" }\n${answered}`,
    ['text-condition 4:16'],
  ],
  [
    'empty values',
    `vars: { a: false, b: 0, c: "" }\nprompts: { p: "{{#if a}}x{{/if}}{{#if b}}x{{/if}}{{#if c}}x{{/if}}Hi" }\n${answered}`,
    [],
  ],
])('a text as condition: %s', check1);

const tools = `configs:
  a:
    tools:
      - functionDeclarations:
          - { name: weather, parameters: { type: OBJECT, properties: { city: { type: STRING }, when: { type: OBJECT, properties: { day: { type: STRING } } }, free: { type: OBJECT } } } }
          - { name: now }
prompts: { p: Hi }
`;
const calls = (entry: string): string => `${tools}assert:\n  - ${entry}`;
test.for<[entry: string, code: string | undefined, says?: string]>([
  ['functionCall: { name: weather }', undefined],
  ['functionCall: { name: wether }', 'unknown-function 11:27', 'did you mean "weather"?'],
  ['not: { functionCall: { name: nobody } }', 'unknown-function 11:34', 'the tools declare weather, now'],
  ['functionCall: { args: { city: Oslo } }', undefined],
  ['functionCall: { name: weather, args: { citi: Oslo } }', 'unknown-argument 11:44', 'did you mean "city"?'],
  ['functionCall: { name: weather, args: { when: { dy: x } } }', 'unknown-argument 11:52'],
  ['functionCall: { name: weather, args: { free: { any: x } } }', undefined],
  ['functionCall: { name: now, args: { city: Oslo } }', 'unknown-argument 11:40'],
  [
    'functionCall: { args: { nobody: 1 } }',
    'unknown-argument 11:29',
    'no declared function has an argument "nobody"',
  ],
  [
    'functionCall: { name: weather, where: { path: $.when.dy, equals: x } }',
    'unknown-argument 11:51',
    'did you mean "day"?',
  ],
  ['functionCall: { name: weather, where: { path: "$[\'when\'].day", equals: x } }', undefined],
  ['functionCall: { name: weather, where: { path: "$..dy", equals: x } }', undefined],
  ['any: [ { functionCall: { name: nobody } }, { contains: x } ]', 'unknown-function 11:36'],
])('an undeclared function: %s', async ([entry, code, says]) => {
  const { problems, shown } = await check(calls(entry));
  expect(problems).toEqual(code === undefined ? [] : [code]);
  if (says !== undefined) expect(shown).toContain(says);
});

test.for<Case>([
  [
    'schemas with additional properties',
    `configs: { a: { tools: [ { functionDeclarations: [ { name: f, parametersJsonSchema: { type: object, properties: { a: {} }, additionalProperties: true } } ] } ] } }\nprompts: { p: Hi }\nassert: [ { functionCall: { name: f, args: { b: 1 } } } ]`,
    [],
  ],
  [
    'tools with their own functions',
    `configs: { a: { tools: [ { computerUse: { environment: ENVIRONMENT_BROWSER } } ] } }\nprompts: { p: Hi }\nassert: [ { functionCall: { name: click_at } } ]`,
    [],
  ],
  [
    'no tools',
    `prompts: { p: Hi }\nassert: [ { functionCall: { name: f } } ]`,
    ['unknown-function 4:35'],
    {},
    'declare it in the config under tools',
  ],
  [
    'one of two configs, if it must be called',
    `configs: { a: { tools: [ { functionDeclarations: [ { name: f } ] } ] }, b: {} }\nprompts: { p: Hi }\nassert: [ { functionCall: { name: f } } ]`,
    ['unknown-function 5:35'],
  ],
  [
    'one of two configs, if it must not be called',
    `configs: { a: { tools: [ { functionDeclarations: [ { name: f } ] } ] }, b: {} }\nprompts: { p: Hi }\nassert: [ { not: { functionCall: { name: f } } }, { functionCall: { name: f, count: 0 } } ]`,
    [],
  ],
  [
    'tools of the defaults and of a file',
    `defaults: { tools: { file: t.json } }\nprompts: { p: Hi }\nassert: [ { functionCall: { name: g } } ]`,
    ['unknown-function 5:35'],
    { 't.json': '[{"functionDeclarations":[{"name":"f"}]}]' },
  ],
])('an undeclared function: %s', check1);

const rows = (assert: string): string =>
  `prompts: { p: "{{n}} {{a}} {{b}}" }\ntests:\n  - data: r.csv\n    row: "{{n}}"\n    assert:\n      - ${assert}`;
test.for<[assert: string, at: string[]]>([
  [`matches: "(?i){{a}}"`, ['8:23', '8:23']],
  [`matches: "{{a}}|x"`, ['8:19', '8:19']],
  [`matches: "x{{#if a}}{{a}}{{/if}}"`, []],
  [`contains: "{{a}}"`, ['8:20', '8:20']],
  [`contains: "in {{a}}"`, ['8:23', '8:23']],
  [`contains: [x, "{{a}}"]`, ['8:24', '8:24']],
  [`contains: { text: "{{a}}" }`, ['8:28', '8:28']],
  [`not: { startsWith: "{{a}}" }`, ['8:29', '8:29']],
  [`endsWith: "{{a}}"`, ['8:20', '8:20']],
  [`any: [ { equals: "{{a}}" }, { contains: x } ]`, ['8:27', '8:27']],
  [`equals: "{{n}}{{a}}"`, []],
  [`rouge: { to: "{{a}}", min: 0.5 }`, ['8:23', '8:23']],
  [`editDistance: { to: ["x", "{{a}}"], max: 3 }`, ['8:36', '8:36']],
  [`jsonPath: { path: $.a, contains: "{{a}}" }`, ['8:43', '8:43']],
  [`jsonPath: { path: $.a, equals: "{{a}}" }`, []],
  [`response: { path: "$.a{{a}}", exists: true }`, ['8:31', '8:31']],
  [`error: { message: "{{a}}" }`, ['8:28', '8:28']],
  [`finishReason: "{{a}}"`, ['8:24', '8:24']],
])('an empty cell leaves nothing to expect: %s', async ([assert, at]) => {
  const { problems, shown } = await check(rows(assert), { 'r.csv': 'n,a,b\n1,STOP,y\n2,,y\n3, ,y\n' });
  expect(problems).toEqual(at.map((each) => `empty-expectation ${each}`));
  if (at.length === 0) return;
  expect(shown).toContain('the variable "a" is empty');
  expect(shown).toContain('(in s / 2 / p, r.csv:3)');
  expect(shown).toContain('(in s / 3 / p, r.csv:4)');
});

/** The problems with their lines, without columns. */
const lines = (problems: readonly string[]): string[] =>
  problems.map((problem) => problem.replace(/:\d+$/, ''));

test.for(['max', 'HARM_CATEGORY_HARASSMENT'])('an empty cell leaves no safety limit: %s', async (key) => {
  const { problems } = await check(rows(`safety: { ${key}: "{{a}}", ifAbsent: pass }`), {
    'r.csv': 'n,a,b\n1,LOW,y\n2,,y\n',
  });
  expect(lines(problems)).toEqual(['empty-expectation 8']);
});

test('an empty cell in a list and in a block leaves nothing to expect', async () => {
  const { problems } = await check(
    `vars: { list: [] }\nprompts: { p: Hi }\nassert:\n  - contains: "{{list}}"\n  - equals: "{{#each list}}{{this}}{{/each}}"`,
  );
  expect(problems).toEqual(['empty-expectation 6:16', 'empty-expectation 7:14']);
});

test.for<[entry: string, at: string[]]>([
  ['rouge: { to: a lamp, min: 0 }', ['checks-nothing 5']],
  ['rouge: { to: a lamp, max: 1 }', ['checks-nothing 5']],
  ['editDistance: { to: x, variant: share, max: 1 }', ['checks-nothing 5']],
  ['length: { words: { min: 0 } }', ['checks-nothing 5']],
  ['length: { words: { min: 0, max: 3 } }', []],
  ['snapshot: { similarity: 0 }', ['checks-nothing 5']],
  ['tokens: { total: { max: -1 } }', ['out-of-range 5']],
  ['citations: -1', ['out-of-range 5']],
  ['latency: { total: { equals: -4 } }', ['out-of-range 5']],
  ['avgLogprobs: { max: 0 }', ['checks-nothing 5']],
  ['avgLogprobs: { min: 0.1 }', ['out-of-range 5']],
  ['length: { words: { min: 5, max: 2 } }', ['empty-range 5']],
  ['tokens: { total: { equals: 5, max: 2 } }', ['empty-range 5']],
  ['jsonPath: { path: $.a, count: { min: 0 } }', ['checks-nothing 5']],
  ['jsonPath: { path: $.a, count: { min: 0 }, equals: 3 }', []],
  ['jsonPath: { path: $.a, min: -3 }', []],
  ['jsonPath: { path: $.a, exists: false, equals: 3 }', ['empty-range 5']],
  ['jsonPath: { path: $.a, exists: false, count: 2 }', ['empty-range 5']],
  ['jsonPath: { path: $.a, exists: true, count: 0 }', ['empty-range 5']],
  ['response: { path: $.a, count: { max: 0 }, min: 3 }', ['empty-range 5']],
  ['jsonPath: { path: $.a, exists: false, count: 0 }', []],
  ['length: { chars: 0 }', ['out-of-range 5']],
  ['length: { words: { max: 0 } }', ['out-of-range 5']],
  ['length: { words: { min: 1 } }', []],
  ['tokens: { total: 1.5 }', ['out-of-range 5']],
  ['contains: { text: x, count: { equals: 0.5 } }', ['out-of-range 5']],
  ['safety: { max: HIGH, ifAbsent: pass }', ['checks-nothing 5']],
  ['safety: { max: HIGH, HARM_CATEGORY_HARASSMENT: LOW, ifAbsent: pass }', []],
  ['safety: { max: HIGH }', []],
  ['not: { functionCall: { count: { min: 0 } } }', ['checks-nothing 5']],
  ["matches: '.*'", ['checks-nothing 5']],
  ["matches: 'a*'", ['checks-nothing 5']],
  ["matches: 'x|'", ['checks-nothing 5']],
  ["matches: '(?i)'", ['checks-nothing 5']],
  ["matches: '^'", ['checks-nothing 5']],
  ["matches: '^$'", []],
  ["matches: '(?s)^.{0,100}$'", []],
  ["matches: '\\Qx'", []],
  ["modelVersion: { matches: '.*' }", ['checks-nothing 5']],
  ["json: { schema: { properties: { a: { pattern: 'x*' } } } }", ['checks-nothing 5']],
])('an assertion that checks nothing or cannot hold: %s', async ([entry, at]) => {
  expect(lines((await check(`prompts: { p: Hi }\nassert:\n  - ${entry}`)).problems)).toEqual(at);
});

test('warns about passRate 0 of a suite and of a test', async () => {
  const { problems } = await check(
    `passRate: 0\nprompts: { p: Hi }\n${answered}\ntests: [ { passRate: 0 } ]`,
  );
  expect(lines(problems)).toEqual(['checks-nothing 3', 'checks-nothing 6']);
});

const b = String.raw;
test.for<[title: string, entries: string[], at: string[], says?: string]>([
  [
    'a non-ASCII word',
    [b`matches: '\bпривет\b'`, b`not: { matches: '\bécole\b' }`],
    ['5', '6'],
    b`\p{L} is any letter, \p{Nd} any digit`,
  ],
  [
    'classes next to a letter',
    [b`matches: '\w+ция'`, b`matches: '№ж\d'`, b`matches: 'я\s'`],
    ['5', '6', '7'],
    b`instead of \d write \p{Nd}`,
  ],
  [
    'a letter by number, and a class of letters',
    [b`matches: '\x{43f}\b'`, b`matches: '\b\p{L}+'`, b`matches: '[\p{L}\d]'`],
    ['5', '6'],
  ],
  [
    'ASCII words next to a non-ASCII assertion',
    [b`contains: straße`, b`not: { matches: '\bber\b' }`, b`matches: '\d+'`],
    ['6'],
  ],
  ['words in ASCII', [b`matches: '\bword\b \d\s\w'`], []],
  ['escaped backslashes', [b`matches: '\\bé'`, b`matches: '\Q\b\Eé'`], []],
  [
    'other kinds',
    [
      b`jsonPath: { path: $.a, matches: 'é\b' }`,
      b`jsonPath: { path: "$[?search(@.a, 'é\\\\b')]" }`,
      b`modelVersion: { matches: 'é\b' }`,
      b`error: { message: { matches: 'é\b' } }`,
      b`functionCall: { where: { path: $.a, matches: 'é\b' } }`,
      b`json: { schema: { patternProperties: { '^é\b': { pattern: 'é\w' } } } }`,
    ],
    ['10', '10', '5', '6', '7', '8', '9'],
  ],
])('escapes that cover only ASCII: %s', async ([, entries, at, says]) => {
  const { problems, shown } = await check(
    `prompts: { p: Hi }\nassert:\n${entries.map((entry) => `  - ${entry}`).join('\n')}`,
  );
  expect(lines(problems)).toEqual(at.map((each) => `ascii-class ${each}`));
  if (says !== undefined) expect(shown).toContain(says);
});

test('warns about an escape next to a non-ASCII value of a row', async () => {
  const { problems } = await check(
    `prompts: { p: "{{a}}" }\ntests: [ { data: [ { a: Oslo }, { a: Zürich } ], assert: [ { matches: '\\b{{a}}' } ] } ]`,
  );
  expect(problems).toEqual(['ascii-class 4:71']);
});

test('reports a suite file that is not run', async () => {
  const sound = `${head}prompts: { p: Hi }\n${answered}\n`;
  const { problems, shown } = await read({
    'a.suite.yaml': sound,
    'b.yaml': sound.replace('suite: s', 'suite: b'),
    'known.yaml': sound.replace('suite: s', 'suite: k # assay: allow overlooked-suite'),
    'shared.yaml': 'plain: {}\n',
    'sub/c.yml': sound.replace('suite: s', '"suite": c'),
    'sub/d.suite.yml': sound.replace('suite: s', 'suite: d'),
  });
  expect(problems.filter((problem) => !problem.includes('known'))).toEqual([
    'overlooked-suite b.yaml:1:1',
    'overlooked-suite sub/c.yml:1:1',
  ]);
  expect(shown).toContain('rename it to b.suite.yaml');
  expect(shown).not.toContain('known.yaml');
});

/** Rows are equal in every file format; each can have its own assertions. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { position } from '../../src/diagnostics/render.ts';
import { plainText } from '../../src/lib/json.ts';
import { loadSuites } from '../../src/suite/load.ts';
import type { Row } from '../../src/suite/suite.ts';
import { readSuite } from './read.ts';
import { codesOf, loadFiles, loadOne, writeFiles, type Files } from '../suites.ts';

const suite = (data: string): string =>
  `suite: s\nmodel: m\nprompts: { p: "{{object}}" }\nassert: [ { outcome: answered } ]\ntests: [ { name: t, data: ${data} } ]\n`;

async function rowsOf(files: Files): Promise<Row[]> {
  const { tests } = await loadOne(files);
  const rows: Row[] = [];
  for await (const row of tests[0]?.rows?.() ?? []) rows.push(row);
  return rows;
}
/** What a template shows of each value. */
const shown = (rows: readonly Row[]): Record<string, string>[] =>
  rows.map(({ values }) =>
    Object.fromEntries([...values].map(([name, { value, text }]) => [name, text ?? plainText(value)])),
  );

const wanted = [
  { object: 'a lamp', size: '007', price: '1.10' },
  { object: 'a "boat", red', size: '-3', price: '1e3' },
  { object: 'ein Löffel 🥄', size: '0', price: '0.50' },
];
const written: Record<string, string> = {
  'rows.csv': 'object,size,price\na lamp,007,1.10\n"a ""boat"", red",-3,1e3\nein Löffel 🥄,0,0.50\n',
  'windows.csv':
    '\uFEFFobject,size,price\r\na lamp,007,1.10\r\n\r\n"a ""boat"", red",-3,1e3\r\nein Löffel 🥄,0,0.50',
  'quoted-lines.csv':
    'object,size,price\n"a lamp","007","1.10"\n"a ""boat"", red",-3,1e3\nein Löffel 🥄,0,0.50\n',
  'semicolons.csv':
    '\uFEFFobject;size;price\r\na lamp;007;1.10\r\n"a ""boat"", red";-3;1e3\r\nein Löffel 🥄;0;0.50\r\n',
  'quoted-names.csv':
    '"object";"size";"price"\na lamp;007;1.10\n"a ""boat"", red";-3;1e3\nein Löffel 🥄;0;0.50\n',
  'declared.csv':
    '\uFEFFsep=;\r\nobject;size;price\r\na lamp;007;1.10\r\n"a ""boat"", red";-3;1e3\r\nein Löffel 🥄;0;0.50\r\n',
  'bars.csv': 'sep=|\nobject|size|price\na lamp|007|1.10\n"a ""boat"", red"|-3|1e3\nein Löffel 🥄|0|0.50\n',
  'rows.tsv':
    'object\tsize\tprice\r\na lamp\t007\t1.10\r\n"a ""boat"", red"\t-3\t1e3\r\nein Löffel 🥄\t0\t0.50\r\n',
  'tabs.csv': 'object\tsize\tprice\na lamp\t007\t1.10\n"a ""boat"", red"\t-3\t1e3\nein Löffel 🥄\t0\t0.50\n',
  'rows.yaml':
    '- { object: a lamp, size: 007, price: 1.10 }\n- object: a "boat", red\n  size: -3\n  price: 1e3\n- { object: ein Löffel 🥄, size: 0, price: 0.50 }\n',
  'rows.json':
    '[{"object":"a lamp","size":"007","price":1.10},{"object":"a \\"boat\\", red","size":-3,"price":1e3},{"object":"ein Löffel 🥄","size":0,"price":0.50}]',
  'rows.jsonl':
    '{"object":"a lamp","size":"007","price":1.10}\n{"object":"a \\"boat\\", red","size":-3,"price":1e3}\r\n\n{"object":"ein Löffel 🥄","size":0,"price":0.50}',
};

test.for(Object.keys(written))('%s', async (name) => {
  const rows = await rowsOf({ 'a.suite.yaml': suite(name), [name]: written[name] ?? '' });
  expect(shown(rows)).toEqual(wanted);
  expect(rows.map(({ assert }) => assert)).toEqual([[], [], []]);
  for (const { values } of rows)
    for (const variable of values.values()) expect(variable.template).toBe(false);
  const asFile = await rowsOf({
    'a.suite.yaml': suite(`{ file: ${name} }`),
    [name]: written[name] ?? '',
  });
  expect(shown(asFile)).toEqual(wanted);
});

test('reads an inline list', async () => {
  expect(shown(await rowsOf(suite(`[${written['rows.json']?.slice(1, -1)}]`)))).toEqual(wanted);
});

test.for<[name: string, text: string, values: Record<string, string>[]]>([
  ['semicolons only in values', 'object\na; b\n', [{ object: 'a; b' }]],
  ['semicolons in quoted names', '"a;b",object\n1,x\n', [{ 'a;b': '1', object: 'x' }]],
  ['a comma beside semicolons', 'a;b,object\n1,x\n', [{ 'a;b': '1', object: 'x' }]],
  ['one line', 'object', []],
])('finds the separator in the header: %s', async ([, text, values]) => {
  const { suites, diagnostics } = await loadFiles({ 'a.suite.yaml': suite('r.csv'), 'r.csv': text });
  if (values.length === 0) expect(codesOf(diagnostics)).toEqual(['no-rows: r.csv has no rows']);
  const rows: Row[] = [];
  for await (const row of suites[0]?.tests[0]?.rows?.() ?? []) rows.push(row);
  expect(shown(rows)).toEqual(values);
});

test('each row has its place', async () => {
  const origins = async (name: string): Promise<unknown> =>
    (await rowsOf({ 'a.suite.yaml': suite(name), [name]: written[name] ?? '' })).map(({ origin, place }) => [
      origin,
      place && place.file.text.slice(0, place.start).split('\n').length,
    ]);
  expect(await origins('rows.csv')).toEqual([
    ['rows.csv:2', 2],
    ['rows.csv:3', 3],
    ['rows.csv:4', 4],
  ]);
  expect(await origins('declared.csv')).toEqual([
    ['declared.csv:3', 3],
    ['declared.csv:4', 4],
    ['declared.csv:5', 5],
  ]);
  expect(await origins('rows.jsonl')).toEqual([
    ['rows.jsonl:1', 1],
    ['rows.jsonl:2', 2],
    ['rows.jsonl:4', 4],
  ]);
  expect(await origins('rows.yaml')).toEqual([
    ['rows.yaml: row 1', 1],
    ['rows.yaml: row 2', 2],
    ['rows.yaml: row 3', 5],
  ]);
});

test.for([
  ['yaml', '- object: x\n  assert:\n    - contains: x\n    - length: { words: 1 }\n'],
  ['json', '[{"object":"x","assert":[{"contains":"x"},{"length":{"words":1}}]}]'],
  ['jsonl', '\n{"object":"x","assert":[{"contains":"x"},{"length":{"words":1}}]}\n'],
] as const)('a row of %s brings its own assertions, with their places', async ([extension, text]) => {
  const name = `rows.${extension}`;
  const [row] = await rowsOf({ 'a.suite.yaml': suite(name), [name]: text });
  expect(row?.assert.map(({ kind, args }) => ({ [kind]: args }))).toEqual([
    { contains: 'x' },
    { length: { words: 1 } },
  ]);
  expect([...(row?.values.keys() ?? [])]).toEqual(['object']);
  for (const { kind, place } of row?.assert ?? []) {
    expect(place.file.path).toBe(name);
    expect(place.file.text.slice(place.start, place.end)).toContain(kind);
  }
});

test.for(['csv', 'jsonl'])('streams a large .%s file with the same rows', async (extension) => {
  const count = 40_000;
  const objects = Array.from({ length: count }, (_, index) => `a lamp, no. ${index} über “all”`);
  const text =
    extension === 'csv'
      ? `object\n${objects.map((object) => `"${object}"\n`).join('')}`
      : objects.map((object) => `${JSON.stringify({ object })}\n`).join('');
  expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024);
  const name = `rows.${extension}`;
  const loaded = await loadOne({ 'a.suite.yaml': suite(name), [name]: text });
  const rows = loaded.tests[0]?.rows;
  for (const _ of ['once', 'and again']) {
    let at = 0;
    for await (const row of rows?.() ?? []) {
      if (row.values.get('object')?.value !== objects[at])
        expect(row.values.get('object')?.value).toBe(objects[at]);
      at++;
    }
    expect(at).toBe(count);
  }
  const other = await loadOne({ 'a.suite.yaml': suite(name), [name]: text.replace('no. 39999', 'no. X') });
  expect(other.digest()).not.toBe(loaded.digest());
});

test('a CSV row with line breaks in a cell stands at its first line', async () => {
  const rows = await rowsOf({
    'a.suite.yaml': suite('r.csv'),
    'r.csv': 'object,note\na,"b\n\nc"\nd,e\n\n"f\ng",h\n',
  });
  expect(rows.map(({ origin }) => origin)).toEqual(['r.csv:2', 'r.csv:5', 'r.csv:7']);
});

test('a large file has the same rows and digest with CRLF and LF', async () => {
  const text = `object\n${`"two\nlines ${'x'.repeat(100)}"\n`.repeat(12_000)}`;
  const rows = async (csv: string): Promise<[texts: Set<unknown>, digest: string]> => {
    const loaded = await loadOne({ 'a.suite.yaml': suite('r.csv'), 'r.csv': csv });
    const texts = new Set<unknown>();
    for await (const { values } of loaded.tests[0]?.rows?.() ?? []) texts.add(values.get('object')?.value);
    return [texts, loaded.digest()];
  };
  const unix = await rows(text);
  const value = `two\nlines ${'x'.repeat(100)}`;
  expect(unix[0]).toEqual(new Set([value]));
  // With one byte more before them, other line ends fall between two chunks.
  expect(await rows(text.replaceAll('\n', '\r\n'))).toEqual(unix);
  const moved = await rows(`${text.replaceAll('\n', '\r\n')}x\r\n`);
  expect(moved[0]).toEqual(new Set([value, 'x']));
});

test.for<[name: string, files: Record<string, string>, code: string]>([
  ['no row', { 'rows.csv': 'object\n' }, 'no-rows: rows.csv has no rows'],
  ['an empty list', { 'rows.yaml': '[]\n' }, 'no-rows: data has no rows'],
  [
    'a map instead of a list',
    { 'rows.json': '{"object":"x"}' },
    'no-rows: expected a list of rows, received a map',
  ],
  ['a text instead of a row', { 'rows.yaml': '- x\n' }, 'bad-row: expected a map, received a text'],
  [
    'a ragged line',
    { 'rows.csv': 'object,size\nx\n' },
    'bad-rows: expected 2 values, as the header has names, received 1',
  ],
  [
    'two columns with one name',
    { 'rows.csv': 'object,object\nx,y\n' },
    'bad-rows: two columns have the name "object"',
  ],
  ['a column without a name', { 'rows.csv': 'object,,size\nx,y,z\n' }, 'bad-rows: column 2 has no name'],
  [
    'a comma behind the last name',
    { 'rows.csv': 'object,\nx,\n' },
    'bad-rows: the header ends with a comma, so that column 2 has no name',
  ],
  [
    'a bar between names',
    { 'rows.csv': 'object|size\nx|y\n' },
    'bad-rows: expected a comma, semicolon or tab between the names, received "object|size"',
  ],
  [
    'a column of assertions',
    { 'rows.csv': 'object,assert\nx,contains: y\n' },
    'bad-rows: a column may not be named "assert"',
  ],
  [
    'a number instead of a row',
    { 'rows.jsonl': '{"object":"x"}\n5\n' },
    'bad-rows: expected a map, received a number',
  ],
  ['an unknown file type', { 'rows.txt': 'x' }, 'unknown-data: rows cannot be read from "rows.txt"'],
  [
    'a list instead of a row',
    { 'rows.jsonl': '{"object":"x"}\n[1]\n' },
    'bad-rows: expected a map, received a list',
  ],
  [
    'a template keyword as a name',
    { 'rows.csv': 'object,this\nx,y\n' },
    'reserved-name: a variable may not be named "this"',
  ],
])('reports %s', async ([, files, code]) => {
  const [name = ''] = Object.keys(files);
  const { suites, diagnostics } = await loadFiles({ 'a.suite.yaml': suite(name), ...files });
  expect(suites).toEqual([]);
  expect(codesOf(diagnostics)).toHaveLength(1);
  expect(codesOf(diagnostics)[0]).toContain(code);
});

test('reports every invalid name of a header at its column', async () => {
  const { diagnostics } = await loadFiles({
    'a.suite.yaml': suite('r.csv'),
    'r.csv': '"a ""b"", c", object,object, assert ,\n1,2,3,4,5\n',
  });
  expect(
    diagnostics.map(
      ({ place }) => place && [position(place).column, place.file.text.slice(place.start, place.end)],
    ),
  ).toEqual([
    [22, 'object'],
    [30, 'assert'],
    [38, ''],
  ]);
});

test('reports errors of a file with a declared separator at their lines', async () => {
  const { diagnostics } = await loadFiles({
    'a.suite.yaml': suite('r.csv'),
    'r.csv': 'sep=;\r\nobject;this;\r\nx;y;\r\nx;"y"z;\r\n',
  });
  expect(diagnostics.map(({ code, message, place }) => [code, message, place && position(place)]))
    .toMatchInlineSnapshot(`
    [
      [
        "reserved-name",
        "a variable may not be named "this": it is a word of the template language",
        {
          "column": 8,
          "line": 2,
        },
      ],
      [
        "bad-rows",
        "the header ends with a semicolon, so that column 3 has no name",
        {
          "column": 13,
          "line": 2,
        },
      ],
      [
        "bad-rows",
        "unexpected text after the closing quote",
        {
          "column": 1,
          "line": 4,
        },
      ],
    ]
  `);
});

test.for<[name: string, csv: string]>([
  ['a ragged line', 'object,size\nx\ny,1\n'],
  ['nothing but ragged lines', 'object,size\nx\n'],
  ['an unclosed quote', 'object,size\n"x,1\n'],
  ['no line', 'object,size\n'],
  ['a forbidden column', 'object,size,object\nx,1,2\n'],
])('reports %s before unknown variables of a prompt', async ([, csv]) => {
  const { problems } = await readSuite(
    'prompts: { p: "{{object}} {{size}} {{sise}}" }\ntests: [ { data: r.csv } ]',
    {
      'r.csv': csv,
    },
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toContain('undefined-variable');
});

test('reports ragged lines of a CSV file and counts the rest of many', async () => {
  const lines = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
  const few = await loadFiles({ 'a.suite.yaml': suite('r.csv'), 'r.csv': 'object,b\nx\ny,1\n1,2,3\n' });
  expect(codesOf(few.diagnostics)).toEqual([
    'bad-rows: expected 2 values, as the header has names, received 1',
    'bad-rows: expected 2 values, as the header has names, received 3',
  ]);
  const many = await loadFiles({
    'a.suite.yaml': suite('r.csv'),
    'r.csv': ['object,b', ...lines(2, 24)].join('\n'),
  });
  expect(many.diagnostics).toHaveLength(21);
  expect(codesOf(many.diagnostics)[20]).toBe('bad-rows: 3 more rows have errors, from here on');
  const large = await loadFiles({
    'a.suite.yaml': suite('r.csv'),
    'r.csv': ['object,b', ...lines(1, 150_000).map((line) => (line === '7' ? line : `${line},x`)), 'z'].join(
      '\n',
    ),
  });
  expect(large.diagnostics.map(({ place }) => place && position(place).line)).toEqual([8, 150_002]);
});

test('rejects a number as data and does not suggest quotes', async () => {
  const read = await readSuite('tests: [ { name: d, data: 5 } ]');
  expect(read.shown).toContain('expected a text, a map or a list, received the number 5');
  expect(read.shown).toContain('= help: data: Rows: a .csv, .tsv, .json, .jsonl or .yaml file, or a list');
});

test('does not call a device a folder', async () => {
  const cwd = writeFiles({ 'a.suite.yaml': suite('r.csv') });
  execFileSync('mkfifo', [path.join(cwd, 'r.csv')]);
  const reported: string[] = [];
  await loadSuites(['.'], { cwd, report: ({ code, message }) => void reported.push(`${code}: ${message}`) });
  expect(reported).toEqual(['not-a-file: "r.csv" is no regular file, expected a file']);
});

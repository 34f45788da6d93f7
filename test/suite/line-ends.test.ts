/** A checkout on Windows may write CRLF into every text file: the requests stay the same, byte for byte. */
import { expect, test } from 'vitest';
import { readSuite } from './read.ts';

const suite = `vars: { what: a lamp, doc: { file: doc.txt } }
configs:
  plain: {}
  schema: { responseMimeType: application/json, responseJsonSchema: { file: schema.json } }
prompts:
  file: { file: prompt.md }
  part: [ { file: prompt.md } ]
  turns: { file: turns.yaml }
  block: |
    Write about {{what}}.
    Two lines.
  vars: "{{doc}}|{{cell}}|{{line}}|{{entry}}"
tests:
  - data: rows.csv
    vars: { line: l, entry: e }
  - { name: lines, data: rows.jsonl, vars: { cell: c, entry: e } }
  - { name: entries, data: rows.yaml, vars: { cell: c, line: l } }
`;
const files: Record<string, string> = {
  'doc.txt': 'one\n\ntwo\n',
  'prompt.md': 'Write about {{what}}.\nTwo lines.\n',
  'turns.yaml': '- user: |\n    Two\n    lines of {{what}}.\n',
  'schema.json': '{\n  "type": "object"\n}\n',
  'rows.csv': 'cell\n"two\nlines"\n',
  'rows.jsonl': '{"line":"l"}\n{"line":"m\\n"}\n',
  'rows.yaml': '- entry: |\n    two\n    lines\n',
};
const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;

test('reads every text file alike with CRLF and a byte order mark', async () => {
  const unix = await readSuite(suite, files);
  expect(unix.problems).toEqual([]);
  const other = await readSuite(
    windows(suite).slice(1),
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, windows(text)])),
  );
  expect(other.problems).toEqual([]);
  expect(other.ids).toEqual(unix.ids);
  expect(unix.ids.length).toBeGreaterThan(30);
  expect(JSON.stringify(other.cases.map(({ request }) => request))).toBe(
    JSON.stringify(unix.cases.map(({ request }) => request)),
  );
  expect(other.cases.map(({ fingerprint }) => fingerprint)).toEqual(
    unix.cases.map(({ fingerprint }) => fingerprint),
  );
});

test('sends an escaped line end unchanged', async () => {
  const { cases } = await readSuite('prompts: { p: "a\\r\\nb" }');
  expect(cases[0]?.request.body?.contents).toEqual([{ parts: [{ text: 'a\r\nb' }] }]);
});

test('reports an error in a file with CRLF at its place', async () => {
  const { shown } = await readSuite('prompts: { p: { file: p.md } }', {
    'p.md': 'one\r\ntwo {{nosuch}}\r\n',
  });
  expect(shown).toContain('p.md:2:5');
});

/** The name of a suite names files: it must be one on every system. */
import { expect, test } from 'vitest';
import { position } from '../../src/diagnostics/render.ts';
import { codesOf, loadFiles } from '../suites.ts';

const named = (name: string): string =>
  `suite: ${name}\nmodel: m\nprompts: { p: Hello. }\nassert: [ { outcome: answered } ]\n`;

test.for<[name: string, error: string, help: string]>([
  ['CON', 'Windows reserves this name for a device', 'give it another name, for example CON-prompts'],
  ['nul', 'Windows reserves this name for a device', 'give it another name, for example nul-prompts'],
  ['aux.txt', 'Windows reserves this name for a device', 'give it another name, for example aux-prompts.txt'],
  ['Com1', 'Windows reserves this name for a device', 'give it another name, for example Com1-prompts'],
  [
    'LPT9.a.b',
    'Windows reserves this name for a device',
    'give it another name, for example LPT9-prompts.a.b',
  ],
  ['trailing.', 'no name ends with a dot on Windows', 'remove the dot at the end'],
  ['Summary', 'a report has that name', 'give it another name, for example Summary-prompts'],
])('rejects a suite named %s', async ([name, error, help]) => {
  const { suites, diagnostics } = await loadFiles({ 'a.suite.yaml': named(name) });
  expect(suites).toEqual([]);
  expect(codesOf(diagnostics)).toHaveLength(1);
  expect(codesOf(diagnostics)[0]).toContain(
    `reserved-name: a suite may not be named ${JSON.stringify(name)}: `,
  );
  expect(codesOf(diagnostics)[0]).toContain(error);
  expect(diagnostics[0]?.help).toBe(help);
  expect(diagnostics[0]?.place && position(diagnostics[0].place)).toEqual({ line: 1, column: 8 });
});

test.for(['console', 'com', 'com10', 'a.con', 'con-1', 'nullable', '.a', 'lpt'])(
  '%s is a name',
  async (name) => {
    const { suites, diagnostics } = await loadFiles({ 'a.suite.yaml': named(name) });
    expect(codesOf(diagnostics)).toEqual([]);
    expect(suites.map((suite) => suite.name)).toEqual([name]);
  },
);

test('names both places of suites whose names differ only in case', async () => {
  const { diagnostics } = await loadFiles({
    'a.suite.yaml': named('Story'),
    'b.suite.yaml': `# the same\n${named('"story"')}`,
  });
  expect(codesOf(diagnostics)).toEqual([
    'duplicate-suite: the names of two suites differ only in case: "story" here, "Story" at a.suite.yaml:1:8',
  ]);
  expect(diagnostics[0]?.place && [diagnostics[0].place.file.path, position(diagnostics[0].place)]).toEqual([
    'b.suite.yaml',
    { line: 2, column: 8 },
  ]);
});

/** A reporter of one's own: the example of the docs, and every way in which one can fail. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { reporters } from '../../src/report/registry.ts';
import { problemsBySchema } from '../e2e/check-reports.ts';
import { root } from '../e2e/assay.ts';
import { project } from '../e2e/project.ts';

const suite = `suite: a
description: A suite.
model: gemini-3.8-flash
repeats: 2
prompts: { p: "Number {{n}}" }
tests:
  - name: t
    data: [ { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 } ]
    row: "{{n}}"
    assert: [ { outcome: answered }, { latency: { total: { max: 600000 } } } ]
`;
const docs = readFileSync(path.join(root, 'docs/reporters.md'), 'utf8');
const example = /```js\n(\/\/ slowest\.mjs[^]*?)```/.exec(docs)?.[1] ?? '';

test('the example of the docs runs', () =>
  project({ 'suites/a.suite.yaml': suite, 'slowest.mjs': example }, async ({ assay, read, folder }) => {
    const command = /```sh\nassay (run --reporter .*)\n```/.exec(docs)?.[1] ?? '';
    const ended = await assay(`${command} --emulator`);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
    const run = JSON.parse(read('reports/run.json')) as { startedAt: string };
    expect(read('reports/slowest.txt')).toMatch(
      new RegExp(`^${run.startedAt}\n(?:\\d+ ms passed t / \\d / p\n){3}$`),
    );
    expect(readdirSync(path.join(folder, 'reports')).toSorted()).toEqual([
      'a.json',
      'journal.jsonl',
      'run.json',
      'slowest.txt',
    ]);
  }));

test('a reporter receives the stored results, repeatably, and cannot change other reports', () =>
  project(
    {
      'suites/a.suite.yaml': suite,
      'tools/all.mjs': `import { writeFileSync } from 'node:fs';
export default async ({ suites, ...rest }, directory) => {
  const read = async () => {
    const copies = [];
    for (const suite of suites) {
      const cases = [];
      for await (const each of suite.cases()) cases.push(each);
      copies.push({ ...suite, cases });
    }
    return copies;
  };
  const once = await read();
  writeFileSync(directory + '/given.json', JSON.stringify({ ...rest, suites: once }));
  once[0].cases[0].trials[0].candidates[0].text = ['forged'];
  suites[0].summary.passed = 99;
  rest.run.ended = 'forged';
  writeFileSync(directory + '/again.json', JSON.stringify(await read()));
};
`,
    },
    async ({ assay, read }) => {
      const ended = await assay('run --emulator --reporter tools/all.mjs,json');
      expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
      const given = JSON.parse(read('reports/given.json'));
      const stable = JSON.parse(read('reports/a.json'));
      const run = JSON.parse(read('reports/run.json'));
      const { schema: _results, ...expected } = stable;
      const { schema: _run, results: _digests, suites: volatile, ...facts } = run;
      expect(given.schema).toBe('assay/reporter/1');
      expect(given.run).toEqual(facts);
      expect(given.suites).toEqual([
        {
          ...expected,
          cases: expected.cases.map((each: object, index: number) => ({
            ...each,
            run: volatile[0].cases[index].trials,
          })),
        },
      ]);
      expect(stable.summary.passed).toBe(4);
      expect(run.ended).toBe('done');
      const again = JSON.parse(read('reports/again.json'));
      expect(again[0].cases).toEqual(given.suites[0].cases);
    },
  ));

test.for([
  [
    'throws',
    'export default () => {\n  const x = undefined;\n  return x.y;\n};\n',
    'TypeError: ',
    'mine.mjs:3:12',
  ],
  [
    'rejects',
    'export default async () => {\n  throw new RangeError("too\\nmuch");\n};\n',
    'RangeError: too',
    'mine.mjs:2:9',
  ],
  ['throws no error', 'export default () => { throw "words"; };\n', 'words', 'mine.mjs'],
  [
    'returns something else',
    'export default () => 7;\n',
    'expected it to return a list of the paths it wrote, or nothing',
    'mine.mjs',
  ],
  ['never ends', 'export default () => new Promise(() => {});\n', 'its promise never settles', 'mine.mjs'],
] as const)(
  'reports a module that %s at its place and still writes the other reports',
  ([, module, words, at]) =>
    project({ 'suites/a.suite.yaml': suite, 'mine.mjs': module }, async ({ spawned: assay, folder }) => {
      const ended = await assay('run --emulator --reporter ./mine.mjs,json,junit');
      expect(ended.stderr).toContain(`error[reporter-failed]: the reporter ./mine.mjs failed: `);
      expect(ended.stderr).toContain(words);
      expect(ended.stderr).toContain(`--> ./${at}`);
      expect(ended.stderr).not.toContain('    at ');
      expect(ended.stdout).toContain('4 cases: 4 passed');
      expect(ended.code).toBe(3);
      for (const name of ['a.json', 'junit.xml', 'run.json'])
        expect(existsSync(path.join(folder, 'reports', name)), name).toBe(true);
      const again = await assay('report --reporter ./mine.mjs');
      expect(again.code).toBe(3);
    }),
);

test('reports a module that cannot be loaded before the first call', () =>
  project(
    { 'suites/a.suite.yaml': suite, 'mine.mjs': 'await new Promise(() => {});\nexport default () => {};\n' },
    async ({ spawned: assay, folder }) => {
      const ended = await assay('run --emulator --reporter ./mine.mjs');
      expect(ended.stderr).toContain(
        'error[bad-reporter]: the reporter ./mine.mjs cannot be loaded: Error: its promise never settles',
      );
      expect(ended.code).toBe(2);
      expect(existsSync(path.join(folder, 'reports/journal.jsonl'))).toBe(false);
    },
  ));

test.for([
  'process.exit(0);\n',
  'export default () => process.exit(0);\n',
  'export default () => process.exit(1);\n',
])('one that ends the process does not make the run a success: %s', (module) =>
  project({ 'suites/a.suite.yaml': suite, 'mine.mjs': module }, async ({ spawned: assay }) => {
    const ended = await assay('run --emulator --reporter ./mine.mjs');
    expect(ended.stderr).toContain('error[ended-early]: the command ended before its work was done\n');
    expect(ended.code).toBe(3);
  }),
);

test('a report that cannot be written does not stop the others', () =>
  project({ 'suites/a.suite.yaml': suite, 'reports/junit.xml/in-the-way': '' }, async ({ assay, folder }) => {
    const ended = await assay('run --emulator --reporter junit,ctrf');
    expect(ended.stderr).toContain('error[report-not-written]: the report junit could not be written: ');
    expect(ended.code).toBe(3);
    expect(existsSync(path.join(folder, 'reports/ctrf.json'))).toBe(true);
  }));

test('help and docs list every reporter', () =>
  project({}, async ({ assay }) => {
    const help = [await assay('run --help'), await assay('report --help')].map(({ stdout }) => stdout);
    for (const name of Object.keys(reporters)) {
      for (const text of help)
        expect(text.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`reports to write: [^(]*\\b${name}\\b`));
      expect(docs).toContain(`| \`${name}\` |`);
    }
  }));

test('the published schemas reject invalid reports', () => {
  expect(problemsBySchema('results', { schema: 'assay/results/1', suite: 'a' })).not.toEqual([]);
  expect(problemsBySchema('run', {})).not.toEqual([]);
});

/** Approved texts next to the suite: approve writes them, runs compare with them. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inFolder } from './assay.ts';
import { project, type Project } from './project.ts';

const suite = `suite: tales
model: gemini-3.8-flash
prompts: { tale: "Tell of {{what}}." }
assert: [ { snapshot: {} } ]
tests:
  - { name: lamps, vars: { what: a lamp } }
  - { name: boats, vars: { what: a boat } }
`;
const script = (lamp: string): string => `replies:
  - { when: { prompt: { contains: lamp } }, reply: { text: ${JSON.stringify(lamp)} } }
  - { reply: { text: "A boat lay in the harbour.\\n\\nIt was {{green}}." } }
`;
const files = { 'suites/t.suite.yaml': suite, 'script.yaml': script('A lamp hung there.') };
const atHome = { CI: '' };
const run = ({ assay }: Project, more = '') => assay(`run --emulator --script script.yaml --quiet${more}`);
const approve = ({ assay }: Project, more = '') => assay(`approve${more}`, atHome);
const store = 'suites/snapshots/tales.json';
const verdicts = ({ results }: Project): string[] => results('tales').cases.map(({ verdict }) => verdict);

test('a new text fails until it is approved', () =>
  project(files, async (own) => {
    expect((await run(own)).code).toBe(1);
    expect(own.read('reports/tales.json')).toContain('"message": "no approved text yet: assay approve"');
    const first = await approve(own);
    expect(first.stdout).toContain(`\n${store}: 2 cases approved\napproved 1 suite in baselines\n`);
    expect(own.read(store)).toBe(`{
  "schema": "assay/snapshots/1",
  "suite": "tales",
  "cases": {
    "boats / tale": [
      [
        "A boat lay in the harbour.",
        "",
        "It was {{green}}."
      ]
    ],
    "lamps / tale": [
      [
        "A lamp hung there."
      ]
    ]
  }
}
`);
    const green = await run(own, ' --baseline baselines');
    expect(green).toMatchObject({ code: 0, stderr: '' });
    // What was approved is what the next run says, byte for byte.
    expect(own.read('reports/tales.json')).toBe(own.read('baselines/tales.json'));
    own.write('script.yaml', script('A lamp hung here.'));
    expect((await run(own, ' --baseline baselines')).code).toBe(1);
    expect((await approve(own)).stdout).toContain(`${store}: 1 case approved\n`);
    expect((await run(own, ' --baseline baselines')).code).toBe(0);
  }));

test('stores texts only of approved cases', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own, ' --filter lamps');
    expect(own.read(store)).not.toContain('boats');
    await run(own);
    expect(verdicts(own)).toEqual(['failed', 'passed']);
    await approve(own, ' --filter boats');
    await run(own);
    expect(verdicts(own)).toEqual(['passed', 'passed']);
  }));

test('approves every text of the trials', () =>
  project(
    {
      'suites/t.suite.yaml': suite
        .replace('model:', 'repeats: 3\nmodel:')
        .replace(/ {2}- \{ name: boats.*\n/, ''),
      'script.yaml': `replies:
  - { times: 1, reply: { text: b } }
  - { times: 1, reply: { text: a } }
  - { reply: { text: b } }
`,
    },
    async (own) => {
      await run(own);
      await approve(own);
      expect(own.read(store).match(/"[ab]"/g)).toEqual(['"a"', '"b"']);
      expect((await run(own)).code).toBe(0);
    },
  ));

test('warns about texts of removed cases; only a full approval removes them', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('suites/t.suite.yaml', suite.replace('name: boats', 'name: ships'));
    const warned = await run(own);
    expect(warned.stderr).toContain(
      'warning[obsolete-snapshot]: there is no case "boats / tale", whose text was approved',
    );
    expect(warned.stderr).toContain(`--> ${store}:5:5`);
    await approve(own, ' --filter ships');
    expect(own.read(store)).toContain('"boats / tale"');
    expect((await approve(own)).stdout).toContain(`${store}: 1 obsolete case removed\n`);
    expect(own.read(store)).not.toContain('boats');
    own.write('suites/t.suite.yaml', suite.replace('{ snapshot: {} }', '{ outcome: answered }'));
    expect((await run(own)).stderr).toContain('the case "lamps / tale" has no snapshot assertion');
    await approve(own);
    expect(existsSync(path.join(own.folder, store))).toBe(false);
  }));

test('finds the text of a case whose id contains a secret', () =>
  project(
    {
      ...files,
      'suites/t.suite.yaml': `suite: tales
model: gemini-3.8-flash
env: [PLACE]
prompts: { tale: "Tell of {{what}}." }
tests: [ { name: lamps, data: [ { what: a lamp } ], row: "{{what}} in {{env.PLACE}}", assert: [ { snapshot: {} } ] } ]
`,
    },
    async (own) => {
      const env = { ...atHome, PLACE: 'the "hidden" valley' };
      await own.assay('run --emulator --script script.yaml --quiet', env);
      expect((await own.assay('approve', env)).stdout).toContain(`${store}: 1 case approved\n`);
      expect(own.read(store)).toContain('"lamps / a lamp in [env:PLACE] / tale"');
      const again = await own.assay('run --emulator --script script.yaml --quiet', env);
      expect([again.code, again.stderr]).toEqual([0, '']);
    },
  ));

test('removes texts of a removed suite with its baseline', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('suites/u.suite.yaml', suite.replace('suite: tales', 'suite: others'));
    // A suite that is only not run this time keeps its texts.
    await own.assay('run suites/u.suite.yaml --emulator --script script.yaml --quiet');
    expect((await approve(own, ' --prune')).stdout).toContain('; removed: tales\n');
    expect(existsSync(path.join(own.folder, store))).toBe(true);
    await run(own);
    await approve(own);
    rmSync(path.join(own.folder, 'suites/t.suite.yaml'));
    await run(own);
    await approve(own);
    expect(existsSync(path.join(own.folder, store))).toBe(true);
    const pruned = await approve(own, ' --prune');
    expect(pruned.stderr).toBe('');
    expect(pruned.stdout).toContain(`${store}: removed\napproved 1 suite in baselines; removed: tales\n`);
    expect(existsSync(path.join(own.folder, store))).toBe(false);
    expect(existsSync(path.join(own.folder, 'suites/snapshots/others.json'))).toBe(true);
  }));

test('writes nothing in CI, and nothing in a run', () =>
  project(files, async (own) => {
    await run(own);
    expect((await own.assay('approve', { CI: 'true' })).code).toBe(2);
    expect(existsSync(path.join(own.folder, 'suites/snapshots'))).toBe(false);
  }));

test('does not follow links out of the project', () =>
  inFolder((outside) =>
    project(files, async (own) => {
      await run(own);
      mkdirSync(path.join(outside, 'snapshots'));
      symlinkSync(path.join(outside, 'snapshots'), path.join(own.folder, 'suites/snapshots'));
      const ended = await approve(own);
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(
        'error[outside-root]: the approved texts of tales would be outside the root',
      );
      expect(existsSync(path.join(own.folder, 'baselines'))).toBe(false);
    }),
  ));

test('reports a suite that has moved since its results', () =>
  project(files, async (own) => {
    await run(own);
    own.write(
      'reports/tales.json',
      own.read('reports/tales.json').replace('"path": "suites/', '"path": "../suites/'),
    );
    // A folder without digests of its results.
    own.write('reports/run.json', own.read('reports/run.json').replace(/\n {2}"results": {[^}]*},?/, ''));
    const ended = await approve(own);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[suite-gone]: the suite tales is not at ../suites/t.suite.yaml');
  }));

test('approves nothing if the texts cannot be written', () =>
  project(files, async (own) => {
    await run(own);
    own.write('suites/snapshots', 'a file, not a folder');
    const ended = await approve(own);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toBe(
      'error[unwritable-reports]: the folder of approved texts suites/snapshots is not writable: part of its path is a file (ENOTDIR)\n  = help: they live beside their suite: make it one that this user may write to\n',
    );
    expect(existsSync(path.join(own.folder, 'baselines/tales.json'))).toBe(false);
  }));

test.for<[string, (own: Project) => unknown, string]>([
  [
    'a folder',
    ({ folder }) => mkdirSync(path.join(folder, store), { recursive: true }),
    'cannot be read (EISDIR)',
  ],
  ['text that is not JSON', ({ write }) => write(store, '{'), 'does not hold approved texts'],
  [
    'the texts of another suite',
    ({ write }) => write(store, '{ "schema": "assay/snapshots/1", "suite": "songs", "cases": {} }'),
    'holds the approved texts of "songs", not of "tales"',
  ],
])('does not overwrite invalid texts: %s', ([, prepare, message]) =>
  project(files, async (own) => {
    await run(own);
    prepare(own);
    const ended = await approve(own);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`error[bad-snapshots]: ${store} ${message}`);
    expect(existsSync(path.join(own.folder, 'baselines'))).toBe(false);
  }),
);

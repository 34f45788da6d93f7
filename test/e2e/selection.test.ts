/** Cases chosen by the results they had: --last-failed and --changed, by themselves and with other options. */
import { expect, test } from 'vitest';
import { project, type Project } from './project.ts';

const suite = `suite: two
model: gemini-3.8-flash
configs: { plain: {}, warm: { temperature: 1 } }
prompts: { story: "Write about {{object}}.", poem: "Rhyme about {{object}}." }
tests:
  - name: objects
    tags: [smoke]
    data: [ { object: lamp }, { object: boat } ]
    row: "{{object}}"
    assert: [ { contains: { text: "{{object}}", ignoreCase: true } } ]
  - name: fails
    tags: [long]
    prompts: [story]
    vars: { object: a kite }
    assert: [ { contains: nowhere to be found } ]
  - name: errors
    tags: [long]
    prompts: [poem]
    configs: [plain]
    vars: { object: trouble }
    assert: [ { outcome: answered } ]
  - { name: waits, skip: later, prompts: [poem], configs: [plain], vars: { object: it } }
`;
const script = `replies: [ { when: { prompt: { contains: trouble } }, error: { code: 400, status: FAILED_PRECONDITION } } ]\n`;
const files = { 'suites/two.suite.yaml': suite, 'script.yaml': script };
const run = 'run --emulator --script script.yaml --quiet';

async function planned({ assay }: Project, options: string): Promise<string[]> {
  const { stdout, stderr, code } = await assay(`plan --format json ${options}`);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

test('--last-failed selects failed and errored cases, and combines with other options', () =>
  project(files, async (mine) => {
    expect((await mine.assay(run)).code).toBe(3);
    const failed = ['fails / story / plain', 'fails / story / warm', 'errors / poem / plain'];
    expect(await planned(mine, '--last-failed')).toEqual(failed);
    expect(await planned(mine, '--last-failed --config warm')).toEqual(['fails / story / warm']);
    expect(await planned(mine, '--last-failed --filter errors')).toEqual(['errors / poem / plain']);
    const validated = await mine.assay('validate --last-failed');
    expect(validated.stdout).toBe('1 suite, 3 cases: valid\n');

    mine.write('script.yaml', 'replies: []\n');
    mine.write('suites/two.suite.yaml', suite.replace('nowhere to be found', 'kite'));
    const again = await mine.assay(`${run} --last-failed --test fails --test errors`);
    expect(again.code, again.stderr).toBe(0);
    expect(mine.results('two').summary).toMatchObject({ cases: 3, passed: 3 });
    // report plans the same cases, though the results that chose them are gone.
    const report = await mine.assay('report --reports again --quiet');
    expect(report.code, report.stderr).toBe(0);
    expect(mine.read('again/two.json')).toBe(mine.read('reports/two.json'));
    const none = await mine.assay(`${run} --last-failed`);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain(
      'error[empty-selection]: no case failed, errored or was not sent the last time (reports)',
    );
  }));

test('--last-failed selects cases that did not run; --resume keeps the selection', () =>
  project(files, async (mine) => {
    await mine.assay(`${run} --bail 1 --concurrency 1`);
    const { cases } = mine.results('two');
    const open = cases.filter(({ id, verdict }) => verdict !== 'passed' && !id.startsWith('waits'));
    expect(open.length).toBeGreaterThan(1);
    expect((await planned(mine, '--last-failed')).toSorted()).toEqual(open.map(({ id }) => id));
    const other = await mine.assay(`${run} --last-failed --resume`);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('error[resume-chooses]');
    await mine.assay(`${run} --last-failed --bail 1 --concurrency 1`);
    const resumed = await mine.assay(`${run} --last-failed --resume`);
    expect(resumed.code, resumed.stderr).toBe(3);
    expect(mine.results('two').cases.map(({ id }) => id)).toEqual(open.map(({ id }) => id));
  }));

test('--changed selects cases whose request or assertions changed', () =>
  project(files, async (mine) => {
    await mine.assay(run);
    const none = await mine.assay('plan --changed');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('error[empty-selection]: no case has changed');
    const edits: [edit: (text: string) => string, options: string, changed: string[]][] = [
      [
        (text) => text.replace('{ object: lamp }', '{ object: tower }'),
        '--prompt poem',
        ['objects / tower / poem / plain', 'objects / tower / poem / warm'],
      ],
      [
        (text) => text.replace('Rhyme about', 'Sing about'),
        '--config plain',
        ['objects / lamp / poem / plain', 'objects / boat / poem / plain', 'errors / poem / plain'],
      ],
      [
        (text) => text.replace('nowhere to be found', 'kite'),
        '',
        ['fails / story / plain', 'fails / story / warm'],
      ],
      [
        (text) => text.replace('temperature: 1', 'temperature: 0.5'),
        '--filter story',
        ['objects / lamp / story / warm', 'objects / boat / story / warm', 'fails / story / warm'],
      ],
      [(text) => text.replace('skip: later, ', ''), '', ['waits / poem / plain']],
      [
        (text) => text.replace('  - name: errors\n', '  - name: errors\n    repeats: 2\n'),
        '',
        ['errors / poem / plain'],
      ],
      [
        (text) => text.replace('  - name: fails\n', '  - name: fails\n    passRate: 0.5\n'),
        '--config warm',
        ['fails / story / warm'],
      ],
      [
        (text) => text.replace('suite: two\n', 'suite: two\ndescription: The same.\n\n'),
        '--use-model gemini-2.5-flash-lite --tag long',
        ['fails / story / plain', 'fails / story / warm', 'errors / poem / plain'],
      ],
    ];
    for (const [edit, options, changed] of edits) {
      const edited = edit(suite);
      expect(edited).not.toBe(suite);
      mine.write('suites/two.suite.yaml', edited);
      expect(await planned(mine, `--changed ${options}`.trim())).toEqual(changed);
    }
    mine.write(
      'suites/two.suite.yaml',
      suite.replace('nowhere to be found', 'kite').replace('Rhyme', 'Sing'),
    );
    expect(await planned(mine, '--changed --last-failed')).toEqual([
      'fails / story / plain',
      'fails / story / warm',
      'errors / poem / plain',
    ]);
  }));

test('--changed compares with approved results if they are given', () =>
  project({ ...files, 'script.yaml': 'replies: []\n' }, async (mine) => {
    mine.write('suites/two.suite.yaml', suite.replace('nowhere to be found', 'kite'));
    await mine.assay(run);
    expect((await mine.assay('approve', { CI: '' })).code).toBe(0);
    mine.write('suites/two.suite.yaml', suite);
    await mine.assay(`${run} --reports reports`);
    expect((await mine.assay('plan --changed')).code).toBe(2);
    expect(await planned(mine, '--changed --baseline baselines')).toEqual([
      'fails / story / plain',
      'fails / story / warm',
    ]);
    const gated = await mine.assay(`${run} --changed --baseline baselines --reports pull`);
    expect(gated.code, gated.stderr).toBe(1);
    expect(mine.results('two', 'pull').cases).toHaveLength(2);
    // The same changes, shared out.
    const shares = await Promise.all(
      [1, 2].map((index) => planned(mine, `--changed --baseline baselines --shard ${index}/2`)),
    );
    expect(shares.flat().toSorted()).toEqual(['fails / story / plain', 'fails / story / warm']);
    for (const index of [1, 2]) {
      const shard = `--shard ${index}/2 --reports s/${index}`;
      const ended = await mine.assay(`${run} --changed --baseline baselines ${shard}`);
      expect([0, 1], ended.stderr).toContain(ended.code);
    }
    const merged = await mine.assay('merge s/1 s/2 --baseline baselines --reports merged --quiet');
    expect(merged.code, merged.stderr).toBe(1);
    expect(mine.read('merged/two.json')).toBe(mine.read('pull/two.json'));
  }));

test('finds a case whose id contains a secret', () =>
  project(
    {
      'suites/a.suite.yaml': `suite: a
model: gemini-3.8-flash
env: [TOWN]
prompts: { p: "Praise {{n}}." }
tests:
  - name: t
    data: [ { n: 1 }, { n: 2 } ]
    row: "{{n}} in {{env.TOWN}}"
    assert: [ { contains: nowhere to be found } ]
`,
    },
    async ({ assay, read }) => {
      const env = { TOWN: 'Bremen at the Weser' };
      expect((await assay('run --emulator --quiet', env)).code).toBe(1);
      expect(read('reports/a.json')).not.toContain(env.TOWN);
      expect((await assay('run --emulator --quiet --last-failed --filter 2', env)).code).toBe(1);
      const again = await assay('report --reports again --quiet', env);
      expect(again.code, again.stderr).toBe(1);
      expect(read('again/a.json')).toBe(read('reports/a.json'));
      expect(read('again/a.json')).toContain('"cases": 1');
      const changed = await assay('plan --changed --filter 2', env);
      expect(changed.code).toBe(2);
      expect(changed.stderr).toContain('no case has changed');
    },
  ));

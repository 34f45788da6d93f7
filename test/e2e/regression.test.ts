/** Approving results, and failing on what got worse than what was approved. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { project, type Project } from './project.ts';

const suite = `suite: greetings
model: gemini-3.8-flash
prompts: { greet: "Say good morning to {{who}}." }
tests:
  - name: greets
    tags: [smoke]
    data: [ { who: Ada }, { who: Bob } ]
    row: "{{who}}"
    assert: [ { contains: "{{who}}" } ]
  - name: asks back
    vars: { who: Cleo }
    assert: [ { contains: "?" } ]
`;
const script = (ada: string, bob = 'Good morning, Bob.', cleo = 'How are you?'): string => `replies:
  - { when: { prompt: { contains: Ada } }, reply: { text: ${JSON.stringify(ada)} } }
  - { when: { prompt: { contains: Bob } }, reply: { text: ${JSON.stringify(bob)} } }
  - { when: { prompt: { contains: Cleo } }, reply: { text: ${JSON.stringify(cleo)} } }
`;
const files = { 'suites/g.suite.yaml': suite, 'script.yaml': script('Good morning, Ada.') };
// Tests of this project run in CI too; approving there is refused, which has a test of its own.
const atHome = { CI: '' };
const run = ({ assay }: Project, more = '') =>
  assay(`run --emulator --script script.yaml --retries 0${more === '' ? '' : ` ${more}`}`);
const approve = ({ assay }: Project, more = '') => assay(`approve${more === '' ? '' : ` ${more}`}`, atHome);
interface Compared {
  readonly counts: Record<string, number>;
  readonly worse: number;
  readonly cases: readonly { readonly id: string; readonly class: string; readonly worse: boolean }[];
}
const compared = ({ read }: Project): Compared => JSON.parse(read('reports/compare.json')) as Compared;

test('a full approval copies the bytes of the run and lists its changes', () =>
  project(files, async (own) => {
    await run(own);
    const first = await approve(own);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('ADDED greetings: greets / Ada / greet (passed)');
    expect(first.stdout).toMatch(/baselines → reports: 3 added\napproved 1 suite in baselines\n$/);
    expect(own.read('baselines/greetings.json')).toBe(own.read('reports/greetings.json'));
    expect(JSON.parse(own.read('baselines/approved.json'))).toEqual({
      schema: 'assay/approved/1',
      suites: {
        greetings: {
          approvedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
          models: ['gemini-3.8-flash'],
        },
      },
    });
    own.write('script.yaml', script('Good evening, Ada.'));
    await run(own);
    const second = await approve(own);
    expect(second.stdout).toBe(
      'CHANGED TEXT greetings: greets / Ada / greet (same request, different reply)\n  Good [-morning-]{+evening+}, Ada.\n\nbaselines → reports: 1 changed text, 2 unchanged\napproved 1 suite in baselines\n',
    );
  }));

test('approves over a baseline of version 1 only as a whole', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    const baseline = own.read('baselines/greetings.json');
    own.write('baselines/greetings.json', baseline.replace('assay/results/2', 'assay/results/1'));
    const part = await approve(own, '--filter Ada');
    expect(part.code).toBe(2);
    expect(part.stderr).toContain('error[older-results]: the results of greetings in baselines');
    const whole = await approve(own);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(own.read('baselines/greetings.json')).toBe(baseline);
    const reports = own.read('reports/greetings.json');
    own.write('reports/greetings.json', reports.replace('assay/results/2', 'assay/results/1'));
    const refused = await approve(own);
    expect(refused.code).toBe(2);
  }));

test('approves nothing in CI', () =>
  project(files, async (own) => {
    await run(own);
    for (const CI of ['true', '1', 'woodpecker']) {
      const ended = await own.assay('approve', { CI });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain('error[approve-in-ci]: `approve` is disabled in CI (CI is set)');
      expect(existsSync(path.join(own.folder, 'baselines'))).toBe(false);
    }
    for (const CI of ['false', '0']) expect((await own.assay('approve', { CI })).code).toBe(0);
  }));

const failing = `replies: [ { when: { prompt: { contains: Bob } }, error: { code: 503 } } ]\n`;

test.for<[string, (own: Project) => Promise<unknown>, string]>([
  ['no run at all', async () => undefined, 'error[unknown-run]: reports has no run.json'],
  [
    'a case errored',
    (own) => (own.write('script.yaml', failing), run(own)),
    'error[incomplete-run]: the run is incomplete, and nothing was approved: 1 case errored: greetings: greets / Bob / greet',
  ],
  [
    'the run bailed',
    (own) => (own.write('script.yaml', script('x', 'x', 'x')), run(own, '--bail 1 --concurrency 1')),
    'error[incomplete-run]: the run is incomplete, and nothing was approved: it ended early (bailed): ',
  ],
  ['the budget ended', (own) => run(own, '--max-tokens 1'), 'it ended early (budget): '],
  ['one folder for both', (own) => run(own, '--reports baselines'), 'error[one-folder]'],
  [
    'a torn run.json',
    async (own) => (await run(own), own.write('reports/run.json', '{')),
    'run.json does not say how the run ended',
  ],
  [
    'no case left',
    async (own) => (await run(own), own.write('select', '--filter nowhere')),
    'error[empty-selection]: no case of the results matches the options',
  ],
  [
    'torn approvals',
    async (own) => (await run(own), await approve(own), own.write('baselines/approved.json', '{}')),
    'error[bad-approvals]',
  ],
  [
    '--prune with a part of the suites',
    async (own) => (await run(own, '--filter Ada'), own.write('select', '--prune')),
    'error[prune-of-part]',
  ],
])('rejects: %s', ([, prepare, message]) =>
  project(files, async (own) => {
    await prepare(own);
    const before = existsSync(path.join(own.folder, 'baselines'))
      ? readdirSync(path.join(own.folder, 'baselines'))
      : [];
    const more = existsSync(path.join(own.folder, 'select')) ? own.read('select') : '';
    const ended = await approve(own, message.includes('one-folder') ? '--reports baselines' : more);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    const after = existsSync(path.join(own.folder, 'baselines'))
      ? readdirSync(path.join(own.folder, 'baselines'))
      : [];
    expect(after.filter((name) => name !== '.assay.lock')).toEqual(before);
  }),
);

test.for<[string, string[]]>([
  ['--filter ADA', ['greets / Ada / greet']],
  ['--tag smoke', ['greets / Ada / greet', 'greets / Bob / greet']],
  ['--test asks', []],
  ['--test greets --filter bob', ['greets / Bob / greet']],
  ['--prompt greet', ['asks back / greet', 'greets / Ada / greet', 'greets / Bob / greet']],
  ['--config default --model gemini-3.8-flash --filter cleo --filter back', ['asks back / greet']],
])('approve %s updates just %j', ([options, ids]) =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    const old = own.results('greetings', 'baselines');
    own.write('script.yaml', script('Hello Ada!', 'Hello Bob!', 'What?'));
    await run(own);
    const ended = await approve(own, options);
    expect(ended.code, ended.stderr).toBe(ids.length > 0 ? 0 : 2);
    const { cases, summary } = own.results('greetings', 'baselines');
    const now = own.results('greetings');
    for (const [index, each] of cases.entries())
      expect(each, each.id).toEqual((ids.includes(each.id) ? now : old).cases[index]);
    expect(summary).toEqual(now.summary);
    const approvals = JSON.parse(own.read('baselines/approved.json')) as {
      suites: { greetings: { partlyAt?: string } };
    };
    expect(approvals.suites.greetings.partlyAt !== undefined).toBe(ids.length > 0);
  }),
);

test('approving in parts gives the same baseline as a full approval', () =>
  project(files, async (own) => {
    await run(own, '--filter Ada');
    await approve(own);
    expect(own.results('greetings', 'baselines').cases.map(({ id }) => id)).toEqual(['greets / Ada / greet']);
    await run(own, '--filter Bob --filter back');
    await approve(own);
    await run(own, '--reports whole');
    expect(own.read('baselines/greetings.json')).toBe(own.read('whole/greetings.json'));
  }));

test('keeps baselines of removed suites until --prune', () =>
  project({ ...files, 'suites/h.suite.yaml': suite.replace('greetings', 'others') }, async (own) => {
    await run(own);
    await approve(own);
    rmSync(path.join(own.folder, 'suites/h.suite.yaml'));
    await run(own);
    expect((await approve(own)).stdout).toBe(
      'baselines → reports: 3 unchanged\napproved 1 suite in baselines\n',
    );
    expect(readdirSync(path.join(own.folder, 'baselines')).toSorted()).toEqual([
      'approved.json',
      'greetings.json',
      'others.json',
    ]);
    const pruned = await approve(own, '--prune');
    expect(pruned.stdout).toContain('REMOVED others: asks back / greet');
    expect(pruned.stdout).toMatch(
      /3 removed, 3 unchanged\napproved 1 suite in baselines; removed: others\n$/,
    );
    expect(readdirSync(path.join(own.folder, 'baselines')).toSorted()).toEqual([
      'approved.json',
      'greetings.json',
    ]);
    expect(own.read('baselines/approved.json')).not.toContain('others');
  }));

test.for<[string, string, number, Record<string, number>]>([
  ['all as approved', script('Good morning, Ada.'), 0, { unchanged: 3 }],
  ['another word', script('Good evening, Ada.'), 0, { changedText: 1, unchanged: 2 }],
  ['a passed case fails', script('Good morning.'), 1, { regressed: 1, unchanged: 2 }],
  ['a case errors', failing, 3, { erroredNow: 1 }],
])('against a passed baseline: %s', ([, replies, code, counts]) =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('script.yaml', replies);
    const ended = await run(own, '--baseline baselines');
    expect(ended.code, ended.stderr).toBe(code);
    expect(compared(own).counts).toMatchObject(counts);
    expect(ended.stdout).toContain('\nbaselines → reports: ');
  }),
);

test('an approved failure does not exit 1; a new one does', () =>
  project({ ...files, 'script.yaml': script('Good morning.') }, async (own) => {
    expect((await run(own)).code).toBe(1);
    await approve(own);
    const still = await run(own, '--baseline baselines');
    expect(still.code).toBe(0);
    expect(still.stdout).toContain('STILL FAILING greetings: greets / Ada / greet (nothing changed)');
    own.write('script.yaml', script('Good morning.', 'Hello.'));
    expect((await run(own, '--baseline baselines')).code).toBe(1);
    expect(compared(own).cases.map(({ id, worse }) => [id, worse])).toEqual([
      ['greets / Bob / greet', true],
      ['greets / Ada / greet', false],
    ]);
    own.write('script.yaml', script('Good morning, Ada.'));
    expect((await run(own, '--baseline baselines')).code).toBe(0);
    expect(compared(own).counts).toMatchObject({ fixed: 1 });
  }));

test('a new failure exits 1, whatever changed', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('suites/g.suite.yaml', suite.replace('contains: "?"', 'contains: "!"'));
    const ended = await run(own, '--baseline baselines');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(
      'REGRESSED greetings: asks back / greet (assertions changed)\n  --> suites/g.suite.yaml:12:17: contains: !: ',
    );
  }));

test('compares only the selected cases; without a baseline all are added and a failure exits 1', () =>
  project({ ...files, 'script.yaml': script('Good morning.') }, async (own) => {
    const none = await run(own, '--baseline baselines');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain(
      'warning[no-baseline]: baselines has no results of greetings: its 3 cases count as added',
    );
    expect(compared(own)).toMatchObject({ counts: { added: 3 }, worse: 1 });
    await approve(own);
    const part = await run(own, '--filter Bob --baseline baselines');
    expect(part).toMatchObject({ code: 0, stderr: '' });
    expect(part.stdout).toContain('\nbaselines → reports: 2 not asked, 1 unchanged\n');
    expect(compared(own)).toMatchObject({ counts: { notAsked: 2, removed: 0, unchanged: 1 }, cases: [] });
    const again = await own.assay('compare baselines reports');
    expect(again).toMatchObject({ code: 0, stdout: 'baselines → reports: 2 not asked, 1 unchanged\n' });
    expect((await own.assay('compare baselines reports/greetings.json')).stdout).toContain('2 not asked, 1');
    await run(own, '--filter Bob');
    expect(existsSync(path.join(own.folder, 'reports/compare.json'))).toBe(false);
  }));

test('counts an edit without effect by what was edited', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('suites/g.suite.yaml', suite.replace('contains: "?"', 'contains: "How"'));
    await run(own, '--baseline baselines');
    expect(compared(own)).toMatchObject({ unaffected: { assertions: 1, prompt: 0 }, cases: [] });
    own.write('suites/g.suite.yaml', suite.replace('Say good', 'Please say good'));
    const ended = await run(own, '--baseline baselines');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('\nbaselines → reports: 3 unchanged (prompt changed in 3)\n');
    expect(compared(own)).toMatchObject({ unaffected: { prompt: 3, config: 0, assertions: 0 }, cases: [] });
  }));

test('an unreadable baseline ends the run before its first call', () =>
  project({ ...files, 'baselines/greetings.json': '{ "schema": "assay/results/1", ' }, async (own) => {
    const ended = await run(own, '--baseline baselines');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('error[bad-results]: baselines/greetings.json is not JSON');
    expect(existsSync(path.join(own.folder, 'reports/journal.jsonl'))).toBe(false);
    own.write('baselines/greetings.json', '{}');
    own.write('baselines/approved.json', '{}');
    expect((await run(own, '--baseline baselines')).stderr).toContain('error[bad-approvals]');
  }));

test.for(['{}', 'null', '[]', '{ "schema": "other" }'])('rejects a baseline file that contains %s', (text) =>
  project({ ...files, 'baselines/greetings.json': text, 'baselines/notes.json': text }, async (own) => {
    await run(own);
    const message =
      'error[bad-results]: baselines/greetings.json has no results of greetings\n --> baselines/greetings.json\n';
    for (const command of [
      'run --emulator --baseline baselines --reports never',
      'run --emulator --changed --baseline baselines --reports never',
      'report --baseline baselines',
      'judge --baseline baselines',
      'compare baselines reports',
      'approve',
    ]) {
      const ended = await own.assay(command, atHome);
      expect(ended, command).toMatchObject({ code: 2, stdout: '' });
      if (command !== 'compare baselines reports') expect(ended.stderr, command).toContain(message);
    }
    expect(existsSync(path.join(own.folder, 'never'))).toBe(false);
    expect(own.read('baselines/greetings.json')).toBe(text);
  }),
);

test('reports an approved suite whose file is now empty', () =>
  project({ ...files, 'suites/h.suite.yaml': suite.replace('greetings', 'others') }, async (own) => {
    await run(own);
    await approve(own);
    own.write('baselines/others.json', '{}');
    const ended = await own.assay('run suites/g.suite.yaml --emulator --baseline baselines');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('baselines/others.json has no results of others');
    const compare = await own.assay('compare baselines reports');
    expect(compare.stderr).toContain('baselines/others.json has no results of others');
  }));

test('does not approve results of another run than run.json', () =>
  project(files, async (own) => {
    await run(own);
    own.write('script.yaml', script('Good evening, Ada.'));
    // Nothing is written over what the run before left.
    await run(own, '--reporter html');
    const ended = await approve(own);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      'error[other-run]: reports/greetings.json was not written by the run of reports/run.json\n  = help: make the reports',
    );
    expect(existsSync(path.join(own.folder, 'baselines/greetings.json'))).toBe(false);
    await own.assay('report');
    expect((await approve(own)).code).toBe(0);
    expect(own.read('baselines/greetings.json')).toContain('Good evening, Ada.');
    // The selected reports say nothing about results that are not selected.
    await own.assay('report --reporter html');
    expect((await approve(own)).code).toBe(0);
    own.write('reports/run.json', own.read('reports/run.json').replace(/\n {2}"results": {[^}]*},?/, ''));
    expect((await approve(own)).code).toBe(0);
  }));

test.for<[string, (own: Project) => void, string]>([
  [
    'a folder instead of a file',
    ({ folder }) => mkdirSync(path.join(folder, 'baselines/approved.json/x'), { recursive: true }),
    'error[bad-approvals]: approved.json cannot be read (EISDIR)\n --> baselines/approved.json\n',
  ],
  [
    'a folder instead of results',
    ({ folder }) => mkdirSync(path.join(folder, 'baselines/greetings.json'), { recursive: true }),
    'error[bad-results]: baselines/greetings.json is a folder\n --> baselines/greetings.json\n',
  ],
  [
    'a file instead of the folder',
    ({ write }) => write('kept', ''),
    'error[unwritable-reports]: the baselines folder kept/base is not writable: part of its path is a file (ENOTDIR)\n  = help: name another with --baseline DIR\n',
  ],
])('rejects an approval and writes nothing: %s', ([what, prepare, message]) =>
  project(files, async (own) => {
    await run(own);
    prepare(own);
    const ended = await approve(own, what === 'a file instead of the folder' ? '--baseline kept/base' : '');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    const there = existsSync(path.join(own.folder, 'baselines'))
      ? readdirSync(path.join(own.folder, 'baselines'))
      : [];
    expect(there.length).toBeLessThanOrEqual(1);
  }),
);

test('an interrupted approval lists what it has written', () =>
  project({ ...files, 'suites/h.suite.yaml': suite.replace('greetings', 'others') }, async (own) => {
    await run(own);
    mkdirSync(path.join(own.folder, 'baselines/others.json.part'), { recursive: true });
    const ended = await approve(own);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^error\[cannot-write\]: baselines\/others\.json could not be written \(\w+\); written before it: baselines\/greetings\.json\n {2}= help: fix that and run assay approve again: it writes all files\n$/,
    );
    rmSync(path.join(own.folder, 'baselines/others.json.part'), { recursive: true });
    expect((await approve(own)).stdout).toContain('approved 2 suites in baselines\n');
  }));

test('warns about an old baseline, an alias and little headroom without changing the exit code', () =>
  project(
    {
      'suites/a.suite.yaml': `suite: a
model: gemini-flash-latest
prompts: { p: Tell me. }
assert: [ { tokens: { candidates: { max: 10 } } } ]
`,
      'script.yaml': `replies: [ { reply: { text: Well., usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 10, totalTokenCount: 13 } } } ]\n`,
    },
    async (own) => {
      await run(own);
      const approved = await approve(own);
      expect(approved.stderr).toContain(
        'warning[little-headroom]: 1 approved case comes within 10 % of a bound: a: a / p: 10 candidate tokens, at most 10',
      );
      own.write(
        'baselines/approved.json',
        own
          .read('baselines/approved.json')
          .replace(/"approvedAt": "[^"]*"/, '"approvedAt": "2020-01-01T00:00:00.000Z"'),
      );
      const ended = await run(own, '--baseline baselines');
      expect(ended.code).toBe(0);
      for (const code of ['old-baseline', 'moving-alias', 'little-headroom'])
        expect(ended.stderr).toContain(`warning[${code}]: `);
      const young = await run(own, '--baseline baselines --baseline-age 100000');
      expect(young.stderr).not.toContain('old-baseline');
    },
  ));

test('hides environment values in baselines, and they count as no change', () =>
  project(
    {
      'suites/e.suite.yaml': `suite: e
model: gemini-3.8-flash
env: [BRAND]
prompts: { p: "Praise {{env.BRAND}}." }
assert: [ { contains: "{{env.BRAND}}" }, { snapshot: {} } ]
`,
      'script.yaml': 'replies: [ { reply: { text: Buy hush-hush-9000 today } } ]\n',
    },
    async (own) => {
      const env = { ...atHome, BRAND: 'hush-hush-9000' };
      const command = 'run --emulator --script script.yaml';
      await own.assay(command, env);
      expect((await own.assay('approve', env)).code).toBe(0);
      for (const name of ['baselines/e.json', 'suites/snapshots/e.json'])
        expect(own.read(name)).not.toContain('hush-hush');
      const again = await own.assay(`${command} --baseline baselines`, env);
      expect(again.code, again.stdout).toBe(0);
      expect(again.stdout).toContain('baselines → reports: 1 unchanged');
    },
  ));

test('assay report compares like the run and removes a comparison without a baseline', () =>
  project({ ...files, 'script.yaml': script('Good morning, Ada.') }, async (own) => {
    await run(own);
    await approve(own);
    own.write('script.yaml', script('Good morning.'));
    const live = await run(own, '--baseline baselines');
    const written = own.read('reports/compare.json');
    const again = await own.assay('report --baseline baselines');
    expect(again.code).toBe(1);
    expect(again.stdout).toBe(live.stdout.replace(/reports: .*\n$/, ''));
    expect(own.read('reports/compare.json')).toBe(written);
    expect(own.read('reports/index.html')).toContain('id="compared"');
    expect((await own.assay('report')).code).toBe(1);
    expect(existsSync(path.join(own.folder, 'reports/compare.json'))).toBe(false);
  }));

test('replies cannot give commands in GitHub Actions', () =>
  project(files, async (own) => {
    await run(own);
    await approve(own);
    own.write('script.yaml', script('::error::mine'));
    await run(own);
    const { stdout } = await own.assay('compare baselines reports', { GITHUB_ACTIONS: 'true' });
    expect(stdout).toMatch(/^::stop-commands::(\S+)\n[^]*::error::mine[^]*\n::\1::\n$/);
  }));

/** Cassettes and the cache, as a user meets them. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { project, type Project } from './project.ts';

const suite = `suite: a
model: gemini-3.1-pro-preview
repeats: 2
passRate: 0 # assay: allow checks-nothing
configs: { warm: { temperature: 1 } }
prompts:
  story: "Write about a {{object}}."
  talk: [ { user: "Name a {{object}}." }, { model: }, { user: Why? } ]
  blocked: A forbidden thing.
tests:
  - name: objects
    prompts: [story, talk]
    data: [ { object: lamp }, { object: boat } ]
    row: "{{object}}"
    assert: [ { outcome: answered } ]
  - { name: blocked, prompts: [blocked], assert: [ { outcome: promptBlocked } ] }
  - name: refused
    prompts: [blocked]
    extra: { safetySettings: [ { category: NO_SUCH, threshold: BLOCK_NONE } ] }
    assert: [ { error: { status: INVALID_ARGUMENT } } ]
`;
const script = `seed: 4
replies: [ { when: { prompt: forbidden }, block: SAFETY } ]
`;
const files = { 'suites/a.suite.yaml': suite, 'script.yaml': script };
const live = '--emulator --script script.yaml';

interface Tape {
  readonly recordings: { readonly case: string; readonly trials: { readonly trial: number }[] }[];
}
const tape = ({ read }: Project, name = 'tape.json'): Tape => JSON.parse(read(name)) as Tape;
const entries = ({ folder }: Project, directory = '.assay/cache'): string[] =>
  readdirSync(path.join(folder, directory), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );

test('replays a recorded run offline without a key, to the same bytes', () =>
  project(files, async (at) => {
    const recorded = await at.assay(`run ${live} --record tape.json`);
    expect(recorded).toMatchObject({ code: 0 });
    expect(recorded.stderr).toContain('cassette: tape.json: 6 recordings (12 recorded)');
    expect(tape(at).recordings.map((each) => each.case)).toEqual(at.results('a').cases.map(({ id }) => id));
    const replayed = await at.assay('run --replay tape.json --reports again', {
      GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
    });
    expect(replayed).toMatchObject({ code: 0, stderr: '' });
    expect(replayed.stdout).toContain('12 trials answered from recordings');
    expect(at.read('again/a.json')).toBe(at.read('reports/a.json'));
    const written = at.read('tape.json');
    expect(await at.assay(`run ${live} --record tape.json --quiet`)).toMatchObject({ code: 0, stderr: '' });
    expect(at.read('tape.json')).toBe(written);
  }));

test('does not record a transient failure for a case that asserts another, and retries it', () =>
  project(
    {
      'suites/e.suite.yaml': `suite: e
model: gemini-3.8-flash
prompts: { p: Hello, q: Goodbye }
tests: [ { name: t, prompts: [q], assert: [ { error: { code: 400 } } ] }, { name: asserted, prompts: [p], assert: [ { error: { code: 503 } } ] } ]
`,
      'down.yaml': 'replies: [ { error: { code: 503 } } ]\n',
      'up.yaml':
        'replies: [ { when: { prompt: Goodbye }, error: { code: 400 } }, { error: { code: 503 } } ]\n',
    },
    async ({ assay, results, read }) => {
      const verdicts = (): string[] => results('e').cases.map(({ id, verdict }) => `${id}: ${verdict}`);
      const recording = '--retries 0 --record tape.json --cache --cache-all --quiet';
      expect((await assay(`run --emulator --script down.yaml ${recording}`)).code).toBe(3);
      expect(verdicts()).toEqual(['asserted / p: passed', 't / q: errored']);
      expect(read('tape.json')).not.toContain('"t / q"');
      expect((await assay(`run --emulator --script up.yaml ${recording} --resume`)).code).toBe(0);
      expect(verdicts()).toEqual(['asserted / p: passed', 't / q: passed']);
      const replayed = await assay('run --replay tape.json --quiet');
      expect([replayed.code, replayed.stderr]).toEqual([0, '']);
    },
  ));

test('creates the folder of a cassette, or reports before the first call that it cannot', () =>
  project(files, async (at) => {
    const kept = await at.assay(`run ${live} --record tapes/of/today.json --quiet`);
    expect(kept).toMatchObject({ code: 0, stderr: '' });
    expect(tape(at, 'tapes/of/today.json').recordings).toHaveLength(6);
    for (const [option, what] of [
      ['--record script.yaml/tape.json', 'the folder of the cassette script.yaml'],
      ['--cache script.yaml/cache', 'the cache folder script.yaml/cache'],
    ]) {
      const ended = await at.assay(`run ${live} ${option} --reports none`);
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(`${what} is not writable: part of its path is a file (ENOTDIR)`);
      expect(existsSync(path.join(at.folder, 'none/journal.jsonl'))).toBe(false);
    }
  }));

test('a request missing in the cassette errors and reports the difference', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --record tape.json`);
    at.write('suites/a.suite.yaml', suite.replace('Write about', 'Tell of'));
    const ended = await at.assay('run --replay tape.json');
    expect(ended.code).toBe(3);
    expect(at.results('a').summary).toMatchObject({ errored: 2, passed: 4 });
    // Two cases of two trials each were not answered.
    expect(ended.stdout).toContain('; 8 trials answered from recordings');
    expect(
      at.results('a').cases.find(({ id }) => id.includes('lamp / story'))?.trials[0]?.error?.message,
    ).toBe(
      'the cassette has no reply to this request; this case was recorded with another request: contents[0].parts[0].text was "Write about a lamp.", is "Tell of a lamp."',
    );
    at.write('suites/a.suite.yaml', suite.replace('object: boat', 'object: kite'));
    await at.assay('run --replay tape.json --test objects --prompt story');
    expect(
      at.results('a').cases.find(({ id }) => id.includes('kite / story'))?.trials[0]?.error?.message,
    ).toMatch(
      /the nearest recording is that of a: objects \/ \w+ \/ story \/ warm: contents\[0\]\.parts\[0\]\.text was/,
    );
    at.write('suites/a.suite.yaml', suite.replace('repeats: 2', 'repeats: 3'));
    await at.assay('run --replay tape.json --test blocked');
    expect(JSON.stringify(at.results('a').cases[0]?.trials)).toContain(
      "the cassette holds 2 of this case's trials, not number 3",
    );
  }));

test('names the variable if only a hidden value differs', () =>
  project(files, async (at) => {
    const text = suite.replace('Write about a {{object}}.', 'Write to {{env.PERSON}}.');
    at.write('suites/a.suite.yaml', `${text}env: [PERSON]\n`);
    const to = (person: string) => ({ PERSON: person });
    await at.assay(`run ${live} --record tape.json --prompt story`, to('alexandrawoods'));
    expect(at.read('tape.json')).not.toContain('alexandra');
    const ended = await at.assay('run --replay tape.json --prompt story', to('bartholomewhall'));
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain(
      'this case was recorded with another request: the difference is in the hidden value of the environment variable PERSON',
    );
    expect(ended.stdout + at.read('reports/a.json')).not.toMatch(/alexandra|bartholomew/);
  }));

test('adds to a cassette; only --prune removes unused recordings', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --record tape.json`);
    at.write('suites/a.suite.yaml', suite.replace('object: boat', 'object: kite'));
    const added = await at.assay(`run ${live} --record tape.json`);
    expect(added.stderr).toContain('cassette: tape.json: 8 recordings (4 recorded)');
    const pruned = await at.assay(`run ${live} --record tape.json --prune`);
    expect(pruned.stderr).toContain('cassette: tape.json: 6 recordings (0 recorded, 2 dropped)');
    expect(JSON.stringify(tape(at))).not.toContain('boat');
  }));

test('a renamed test finds its replies by its request', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --record tape.json`);
    at.write('suites/a.suite.yaml', suite.replace('name: objects', 'name: things'));
    expect((await at.assay('run --replay tape.json')).code).toBe(0);
  }));

test.for<[what: string, text: string, words: string]>([
  ['not JSON', '{ "schema": ', 'bad-cassette'],
  ['something else', '{ "schema": "assay/results/1" }', 'expected a cassette'],
  [
    'half a cassette',
    '{ "schema": "assay/cassette/1", "recordings": [ { "suite": "a" } ] }',
    'recordings[0]',
  ],
])('rejects a cassette that is %s before the first call', ([, text, words]) =>
  project({ ...files, 'tape.json': text }, async (at) => {
    const ended = await at.assay('run --replay tape.json');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).toContain('--> tape.json:1:');
  }),
);

test('the cache answers equal requests per trial and stores no errors or blocks by default', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --cache --reports first`);
    expect(entries(at)).toHaveLength(8);
    const second = await at.assay(`run ${live} --cache --reports second`);
    expect(second.stdout).toContain('8 trials answered from recordings');
    expect(at.read('second/a.json')).toBe(at.read('first/a.json'));
    expect(at.read('second/run.json').match(/"from":"cache"/g)).toHaveLength(8);
    await at.assay(`run ${live} --cache kept --cache-all --reports third`);
    expect(entries(at, 'kept')).toHaveLength(12);
    const fresh = await at.assay(`run ${live} --cache kept --cache-age 0 --reports fourth`);
    expect(fresh.stdout).not.toContain('recordings');
  }));

test('calls again for a torn cache entry and repairs it', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --cache --test objects`);
    const [name = ''] = entries(at);
    const whole = at.read(`.assay/cache/${name}`);
    at.write(`.assay/cache/${name}`, whole.slice(0, 100));
    const ended = await at.assay(`run ${live} --cache --test objects`);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('7 trials answered from recordings');
    expect(() => JSON.parse(at.read(`.assay/cache/${name}`)) as unknown).not.toThrow();
  }));

test('cases with equal requests can write one entry at once', () =>
  project(
    {
      'suites/same.suite.yaml': `suite: same
model: gemini-3.8-flash
prompts: { p: Hello }
tests:
${Array.from({ length: 24 }, (_, n) => `  - { name: t${n}, assert: [ { outcome: answered } ] }`).join('\n')}
`,
    },
    async (at) => {
      const ended = await at.assay('run --emulator --cache --concurrency 24');
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect(readdirSync(path.join(at.folder, '.assay/cache'), { recursive: true })).toHaveLength(2);
      expect((await at.assay('run --emulator --cache')).stdout).toContain(
        '24 trials answered from recordings',
      );
    },
  ));

test('gives one warning if the cache is not writable', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --cache --test objects --quiet`);
    const names = entries(at);
    // Each entry is replaced by a folder.
    for (const name of names) {
      rmSync(path.join(at.folder, '.assay/cache', name));
      mkdirSync(path.join(at.folder, '.assay/cache', name));
    }
    const ended = await at.assay(`run ${live} --cache --test objects --quiet`);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toBe(
      'warning[cache-not-used]: replies in the cache .assay/cache could not be read (EISDIR); the run went on without them\n' +
        '  = help: see that this user may read and write .assay/cache and that the disk has room, or leave --cache out\n\n1 warning\n',
    );
  }));

test.for<[what: string, text: string]>([
  ['of something else', '{"schema":"assay/cassette/1"}'],
  [
    'with invalid exchanges',
    '{"schema":"assay/cache/1","storedAt":"2026-12-01T00:00:00Z","exchanges":[null]}',
  ],
  ['that is empty', ''],
])('calls again for a cache entry %s', ([, text]) =>
  project(files, async (at) => {
    await at.assay(`run ${live} --cache --test objects --quiet`);
    for (const name of entries(at)) at.write(`.assay/cache/${name}`, text);
    const ended = await at.assay(`run ${live} --cache --test objects`);
    expect([ended.code, ended.stdout.includes('from recordings')]).toEqual([0, false]);
  }),
);

test('a cassette includes replies of the cache and of a resumed journal', () =>
  project(files, async (at) => {
    await at.assay(`run ${live} --cache`);
    await at.assay(`run ${live} --cache --record cached.json`);
    expect((await at.assay('run --replay cached.json')).code).toBe(0);
    await at.assay(`run ${live} --reports broken --max-tokens 200000`);
    const resumed = await at.assay(`run ${live} --reports broken --record resumed.json --resume`);
    expect(resumed.stderr).toContain('cassette: resumed.json: 6 recordings');
    expect((await at.assay('run --replay resumed.json')).code).toBe(0);
  }));

test('--prune keeps the recordings of other suites', () =>
  project({ ...files, 'suites/b.suite.yaml': suite.replace('suite: a', 'suite: b') }, async (at) => {
    await at.assay(`run ${live} --record tape.json`);
    const pruned = await at.assay(`run suites/b.suite.yaml ${live} --record tape.json --prune`);
    expect(pruned.stderr).toContain('cassette: tape.json: 12 recordings (0 recorded)');
  }));

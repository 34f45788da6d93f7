/** One machine, any concurrency, three shards merged, killed and resumed: the stable files are the same bytes. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project, type Project } from './project.ts';

const every = readFileSync(path.join(root, 'test/e2e/every/emulator.yaml'), 'utf8');
const examples = readFileSync(path.join(root, 'suites/emulator.yaml'), 'utf8');

/** A folder with every example suite and the suite of every method and kind, and a server script for them. */
function withSuites(delay: number, use: (mine: Project) => Promise<void>): Promise<void> {
  return project({}, async (mine) => {
    cpSync(path.join(root, 'suites'), path.join(mine.folder, 'suites'), { recursive: true });
    cpSync(path.join(root, 'test/e2e/every'), path.join(mine.folder, 'every'), { recursive: true });
    mine.write('suites/script.yaml', `jitter: ${delay}\n${examples}`);
    mine.write('every/script.yaml', every.replace('jitter: 40', `jitter: ${delay}`));
    await use(mine);
  });
}

/** The stable files of a reports folder, copied to one of their own. */
function stable({ folder }: Project, reports: string): string {
  const target = path.join(folder, 'stable', reports.replaceAll('/', '-'));
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(path.join(folder, reports)))
    if (name.endsWith('.json') && !['run.json', 'ctrf.json'].includes(name))
      cpSync(path.join(folder, reports, name), path.join(target, name));
  return target;
}

function difference(one: string, other: string): string {
  expect(readdirSync(one).length).toBeGreaterThan(0);
  const { stdout, stderr, status } = spawnSync('diff', ['-r', one, other], { encoding: 'utf8' });
  expect([0, 1], stderr).toContain(status);
  return stdout;
}

test.for([
  ['suites', 0],
  ['every', 3],
] as const)('%s: shards merged and one machine', ([suites, code]) =>
  withSuites(5, async (mine) => {
    const run = `run ${suites} --emulator --script ${suites}/script.yaml --quiet --reporter json`;
    const whole = await mine.assay(`${run} --reports whole --concurrency 1`);
    expect(whole.code, whole.stderr).toBe(code);
    const cases = new Set<string>();
    for (const shard of ['1/3', '2/3', '3/3']) {
      const ended = await mine.assay(`${run} --reports shards/${shard[0]} --shard ${shard} --concurrency 16`);
      expect([0, 1, code], ended.stderr).toContain(ended.code);
      for (const name of readdirSync(stable(mine, `shards/${shard[0]}`))) {
        const suite = name.replace('.json', '');
        for (const { id } of mine.results(suite, `shards/${shard[0]}`).cases) {
          expect(cases.has(`${suite} ${id}`)).toBe(false);
          cases.add(`${suite} ${id}`);
        }
      }
    }
    // In any order, and with every reporter.
    const merged = await mine.assay(
      'merge shards/3 shards/1/journal.jsonl shards/2 --reports merged --reporter json,html,junit,ctrf,markdown',
    );
    expect(merged.code, merged.stderr).toBe(code);
    expect(merged.stdout).toContain('Merged from 3 shards');
    expect(difference(stable(mine, 'whole'), stable(mine, 'merged'))).toBe('');
    for (const name of ['index.html', 'junit.xml', 'summary.md', 'journal.jsonl'])
      expect(existsSync(path.join(mine.folder, 'merged', name)), name).toBe(true);
    for (const name of ['index.html', 'junit.xml', 'summary.md'])
      expect(mine.read(`merged/${name}`)).toContain('Merged from 3 shards');
    expect(JSON.parse(mine.read('merged/run.json'))).toMatchObject({ shards: 3 });
    // The merged journal is one like any other.
    const again = await mine.assay('report merged --reports again --quiet');
    expect(again.code, again.stderr).toBe(code);
    expect(difference(stable(mine, 'merged'), stable(mine, 'again'))).toBe('');
    expect(mine.read('again/run.json')).toBe(mine.read('merged/run.json'));
  }),
);

/** Starts a run and kills it when its journal has so many trials. */
function killed({ folder }: Project, line: string, trials: number): Promise<void> {
  const args = line.split(' ');
  const journal = path.join(folder, args[args.indexOf('--reports') + 1] ?? '', 'journal.jsonl');
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { cwd: folder });
  const timer = setInterval(() => {
    if (!existsSync(journal)) return;
    const found = readFileSync(journal, 'utf8').match(/"type":"trial"/g)?.length ?? 0;
    if (found >= trials) child.kill('SIGKILL');
  }, 5);
  return new Promise((resolve, reject) => {
    child.on('close', (_, signal) => {
      clearInterval(timer);
      if (signal === 'SIGKILL') resolve();
      else reject(new Error('the run ended before it was killed'));
    });
  });
}

test('resumes a killed run, whole or in a shard', () =>
  withSuites(30, async (mine) => {
    const run = 'run every --emulator --script every/script.yaml --quiet --reporter json --concurrency 2';
    expect((await mine.assay(`${run} --reports whole`)).code).toBe(3);
    await killed(mine, `${run} --reports broken`, 8);
    const resumed = await mine.assay(`${run} --reports broken --resume`);
    expect(resumed.code, resumed.stderr).toBe(3);
    expect(difference(stable(mine, 'whole'), stable(mine, 'broken'))).toBe('');

    await mine.assay(`${run} --reports shards/1 --shard 1/2`);
    await killed(mine, `${run} --reports shards/2 --shard 2/2`, 4);
    const early = await mine.assay('merge shards/1 shards/2 --reports early --reporter json --quiet');
    expect(early.code, early.stderr).toBe(130);
    expect(mine.read('early/every.json')).toContain('not asked: shard 2/2: it was killed');
    const wrong = await mine.assay(`${run} --reports shards/2 --shard 1/2 --resume`);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('error[other-shard]: the run in shards/2 is shard 2/2');

    await mine.assay(`${run} --reports shards/2 --shard 2/2 --resume`);
    const merged = await mine.assay('merge shards/1 shards/2 --reports merged --reporter json --quiet');
    expect(merged.code, merged.stderr).toBe(3);
    expect(difference(stable(mine, 'whole'), stable(mine, 'merged'))).toBe('');

    // What was merged too early goes on as the whole run that it is.
    const later = await mine.assay(`${run} --reports early --resume`);
    expect(later.code, later.stderr).toBe(3);
    expect(difference(stable(mine, 'whole'), stable(mine, 'early'))).toBe('');
  }));

const small = `suite: small
model: gemini-3.8-flash
env: [PLACE]
prompts: { p: "Number {{n}} in {{env.PLACE}}" }
tests: [ { name: t, tags: [all], data: rows.csv, row: "{{n}}", assert: [ { outcome: answered } ] } ]
`;
const rows = (count: number): string =>
  `n\n${Array.from({ length: count }, (_, index) => index).join('\n')}\n`;

test('rejects a missing, repeated or foreign shard and names it', () =>
  project(
    { 'suites/small.suite.yaml': small, 'suites/rows.csv': rows(12) },
    async ({ assay, write, folder }) => {
      const env = { PLACE: 'Hamburg' };
      const shard = (reports: string, options: string, other = env): Promise<unknown> =>
        assay(`run --emulator --quiet --reporter json --reports ${reports} ${options}`, other);
      const merge = (folders: string, other = env): ReturnType<typeof assay> =>
        assay(`merge ${folders} --reports merged`, other);
      await shard('a1', '--shard 1/3');
      await shard('a2', '--shard 2/3');
      await shard('a3', '--shard 3/3');
      await shard('half', '--shard 2/2');
      await shard('tagged', '--shard 3/3 --tag all');
      await shard('elsewhere', '--shard 3/3', { PLACE: 'Bremen at the Weser' });
      await shard('whole', '');
      for (const [folders, ...messages] of [
        ['a1 a3', 'error[missing-shard]: a shard is missing: 2/3'],
        ['a2', 'error[missing-shard]: 2 shards are missing: 1/3, 3/3'],
        ['a1 a2 a3 a2', 'error[shard-twice]: a2 and a2 are both shard 2/3'],
        ['a1 a2 half', 'error[foreign-shard]: half is a shard of another run than a1: it is shard 2/2'],
        ['a1 a2 tagged', 'error[foreign-shard]: tagged is', 'its options select or change other cases'],
        ['a1 a2 elsewhere', 'error[foreign-shard]: elsewhere is', 'its plan differs (a variable'],
        ['a1 a2 a3 whole', 'error[no-shard]: whole is not a shard'],
        ['a1 a2 nowhere', 'error[missing-journal]: there is no journal at nowhere'],
      ] as const) {
        const { code, stderr, stdout } = await merge(folders);
        expect({ code, stdout }, folders).toEqual({ code: 2, stdout: '' });
        for (const message of messages) expect(stderr).toContain(message);
        expect(existsSync(path.join(folder, 'merged'))).toBe(false);
      }
      const other = await merge('a1 a2 a3', { PLACE: 'Bremen at the Weser' });
      expect(other.code).toBe(2);
      expect(other.stderr).toContain('error[plan-changed]');
      const onto = await assay('merge a1 a2 a3 --reports a2', env);
      expect(onto.code).toBe(2);
      expect(onto.stderr).toContain(
        'error[merge-onto-part]: the merged run cannot be written to a2: shard 2',
      );

      // The shards of another state of a suite are another run's, and the suites must be there as they were.
      write('suites/rows.csv', rows(13));
      await shard('grown', '--shard 3/3');
      const mixed = await merge('a1 a2 grown');
      expect(mixed.stderr).toContain('the suite small (suites/small.suite.yaml) was different');
      const moved = await merge('a1 a2 a3');
      expect(moved.code).toBe(2);
      expect(moved.stderr).toContain('error[suite-changed]');
    },
  ));

test('an empty shard succeeds and merges; plan lists the cases of a shard', () =>
  project({ 'suites/small.suite.yaml': small, 'suites/rows.csv': rows(2) }, async ({ assay, results }) => {
    const env = { PLACE: 'Hamburg' };
    const folders: string[] = [];
    let empty = 0;
    const listed: string[] = [];
    for (let index = 1; index <= 4; index++) {
      const shard = `--shard ${index}/4`;
      const planned = await assay(`plan --format json ${shard}`, env);
      const ids = (JSON.parse(planned.stdout) as { id: string }[]).map(({ id }) => id);
      listed.push(...ids);
      const ended = await assay(`run --emulator --reports s/${index} ${shard}`, env);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout).toContain(`This is shard ${index} of 4`);
      expect(results('small', `s/${index}`).cases.map(({ id }) => id)).toEqual(ids.toSorted());
      if (ids.length === 0) {
        empty++;
        expect(ended.stderr).toContain(`shard ${index}/4 has no cases; nothing to send`);
      }
      folders.push(`s/${index}`);
    }
    expect(empty).toBeGreaterThanOrEqual(2);
    expect(listed).toHaveLength(2);
    const merged = await assay(`merge ${folders.join(' ')} --reports merged --quiet`, env);
    expect(merged, merged.stderr).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(results('small', 'merged').summary).toMatchObject({ cases: 2, passed: 2 });
    // A selection without any case of the whole plan is still an error.
    expect((await assay('run --emulator --shard 1/4 --filter nothing-has-this', env)).code).toBe(2);
  }));

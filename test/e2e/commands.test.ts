/** What the options of a command promise, each tried as a user would. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scripted, whole } from '../gemini/scripted-server.ts';
import { root } from './assay.ts';
import { project } from './project.ts';

const two = `suite: two
model: gemini-3.8-flash
configs: { plain: {}, warm: { temperature: 1 } }
prompts: { story: "Write about {{object}}.", poem: "Rhyme about {{object}}." }
tests:
  - name: objects
    tags: [smoke, long]
    data: [ { object: lamp }, { object: boat } ]
    row: "{{object}}"
    assert: [ { contains: { text: "{{object}}", ignoreCase: true } } ]
  - name: fails
    tags: [long]
    prompts: [story]
    configs: [plain]
    vars: { object: a kite }
    assert: [ { contains: nowhere to be found } ]
`;
const files = { 'suites/two.suite.yaml': two };

interface Planned {
  readonly id: string;
  readonly model: string;
  readonly repeats: number;
}

test('report writes the same files with the same exit code', () =>
  project(files, async ({ assay, folder }) => {
    const live = await assay('run --emulator');
    expect(live.code).toBe(1);
    const again = await assay('report reports --reports again');
    expect(again).toEqual({ code: 1, stdout: live.stdout.replace(/\n*reports: .*\n/, '\n'), stderr: '' });
    for (const name of readdirSync(path.join(folder, 'again')))
      expect(readFileSync(path.join(folder, 'again', name), 'utf8'), name).toBe(
        readFileSync(path.join(folder, 'reports', name), 'utf8'),
      );
    expect(readdirSync(path.join(folder, 'again')).toSorted()).toEqual([
      'index.html',
      'junit.xml',
      'run.json',
      'two.json',
    ]);
  }));

test('report rejects a suite that has changed since', () =>
  project(files, async ({ assay, write }) => {
    await assay('run --emulator');
    write('suites/two.suite.yaml', two.replace('nowhere', 'elsewhere'));
    const ended = await assay('report');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[suite-changed]: the suite two (suites/two.suite.yaml) has changed');
  }));

test('plan lists the cases of run', () =>
  project(files, async ({ assay, results }) => {
    const planned = JSON.parse((await assay('plan --format json')).stdout) as Planned[];
    await assay('run --emulator');
    expect(planned.map(({ id }) => id).toSorted()).toEqual(results('two').cases.map(({ id }) => id));
    expect(planned).toHaveLength(9);
    const table = await assay('plan');
    for (const { id } of planned) expect(table.stdout).toContain(id);
    expect(table.stdout).toContain('9 cases, 9 trials, 9 calls, about 45 input tokens\nat most');
  }));

test.for([
  ['--tag smoke', 8],
  ['--tag long', 9],
  ['--tag smoke --prompt poem', 4],
  ['--filter LAMP', 4],
  ['--filter lamp --filter fails', 5],
  ['--test fails', 1],
  ['--config warm --prompt story', 2],
  ['--model gemini-3.8-flash --test objects --config plain', 4],
] as const)('%s leaves %i cases', ([options, count]) =>
  project(files, async ({ assay }) => {
    const planned = JSON.parse((await assay(`plan --format json ${options}`)).stdout) as Planned[];
    expect(planned).toHaveLength(count);
  }),
);

test('--use-model changes every model but no id; --repeats changes the number of trials', () =>
  project(files, async ({ assay, results }) => {
    const planned = JSON.parse((await assay('plan --format json')).stdout) as Planned[];
    const ended = await assay('run --emulator --use-model gemini-2.5-flash-lite --repeats 2 --test objects');
    expect(ended.code, ended.stderr).toBe(0);
    const { cases } = results('two');
    expect(cases.map(({ id }) => id)).toEqual(
      planned
        .map(({ id }) => id)
        .filter((id) => id.startsWith('objects'))
        .toSorted(),
    );
    for (const each of cases) {
      expect(each.model).toBe('gemini-2.5-flash-lite');
      expect(each.trials).toHaveLength(2);
    }
  }));

test('writes only the selected reporters and removes files of removed suites', () =>
  project(
    { ...files, 'suites/b.suite.yaml': two.replace('suite: two', 'suite: other') },
    async ({ assay, folder, write }) => {
      await assay('run --emulator --quiet');
      write('reports/mine.json', '{}');
      const ended = await assay('run suites/b.suite.yaml --emulator --reporter json --quiet');
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: '' });
      const left = readdirSync(path.join(folder, 'reports'));
      expect(left).toContain('other.json');
      expect(left).toContain('mine.json');
      expect(left).not.toContain('two.json');
      await assay('run suites/b.suite.yaml --emulator --reporter json --reports fresh --quiet');
      expect(readdirSync(path.join(folder, 'fresh')).toSorted()).toEqual([
        'journal.jsonl',
        'other.json',
        'run.json',
      ]);
    },
  ));

test('--bail stops after that many failed cases and exits with 1', () =>
  project(
    {
      'suites/a.suite.yaml': `suite: a
model: gemini-3.8-flash
prompts: { p: "Number {{n}}" }
tests: [ { name: t, data: rows.csv, assert: [ { contains: nowhere to be found } ] } ]
`,
      'suites/rows.csv': `n\n${Array.from({ length: 200 }, (_, index) => index).join('\n')}\n`,
    },
    async ({ assay, results }) => {
      const ended = await assay('run --emulator --bail 3 --concurrency 2');
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('--bail');
      const { summary } = results('a');
      // The other one in flight ends as well.
      expect([3, 4]).toContain(summary.failed);
      expect((summary.failed ?? 0) + (summary.errored ?? 0) + (summary.skipped ?? 0)).toBe(200);
    },
  ));

test('prints no colours into a file unless FORCE_COLOR is set; NO_COLOR wins', () =>
  project(files, async ({ assay }) => {
    const escape = '\u001B[';
    expect((await assay('run --emulator', { NO_COLOR: '' })).stdout).not.toContain(escape);
    expect((await assay('run --emulator', { NO_COLOR: '', FORCE_COLOR: '1' })).stdout).toContain(escape);
    expect((await assay('run --emulator', { NO_COLOR: '1', FORCE_COLOR: '1' })).stdout).not.toContain(escape);
  }));

test('a template reads only the environment variables that its suite lists', () =>
  project(
    {
      'suites/a.suite.yaml': `suite: a
model: gemini-3.8-flash
env: [BRAND]
prompts: { p: "Praise {{env.BRAND}}." }
assert: [ { outcome: answered } ]
`,
    },
    async ({ assay, results, write, read }) => {
      const ended = await assay('run --emulator', { BRAND: 'Acme' });
      expect(ended.code, ended.stderr).toBe(0);
      expect(results('a').cases[0]?.request?.[0]?.text).toEqual(['Praise Acme.']);
      const unset = await assay('run --emulator');
      expect(unset.code).toBe(2);
      expect(unset.stderr).toContain('error[unset-environment]: the environment variable BRAND is not set');
      write('suites/a.suite.yaml', read('suites/a.suite.yaml').replaceAll('BRAND', 'GEMINI_API_KEY'));
      const key = await assay('run --emulator', { GEMINI_API_KEY: 'planted-key-planted' });
      expect(key.code).toBe(2);
      expect(key.stderr).not.toContain('planted-key');
    },
  ));

test('schema prints the published schema, which every example suite fits', () =>
  project({}, async ({ assay }) => {
    const printed = (await assay('schema')).stdout;
    expect(printed).toBe(readFileSync(path.join(root, 'schemas/suite.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(printed) as object);
    const suites = readdirSync(path.join(root, 'suites')).filter((name) => name.endsWith('.suite.yaml'));
    expect(suites.length).toBeGreaterThanOrEqual(14);
    for (const name of suites) {
      validate(parse(readFileSync(path.join(root, 'suites', name), 'utf8'), { merge: true }));
      expect(validate.errors ?? [], name).toEqual([]);
    }
  }));

test('models lists the models of the endpoint', () =>
  project({}, async ({ assay }) => {
    const ended = await assay('models --emulator');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/gemini-3\.8-flash +│ +1048576 │ +65536 │ yes +│ generateContent/);
    const nobody = await assay('models --base-url http://127.0.0.1:9');
    expect(nobody.code).toBe(3);
    expect(nobody.stderr).toContain('error[models-not-listed]');
  }));

test.for([
  ['<html>Sign in</html>', 'the response is not JSON: <html>Sign in</html>'],
  ['[]', 'the response is not a JSON object'],
  ['', 'the response has no body'],
])('models reports a server that is not the API: %s', async ([body, message]) => {
  const server = await scripted(whole(200, body));
  try {
    await project({}, async ({ assay }) => {
      const ended = await assay(['models', '--base-url', server.url], { GEMINI_API_KEY: 'a-key-of-a-test' });
      expect(ended.stdout).toBe('');
      expect(ended.stderr).toContain(
        `error[models-not-listed]: the models could not be listed: ${message}\n`,
      );
      expect(ended.stderr).toContain('= help: what answered may not be the Gemini API: check the base URL');
      expect(ended.code).toBe(3);
    });
  } finally {
    await server.close();
  }
});

test.for(['', 'run', 'validate', 'plan', 'report', 'judge', 'merge', 'emulator', 'models', 'schema'])(
  '%s --help has an example',
  (command) =>
    project({}, async ({ assay }) => {
      const { code, stdout } = await assay([...(command === '' ? [] : [command]), '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}assay /);
    }),
);

test('rejects an impossible folder at once, before the first call', (context) => {
  context.skip(!existsSync('/proc/self'));
  return project(files, async ({ assay }) => {
    const ended = await assay('run --emulator --reports /proc/assay/reports');
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error[unwritable-reports]: the report folder /proc/assay/reports is not writable: no folder can be made there (ENOENT)\n  = help: name another with --reports DIR\n',
    });
  });
});

/** What the README and the pages of docs/ say, tried. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project } from './project.ts';

const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const readme = text('README.md');
const language = text('docs/language.md');
const assertions = text('docs/assertions.md');
const commands = text('docs/commands.md');

test('the first suite of the README prints what the README shows', () =>
  project({ 'story.suite.yaml': /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '' }, async ({ assay }) => {
    expect(await assay('validate story.suite.yaml')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await assay('run story.suite.yaml --emulator');
    expect(code).toBe(1);
    const [, shown = ''] = /```\n(┌[\s\S]*?)```/.exec(readme) ?? [];
    const lines = shown.trim().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) if (!line.endsWith(' s │')) expect(stdout).toContain(line.replace(/ …$/, ''));
  }));

test('the program prints the verdicts of that suite', () => {
  const [, program = ''] = /```js\n(import \{ createSession[\s\S]*?)```/.exec(readme) ?? [];
  const [, suite = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  return project({ 'verdicts.mjs': program, 'story.suite.yaml': suite }, async ({ folder }) => {
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(root, path.join(folder, 'node_modules/prompt-assay'), 'dir');
    const { GEMINI_API_KEY: _a, GOOGLE_API_KEY: _b, GOOGLE_GEMINI_BASE_URL: _c, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ['verdicts.mjs'], { cwd: folder, env });
    expect(stdout.trim().split('\n')).toEqual(
      ['failed stays on topic / a lantern', 'passed stays on topic / backpack'].flatMap((row) =>
        ['careful', 'plain'].map((config) => `${row} / story / ${config}`),
      ),
    );
  });
});

test('every kind has a row, and its example is valid', () => {
  expect([...assertions.matchAll(/^\| `(\w+)` \| `/gm)].length).toBeGreaterThan(25);
});

test('the example suite is valid without warnings and runs', () =>
  project(
    { 'suites/a.suite.yaml': /```yaml\n(# yaml[\s\S]*?)```/.exec(language)?.[1] ?? '' },
    async ({ assay, results }) => {
      expect(await assay('validate')).toMatchObject({ code: 0, stderr: '' });
      const { code, stderr } = await assay('run --emulator');
      expect([0, 1], stderr).toContain(code);
      expect(results('magic-backpack').summary).toMatchObject({ errored: 0, cases: 8 });
    },
  ));

test('the second suite is valid without warnings and runs', () => {
  return project(
    {
      'suites/a.suite.yaml': /```yaml\n(suite: tide-report[\s\S]*?)```/.exec(language)?.[1] ?? '',
      'suites/shared/tide.md': 'When is high tide in {{env.CITY}} in {{month}}?\n',
      'suites/shared/months.jsonl':
        '{"month":"May","assert":[{"length":{"words":{"min":1}}}]}\n{"month":"June"}\n',
      'suites/shared/checks.yaml': '- length: { chars: { min: 1 } }\n',
    },
    async ({ assay, results }) => {
      const env = { CITY: 'Bergen' };
      expect(await assay('validate', env)).toMatchObject({ code: 0, stderr: '' });
      const { code, stderr } = await assay('run --emulator', env);
      expect([0, 1], stderr).toContain(code);
      expect(results('tide-report').summary).toMatchObject({ errored: 0, skipped: 2, cases: 6 });
    },
  );
});

test('accepts the script and the prices', () => {
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(assertions) ?? [];
  const [, assert = ''] = /```yaml\n(assert:\n {2}- script[\s\S]*?)```/.exec(assertions) ?? [];
  const [, prices = ''] = /```yaml\n(prices:[\s\S]*?)```/.exec(assertions) ?? [];
  const suite = `suite: a\nmodel: gemini-3.8-flash\nvars: { rhyme: a boat }\nprompts: { p: 'Say {{rhyme}}.' }\n`;
  return project(
    { 'a.suite.yaml': `${suite}${prices}${assert}`, 'checks/rhymes.mjs': script },
    async ({ assay, read }) => {
      const ended = await assay('run a.suite.yaml --emulator');
      expect([0, 1], ended.stderr).toContain(ended.code);
      expect(read('reports/a.json')).toMatch(/does not end in a boat|checks\/rhymes\.mjs returned true/);
    },
  );
});

test('every command of the table exists', () =>
  project({}, async ({ assay }) => {
    const { stdout } = await assay('--help');
    const named = [...commands.matchAll(/^\| `assay (\w+)/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThanOrEqual(7);
    for (const name of named) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  }));

test('every option and message of the page about running exists', () =>
  project({}, async ({ assay }) => {
    const page = readFileSync(path.join(root, 'docs/running.md'), 'utf8');
    const { stdout } = await assay('run --help');
    const options = [...page.matchAll(/`[^`\n]*(--[a-z-]+)/g)].map(([, name = '']) => name);
    expect(new Set(options).size).toBeGreaterThanOrEqual(10);
    for (const name of options) expect(stdout, name).toContain(`  ${name} `);
    const sources = ['src/commands/program.ts', 'src/engine/reports.ts']
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('');
    for (const [, code = ''] of page.matchAll(/`error\[([\w-]+)\]`/g)) expect(sources).toContain(`'${code}'`);
    const [example = ''] = /(?<=```json\n)[^]*?(?=```)/.exec(page) ?? [];
    expect(Object.keys(JSON.parse(example) as object)).toEqual(['trial', 'attempts', 'waitedMs', 'retried']);
  }));

test('the named files exist', () => {
  for (const [, file = ''] of readme.matchAll(/`((?:docs|schemas|suites|reports\/sample)\/[\w./-]*)`/g))
    expect(() => readFileSync(path.join(root, file), { flag: 'r' }), file).not.toThrow(/ENOENT/);
});

test('sends the key of an .env file only as a header', async () => {
  const command = /node --env-file=\.env dist\/cli\.js run (\S+)/.exec(commands);
  expect(command?.[1]).toBe('suites/text.suite.yaml');
  const key = 'AIza-planted-key-of-a-test-0123456789';
  const requests: { url: string; key: unknown }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', key: request.headers['x-goog-api-key'] });
    response.setHeader('content-type', 'application/json');
    response.end('{"candidates":[{"content":{"parts":[{"text":"Hi."}]},"finishReason":"STOP"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/prefix`;
    await project({ '.env': `GEMINI_API_KEY=${key}\nGOOGLE_GEMINI_BASE_URL=${base}\n` }, async (mine) => {
      mine.write(
        'suites/text.suite.yaml',
        'suite: text\nmodel: m\nprompts: { p: Say hi. }\nassert: [ { contains: Hi } ]\n',
      );
      const { GEMINI_API_KEY: _a, GOOGLE_API_KEY: _b, GOOGLE_GEMINI_BASE_URL: _c, ...env } = process.env;
      const said = await new Promise<string>((resolve, reject) => {
        const args = ['--env-file=.env', path.join(root, 'dist/cli.js'), 'run', 'suites/text.suite.yaml'];
        execFile(process.execPath, args, { cwd: mine.folder, env }, (error, stdout, stderr) =>
          error ? reject(error) : resolve(stdout + stderr),
        );
      });
      expect(requests).toEqual([{ url: '/some/prefix/v1beta/models/m:generateContent', key }]);
      expect(said).not.toContain('planted');
      for (const name of readdirSync(path.join(mine.folder, 'reports')))
        expect(mine.read(`reports/${name}`), name).not.toContain('planted');
    });
  } finally {
    server.close();
  }
});

/** The tarball installs in an empty folder and runs a suite there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assay, inFolder, root } from './assay.ts';

test('npm pack gives a working package', async () => {
  await inFolder(async (folder) => {
    const npm = (args: string[], cwd: string): void => void execFileSync('npm', args, { cwd, stdio: 'pipe' });
    // Packs the tested build; prepare would rewrite dist/ while other tests use it.
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
    npm(
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--offline', path.join(folder, tarball)],
      folder,
    );
    expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'prompt-assay',
    ]);
    const installed = path.join(folder, 'node_modules/prompt-assay');
    for (const name of ['suite', 'results', 'run'])
      expect(existsSync(path.join(installed, `schemas/${name}.schema.json`)), name).toBe(true);
    expect(existsSync(path.join(folder, 'node_modules/.bin/assay'))).toBe(true);
    expect(existsSync(path.join(installed, 'dist/THIRD_PARTY_LICENSES.txt'))).toBe(true);
    expect(deadPaths(installed)).toEqual([]);
    writeFileSync(
      path.join(folder, 'hello.suite.yaml'),
      'suite: hello\nmodel: gemini-3.8-flash\nprompts:\n  story: Write a story about a magic backpack.\nassert:\n  - finishReason: STOP\n  - json: {}\n',
    );
    writeFileSync(
      path.join(folder, 'library.mjs'),
      `import { createSession } from 'prompt-assay';
import { startEmulator } from 'prompt-assay/emulator';
const emulator = await startEmulator();
const session = createSession({ cwd: process.cwd(), env: { GEMINI_API_KEY: 'any' } });
const { exitCode } = await session.run({ paths: ['hello.suite.yaml'], baseUrl: emulator.url, reports: 'library' });
await session.close();
await emulator.close();
console.log(exitCode);
`,
    );
    expect(execFileSync(process.execPath, ['library.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('1\n');
    for (const name of ['index', 'emulator/index'])
      expect(existsSync(path.join(installed, `dist/types/${name}.d.ts`)), name).toBe(true);
    const ended = await assay(['run', 'hello.suite.yaml', '--emulator'], {
      cwd: folder,
      cli: path.join(folder, 'node_modules/.bin/assay'),
    });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toContain('hello.suite.yaml:7:');
    expect(existsSync(path.join(folder, 'reports/index.html'))).toBe(true);
    const readme = readFileSync(path.join(installed, 'README.md'), 'utf8');
    const [, command = ''] = /^npx assay (run node_modules.*)$/m.exec(readme) ?? [];
    const examples = await assay([...command.split(' '), '--reports', 'examples'], {
      cwd: folder,
      cli: path.join(folder, 'node_modules/.bin/assay'),
    });
    expect(examples, examples.stderr).toMatchObject({ code: 0 });
  });
});

/** What its pages name as part of the package, and is not there: relative links, and paths in code that begin with a folder of ours. */
function deadPaths(installed: string): string[] {
  const pages = ['README.md', ...readdirSync(path.join(installed, 'docs')).map((name) => `docs/${name}`)];
  const dead: string[] = [];
  let named = 0;
  for (const page of pages.filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(path.join(installed, page), 'utf8');
    const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) =>
      path.join(path.dirname(page), link),
    );
    const paths =
      page === 'README.md'
        ? [...text.matchAll(/`((?:dist|docs|schemas|suites|reports\/sample)\/[\w./-]*)`/g)].map(
            ([, name = '']) => name,
          )
        : [];
    for (const name of [...links, ...paths]) {
      named++;
      if (!existsSync(path.join(installed, name))) dead.push(`${page}: ${name}`);
    }
  }
  expect(named).toBeGreaterThan(15);
  return dead;
}

test('lists bundled packages with their licences, and each dependency with its reason', () => {
  const listed = readFileSync(path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8').split(
    `\n${'-'.repeat(80)}\n\n`,
  );
  const names = listed.map(
    (notice) => /^(?:Packages bundled[^\n]*\n\n)?(\S+) \d+\.\d+/.exec(notice)?.[1] ?? notice,
  );
  for (const notice of listed) expect(notice, notice.slice(0, 40)).toMatch(/permission|licen[cs]e/i);
  for (const notice of listed) expect(notice.length, notice.slice(0, 40)).toBeGreaterThan(400);
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const decision = readFileSync(path.join(root, 'docs/decisions/0001-run-time-packages.md'), 'utf8');
  const reasons = [...decision.matchAll(/^\| ([@\w/-]+) \| \S/gm)].map(([, name = '']) => name);
  expect(reasons.toSorted()).toEqual(
    // A package may be there in two versions.
    ['package', ...new Set(names.filter((name) => name in devDependencies))].toSorted(),
  );
});

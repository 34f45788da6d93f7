/** The examples of docs/library.md, run as a user's program would with the built package; and its types, as a user's compiler reads them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../e2e/assay.ts';
import { writeFiles } from '../suites.ts';

const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');

/** Blocks under the name of their file, each with the text that it prints where that follows. */
const blocks = [
  ...page.matchAll(/`([\w./-]+)`:\n\n```(yaml|js)\n([^]*?)```\n(?:\nIt prints:\n\n```text\n([^]*?)```)?/g),
].map(([, name = '', language = '', text = '', prints]) => ({ name, language, text, prints }));
const programs = blocks.filter(({ language }) => language === 'js');

/** A project that has the package installed. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = writeFiles(files);
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/prompt-assay'), 'dir');
  return folder;
}

const run = promisify(execFile);

/** What a program prints; it may end with any exit code. */
async function printed(folder: string, name: string): Promise<string> {
  const { CI: _, ...env } = process.env;
  const ended = await run(process.execPath, [name], { cwd: folder, env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(ended.stderr).toBe('');
  return ended.stdout;
}

test('every program shows its output', () => {
  expect(programs.length).toBeGreaterThan(5);
  expect(programs.filter(({ prints }) => prints === undefined)).toEqual([]);
});

test.concurrent.for(programs)(
  '$name',
  { timeout: 60_000 },
  async ({ name, text, prints }, { expect: holds }) => {
    const files = blocks.filter(({ language }) => language === 'yaml').map((each) => [each.name, each.text]);
    const folder = project({ ...(Object.fromEntries(files) as Record<string, string>), [name]: text });
    holds(await printed(folder, name)).toBe(prints);
  },
);

test('documents every export', async () => {
  const index = readFileSync(path.join(root, 'src/index.ts'), 'utf8');
  const types = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const library = (await import(path.join(root, 'dist/index.js'))) as object;
  const emulator = (await import(path.join(root, 'dist/emulator.js'))) as object;
  const named = [...Object.keys(library), ...Object.keys(emulator), ...types, 'EmulatorOptions', 'Emulator'];
  expect(named.length).toBeGreaterThan(20);
  for (const name of named) expect(page, name).toMatch(new RegExp(`\\b${name}\\b`));
});

test('the published types pass a strict compiler', { timeout: 120_000 }, async () => {
  const folder = project({
    'package.json': '{ "type": "module" }',
    'use.ts': `import { createSession, type PlainCase, type RunOutcome, type SessionEvent } from 'prompt-assay';
import { startEmulator, type Emulator } from 'prompt-assay/emulator';

const emulator: Emulator = await startEmulator({ port: 0 });
const on = (event: SessionEvent): number => (event.type === 'progress' ? event.progress.done : 0);
const session = createSession({ cwd: process.cwd(), env: process.env, on });
const outcome: RunOutcome = await session.run({ paths: ['suites'], baseUrl: emulator.url, concurrency: 'auto' });
const first: PlainCase | undefined = (await outcome.results.suites[0]?.cases().next())?.value;
const verdict: 'passed' | 'failed' | 'errored' | 'skipped' | 'inconclusive' | undefined = first?.verdict;
// @ts-expect-error A verdict is one of five words.
const wrong: 'good' | undefined = first?.verdict;
console.log(verdict, wrong, outcome.comparison?.counts.fixed);
`,
  });
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        target: 'es2023',
        noEmit: true,
        skipLibCheck: false,
        types: ['node'],
        typeRoots: [path.join(root, 'node_modules/@types')],
      },
      files: ['use.ts'],
    }),
  );
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

/** The examples of docs/emulator.md: scripts, programs, curl calls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { during, readText } from './serve.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/emulator.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1] ?? '');

async function run(command: string, args: string[], cwd = root): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, NO_PROXY: '127.0.0.1' } });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  await once(child, 'close');
  return Buffer.concat(said).toString();
}

test('every script has no errors', async () => {
  expect(blocks('yaml').length).toBeGreaterThan(0);
  for (const yaml of blocks('yaml')) expect((await readText(yaml)).found).toEqual([]);
});

test('every program in JavaScript runs', async () => {
  expect(blocks('js').length).toBe(2);
  await during({}, async ({ url }) => {
    for (const program of blocks('js')) {
      // Among the tests, so that it finds the library that is installed for them.
      const folder = mkdtempSync(path.join(import.meta.dirname, '.page-'));
      const file = path.join(folder, 'program.mjs');
      writeFileSync(
        file,
        program
          .replace('@google/genai', 'genai-2')
          .replace('http://127.0.0.1:8080', url)
          .replace('node_modules/prompt-assay', root.replaceAll('\\', '/')),
      );
      try {
        expect(await run(process.execPath, [file], folder)).toContain('magic backpack');
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });
});

test('the Python program sends the same request as the JavaScript one, and runs if its library is installed', async () => {
  const [python = '', ...more] = blocks('python');
  const [javascript = ''] = blocks('js');
  expect(more).toEqual([]);
  const texts = (program: string): string[] =>
    [...program.matchAll(/["'](gemini-[^"']+|http:[^"']+|Write [^"']+)["']/g)]
      .map((match) => match[1] ?? '')
      .toSorted();
  expect(texts(python)).toEqual(texts(javascript));
  expect(texts(python)).toHaveLength(3);
  if (!(await run('sh', ['-c', 'python3 -c "import google.genai; print(1)" 2>/dev/null']))) return;
  await during({}, async ({ url }) => {
    const said = await run('python3', ['-c', python.replace('http://127.0.0.1:8080', url)]);
    expect(said).toContain('magic backpack');
  });
});

test('every link has a target', () => {
  const places = [...page.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '').toLowerCase().replaceAll(' ', '-'),
  );
  expect(places.length).toBeGreaterThan(5);
  for (const place of places)
    if (place.startsWith('#')) expect(headings).toContain(place.slice(1));
    else expect(existsSync(path.join(root, 'docs', place)), place).toBe(true);
});

test('the page names all options and faults, and no others', async () => {
  const help = await run(process.execPath, [path.join(root, 'dist/cli.js'), 'emulator', '--help']);
  const named = [...page.matchAll(/`--(\w+)/g)].map((match) => match[1] ?? '');
  const options = [...help.matchAll(/--(\w+)/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'help');
  expect(new Set(named.filter((name) => name !== 'emulator'))).toEqual(new Set(options));
  const { found } = await readText('replies: [ { fault: none } ]');
  for (const fault of (found[0]?.help ?? '').replace('the faults are ', '').split(', '))
    expect(page).toContain(`| \`${fault}\` |`);
});

test('every call with curl is answered', async (context) => {
  const calls = blocks('bash').filter((block) => block.startsWith('curl'));
  expect(calls.length).toBeGreaterThan(0);
  if (!process.env.CI && !(await run('sh', ['-c', 'command -v curl']))) context.skip('there is no curl here');
  await during({}, async ({ url }) => {
    for (const call of calls) {
      const said = await run('sh', ['-c', call.replaceAll('http://127.0.0.1:8080', url)]);
      expect(said.match(/"finishReason": "STOP"/g)).toHaveLength(2);
    }
  });
});

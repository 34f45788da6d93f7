/** The page about the emulator: its scripts are read, its programs run, its calls answered. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { during, readText } from './serve.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/emulator.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1] ?? '');

async function run(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, NO_PROXY: '127.0.0.1' } });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  await once(child, 'close');
  return Buffer.concat(said).toString();
}

test('every script is sound', async () => {
  expect(blocks('yaml').length).toBeGreaterThan(0);
  for (const yaml of blocks('yaml')) expect((await readText(yaml)).found).toEqual([]);
});

test('every program runs', async () => {
  expect(blocks('js').length).toBeGreaterThan(0);
  await during({}, async ({ url }) => {
    for (const program of blocks('js')) {
      // Beside the tests, so that it finds the library that is installed for them.
      const file = path.join(import.meta.dirname, `.page-${process.pid}.mjs`);
      writeFileSync(file, program.replace('@google/genai', 'genai-2').replace('http://127.0.0.1:8080', url));
      try {
        expect(await run(process.execPath, [file])).toContain('magic backpack');
      } finally {
        rmSync(file);
      }
    }
  });
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

/**
 * Command cases as folders: the files a user has, `args` (one a line), and the exact stdout, stderr and exit code.
 * `setup.mjs` makes what a repository cannot hold (links, large files). ASSAY_UPDATE=1 writes what came out, for review.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inProcess, start } from '../e2e/assay.ts';

const cases = path.join(import.meta.dirname, 'cases');

let server: Server;
let requests = 0;
let url = '';

beforeAll(async () => {
  server = createServer((_, response) => {
    requests++;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterAll(() => void server.close());

function expected(folder: string, name: string, actual: string): string {
  const file = path.join(folder, name);
  if (process.env.ASSAY_UPDATE) {
    if (actual === '') rmSync(file, { force: true });
    else writeFileSync(file, actual);
  }
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test.for(readdirSync(cases))('%s', async (name) => {
  const folder = path.join(cases, name);
  const work = mkdtempSync(path.join(os.tmpdir(), 'assay-cli-'));
  try {
    cpSync(folder, work, {
      recursive: true,
      filter: (source) =>
        !['args', 'stdout', 'stderr', 'exit', 'setup.mjs'].includes(path.relative(folder, source)),
    });
    const setup = path.join(folder, 'setup.mjs');
    if (existsSync(setup)) execFileSync(process.execPath, [setup], { cwd: work });
    const args = readFileSync(path.join(folder, 'args'), 'utf8').trimEnd().split('\n');
    requests = 0;
    // A module with a syntax error reads differently where Vitest loads it.
    const run = name === 'reporter-syntax' ? start : inProcess;
    const ended = await run(
      args.map((arg) => arg.replace('{{server}}', url)),
      { cwd: work },
    );
    const exit = expected(folder, 'exit', `${ended.code}\n`);
    expect(ended.stderr).toBe(expected(folder, 'stderr', ended.stderr));
    expect(ended.stdout).toBe(expected(folder, 'stdout', ended.stdout));
    expect(`${ended.code}\n`).toBe(exit);
    expect(requests).toBe(0);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

/**
 * Command cases as folders: the files that a user has, `args` (one a line), and what comes out.
 * `exit` is the exit code. A case with `codes` fixes the code and place of each diagnostic, one a line; any other case
 * fixes the whole `stderr` and `stdout`. A missing file means no output.
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
const ofTheCase = ['args', 'codes', 'exit', 'setup.mjs', 'stderr', 'stdout'];

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

/** Each diagnostic of a text of stderr, with all its lines. */
function diagnosticsIn(text: string): string[] {
  return text.split(/^(?=(?:error|warning)\[)/m).filter((piece) => /^(?:error|warning)\[/.test(piece));
}

/** `error[unknown-key] a.suite.yaml:3:1` for each diagnostic. */
function codesIn(text: string): string {
  return diagnosticsIn(text)
    .map((diagnostic) => {
      const [, head = ''] = /^(\w+\[[^\]]*\])/.exec(diagnostic) ?? [];
      const [, place] = /^[^\n]*\n *--> (.*)/.exec(diagnostic) ?? [];
      return `${head}${place === undefined ? '' : ` ${place}`}\n`;
    })
    .join('');
}

function expectFile(folder: string, name: string, actual: string): void {
  const file = path.join(folder, name);
  if (process.env.ASSAY_UPDATE) {
    if (actual === '') rmSync(file, { force: true });
    else writeFileSync(file, actual);
  }
  expect(actual).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
}

test.for(readdirSync(cases))('%s', async (name) => {
  const folder = path.join(cases, name);
  const work = mkdtempSync(path.join(os.tmpdir(), 'assay-cli-'));
  try {
    cpSync(folder, work, {
      recursive: true,
      filter: (source) => !ofTheCase.includes(path.relative(folder, source)),
    });
    const setup = path.join(folder, 'setup.mjs');
    if (existsSync(setup)) execFileSync(process.execPath, [setup], { cwd: work });
    const args = readFileSync(path.join(folder, 'args'), 'utf8').trimEnd().split('\n');
    requests = 0;
    // A module with a syntax error reads differently where Vitest loads it.
    const run = name === 'reporter-syntax' ? start : inProcess;
    const { code, stderr, stdout } = await run(
      args.map((arg) => arg.replace('{{server}}', url)),
      { cwd: work },
    );
    if (existsSync(path.join(folder, 'codes'))) expectFile(folder, 'codes', codesIn(stderr));
    else {
      expectFile(folder, 'stderr', stderr);
      expectFile(folder, 'stdout', stdout);
    }
    expectFile(folder, 'exit', `${code}\n`);
    expect(requests).toBe(0);
    const errors = diagnosticsIn(stderr).filter((one) => /^error\[(?!usage\])/.test(one));
    expect(errors.filter((error) => !/^ *= help: \S/m.test(error))).toEqual([]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

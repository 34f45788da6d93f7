/** What the rows of the bench need: a folder, suites, and a server in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
export const cli = path.join(root, 'dist/cli.js');
export const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-bench-'));

/** A suite of so many cases with three assertions each, its rows in a CSV file; gives its path. */
export function writeSuite(name: string, cases: number): string {
  const file = path.join(folder, `${name}.suite.yaml`);
  const rows = Array.from({ length: cases }, (_, i) => `object ${i}`).join('\n');
  writeFileSync(path.join(folder, `${name}.csv`), `object\n${rows}\n`);
  writeFileSync(
    file,
    `suite: ${name}
model: gemini-3.8-flash
prompts:
  story: Write a story about {{object}}.
tests:
  - name: stories
    data: ${name}.csv
    row: "{{object}}"
    assert:
      - contains: backpack
      - finishReason: STOP
      - tokens: { candidates: { max: 800 } }
`,
  );
  return file;
}

export interface Served {
  readonly url: string;
  readonly stop: () => void;
}

/** A server that gives one fixed reply after so many ms. */
export async function serve(delay: number): Promise<Served> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'bench/server.ts'), String(delay)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${line.toString().trim()}`, stop: () => void child.kill() };
}

/** The emulator, as users start it. */
export async function serveEmulator(args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [cli, 'emulator', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0];
  if (url === undefined) throw new Error(`the emulator did not say where it listens: ${line.toString()}`);
  return { url, stop: () => void child.kill() };
}

/** The arguments of a live run of a suite against a server. */
export function runArgs(suite: string, url: string, ...more: string[]): string[] {
  return [cli, 'run', suite, '--base-url', url, '--reports', path.join(folder, 'reports'), ...more];
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a user would, without a key in its environment unless one is given. */
export function assay(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; cli?: string } = {},
): Promise<Ended> {
  const {
    GEMINI_API_KEY: _a,
    GOOGLE_API_KEY: _b,
    GOOGLE_GEMINI_BASE_URL: _c,
    FORCE_COLOR: _d,
    ...env
  } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.cli ?? path.join(root, 'dist/cli.js'), ...args], {
      cwd: options.cwd ?? root,
      env: { ...env, NO_COLOR: '1', ...options.env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** A folder of its own for one test, removed after it. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-e2e-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

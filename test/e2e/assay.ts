import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultsOfReports } from './check-reports.ts';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command as a user would, without a key in its environment unless one is given. Every report that it
 * writes is checked by the schema of its format.
 */
export async function assay(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; cli?: string } = {},
): Promise<Ended> {
  const ended = await start(args, options);
  if (['run', 'report', 'judge', 'merge'].includes(args[0] ?? '')) {
    const faults = await faultsOfReports(path.resolve(options.cwd ?? root, reportsOf(args)));
    if (faults.length > 0)
      throw new Error(`invalid reports of assay ${args.join(' ')}:\n${faults.join('\n')}`);
  }
  return ended;
}

/** The folder that a command line writes its reports to. */
function reportsOf(args: readonly string[]): string {
  const given = args.indexOf('--reports');
  if (given !== -1) return args[given + 1] ?? 'reports';
  const [command = '', journal] = args;
  if (command === 'run' || command === 'merge') return 'reports';
  const named = journal !== undefined && !journal.startsWith('-') ? journal : 'reports';
  const folder = named.endsWith('.jsonl') ? path.dirname(named) : named;
  return command === 'judge' ? path.join(folder, 'judged') : folder;
}

function start(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; cli?: string },
): Promise<Ended> {
  const {
    GEMINI_API_KEY: _a,
    GOOGLE_API_KEY: _b,
    GOOGLE_GEMINI_BASE_URL: _c,
    FORCE_COLOR: _d,
    // What a test sees must not hang on where it runs.
    GITHUB_ACTIONS: _e,
    GITHUB_STEP_SUMMARY: _f,
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

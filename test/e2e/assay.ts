import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../../src/commands/program.ts';
import type { Output } from '../../src/commands/output.ts';
import { redact } from '../../src/lib/redact.ts';
import { createScope } from '../../src/lib/scope.ts';
import { problemsInReports } from './check-reports.ts';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The built command, run in a process of its own: for tests about the process itself. */
  readonly cli?: string;
}

export const builtCli = path.join(root, 'dist/cli.js');

/** Variables that Node itself reads at its start. */
const ofNode = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

/**
 * Runs a command as a user would, without a key in its environment unless one is given. Every report that it writes is
 * checked by the schema of its format. It runs in this process, unless `cli` is given or a variable is for Node.
 */
export async function assay(args: readonly string[], options: Surroundings = {}): Promise<Ended> {
  const spawns = options.cli !== undefined || ofNode.some((name) => options.env?.[name] !== undefined);
  const ended = await (spawns ? start(args, options) : inProcess(args, options));
  if (['run', 'report', 'judge', 'merge'].includes(args[0] ?? '')) {
    const problems = await problemsInReports(path.resolve(options.cwd ?? root, reportsOf(args)));
    if (problems.length > 0)
      throw new Error(`invalid reports of assay ${args.join(' ')}:\n${problems.join('\n')}`);
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

/** Runs a command in this process, with an environment and output of its own. */
export async function inProcess(
  args: readonly string[],
  { cwd = root, env = {} }: Surroundings,
): Promise<Ended> {
  const environment = { ...cleanEnv(), ...env };
  const scope = createScope(environment);
  const texts = { out: '', err: '' };
  const capture = (to: keyof typeof texts): Output => ({
    write: (text) => void (texts[to] += scope.run(() => redact(text))),
    failure: () => Promise.resolve(undefined),
    isTTY: false,
    columns: undefined,
  });
  const code = await runCommand({
    cwd,
    env: environment,
    scope,
    argv: args,
    out: capture('out'),
    err: capture('err'),
  });
  return { code, stdout: texts.out, stderr: texts.err };
}

/** The environment of a user who has no key, wherever the tests run. */
function cleanEnv(): NodeJS.ProcessEnv {
  const {
    GEMINI_API_KEY: _a,
    GOOGLE_API_KEY: _b,
    GOOGLE_GEMINI_BASE_URL: _c,
    FORCE_COLOR: _d,
    GITHUB_ACTIONS: _e,
    GITHUB_STEP_SUMMARY: _f,
    ...env
  } = process.env;
  return { ...env, NO_COLOR: '1' };
}

export function start(args: readonly string[], options: Surroundings): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.cli ?? builtCli, ...args], {
      cwd: options.cwd ?? root,
      env: { ...cleanEnv(), ...options.env },
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

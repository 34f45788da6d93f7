/** Standard output that takes nothing more, or that nobody reads. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project } from './project.ts';

const files = {
  'suites/a.suite.yaml': `suite: a
model: gemini-3.8-flash
prompts: { p: "Tell of {{n}}." }
tests: [ { name: t, data: rows.csv, row: "{{n}}", assert: [ { length: { chars: { min: 1 } } } ] } ]
`,
  'suites/rows.csv': `n\n${Array.from({ length: 200 }, (_, index) => 1000 + index).join('\n')}\n`,
};
const cli = `'${process.execPath}' '${path.join(root, 'dist/cli.js')}'`;

/** Runs a line of bash in which `assay` is the built command. */
function bash(folder: string, line: string): { status: number | null; stdout: string; stderr: string } {
  const { GEMINI_API_KEY: _a, GOOGLE_API_KEY: _b, GITHUB_ACTIONS: _c, ...env } = process.env;
  return spawnSync('bash', ['-c', `assay() { ${cli} "$@"; }\n${line}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
}

const full = 'error[output-not-written]: standard output could not be written: the disk is full (ENOSPC)\n';

test.for(['plan', '--help', 'schema', 'run --help'])('a full disk: %s', (command, context) => {
  context.skip(!existsSync('/dev/full'));
  return project(files, async ({ folder }) => {
    const { status, stderr } = bash(folder, `assay ${command} > /dev/full`);
    expect(stderr).toBe(`${full}  = help: free some space where the output goes\n`);
    expect(status).toBe(3);
  });
});

test('a full disk: --version', (context) => {
  context.skip(!existsSync('/dev/full'));
  return project({}, async ({ folder }) => {
    const { status, stderr } = bash(folder, 'assay --version > /dev/full');
    expect(stderr).toBe('error[output-not-written]: standard output could not be written: ENOSPC\n');
    expect(status).toBe(3);
  });
});

test('a full disk: a run writes its reports and unlocks its folder', (context) => {
  context.skip(!existsSync('/dev/full'));
  return project(files, async ({ folder }) => {
    const { status, stderr } = bash(folder, 'assay run --emulator > /dev/full');
    expect(stderr).toBe(`${full}  = help: the reports are written; --quiet prints no summary\n`);
    expect(status).toBe(3);
    expect(readdirSync(path.join(folder, 'reports')).toSorted()).toEqual([
      'a.json',
      'index.html',
      'journal.jsonl',
      'junit.xml',
      'run.json',
    ]);
    expect(bash(folder, 'assay run --emulator --quiet > /dev/full').status).toBe(0);
  });
});

test('an error that cannot be printed keeps its exit code', (context) => {
  context.skip(!existsSync('/dev/full'));
  return project(files, async ({ folder }) => {
    expect(bash(folder, 'assay run --emulator 2> /dev/full').status).toBe(0);
    expect(bash(folder, 'assay run nothing 2> /dev/full').status).toBe(2);
  });
});

test('a slow reader gets all output from a non-blocking pipe', () =>
  project(files, async ({ folder }) => {
    // Node's stream makes the pipe so, for all that write to it.
    const waitless = `'${process.execPath}' -e 'process.stdout; setTimeout(() => {}, 60_000)' & sleep 0.5`;
    const slow = bash(folder, `(${waitless}; assay schema; echo "ended with $?"; kill %1) | (sleep 1; cat)`);
    expect(slow.stderr).toBe('');
    expect(slow.stdout).toBe(`${bash(folder, 'assay schema').stdout}ended with 0\n`);
    // More than a pipe holds.
    expect(slow.stdout.length).toBeGreaterThan(100_000);
  }));

test.for(['plan', 'run --emulator', 'schema', '--help', '--version'])(
  'a reader that stops reading does not break the command: %s',
  (command) =>
    project(files, async ({ folder }) => {
      for (const reader of ['head -1', 'true']) {
        const { stderr, stdout } = bash(folder, `assay ${command} | ${reader}; echo "\${PIPESTATUS[0]}"`);
        expect(stderr, reader).toBe('');
        expect(stdout, reader).toMatch(/(^|\n)0\n$/);
      }
    }),
);

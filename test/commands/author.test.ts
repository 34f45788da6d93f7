import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { project } from '../e2e/project.ts';

describe('init', () => {
  it('writes a suite that passes on the emulator', () =>
    project({}, async ({ assay, read }) => {
      const written = await assay('init --yes');
      expect(written.code).toBe(0);
      expect(written.stdout).toContain('wrote suites/first.suite.yaml');
      expect(read('.gitignore')).toBe('reports/\n.assay/\n');
      const checked = await assay('validate');
      expect(checked).toMatchObject({ code: 0, stderr: '' });
      const ended = await assay('run --emulator');
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain('6 passed');
    }));

  it('keeps what is there', () =>
    project(
      { 'suites/first.suite.yaml': 'mine', '.gitignore': 'node_modules\n/reports' },
      async ({ assay, read }) => {
        const written = await assay('init --yes');
        expect(written.code).toBe(0);
        expect(written.stdout).toContain('kept  suites/first.suite.yaml (it exists)');
        expect(read('suites/first.suite.yaml')).toBe('mine');
        expect(read('.gitignore')).toBe('node_modules\n/reports\n.assay/\n');
        await assay('init --yes');
        expect(read('.gitignore')).toBe('node_modules\n/reports\n.assay/\n');
      },
    ));

  test.for([
    ['github', '.github/workflows/assay.yml'],
    ['gitlab', '.gitlab-ci.yml'],
  ])('writes a workflow for %s that takes the key from a secret', ([service = '', file = '']) =>
    project({}, async ({ assay, read }) => {
      expect((await assay(`init --yes --ci ${service} --model models/gemini-3.1-pro-preview sub`)).code).toBe(
        0,
      );
      expect(read(`sub/${file}`)).toContain('assay run');
      expect(read('sub/suites/first.suite.yaml')).toContain('\nmodel: gemini-3.1-pro-preview\n');
    }),
  );

  test.for(['init --yes --ci circle', 'init --yes --model a/b/c'])('refuses %s', (line) =>
    project({}, async ({ assay, folder }) => {
      expect((await assay(line)).code).toBe(2);
      expect(existsSync(path.join(folder, 'suites'))).toBe(false);
    }),
  );
});

describe('demo', () => {
  it('shows a regression being caught', () =>
    project({}, async ({ assay }) => {
      const { code, stdout } = await assay('demo');
      const folder = /works in (\S+);/.exec(stdout)?.[1] ?? '';
      expect(code).toBe(0);
      expect(stdout).toContain('2 cases: 2 passed');
      expect(stdout).toContain('REGRESSED support: a late parcel / Bo / late (prompt changed)');
      expect(stdout).toContain('[-we are sorry: -]');
      expect(stdout.trimEnd()).toMatch(/assay init$/);
      expect(readFileSync(path.join(folder, 'reports/index.html'), 'utf8')).toContain('<html');
      rmSync(folder, { recursive: true });
    }));
});

describe('completion', () => {
  const complete = (script: string, words: readonly string[]): string[] => {
    const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _assay; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', `${script}\n${call}`, 'bash', ...words], {
      encoding: 'utf8',
    });
    return stdout.split('\n').filter(Boolean);
  };

  test.for<[line: string, expected: string[]]>([
    ['assay val', ['validate']],
    ['assay run --max-', ['--max-cost', '--max-tokens']],
    ['assay run --script ', []],
    ['assay run suites/', []],
    ['assay completion z', ['zsh']],
  ])('completes "%s" in bash', ([line, expected]) =>
    project({}, async ({ assay }) => {
      const { code, stdout } = await assay('completion bash');
      expect(code).toBe(0);
      expect(complete(stdout, line.split(' '))).toEqual(expected);
    }),
  );

  test.for(['zsh', 'fish'])('names every command and its options for %s', (shell) =>
    project({}, async ({ assay }) => {
      const { stdout } = await assay(`completion ${shell}`);
      const { stdout: help } = await assay('--help');
      const commands = [...help.matchAll(/^ {2}(\w+)(?= .*\[options\]| )/gm)].map(([, name]) => name);
      expect(commands.length).toBeGreaterThan(10);
      for (const name of commands.filter((each) => each !== 'help')) expect(stdout).toContain(name);
      expect(stdout).toContain('max-cost');
    }),
  );

  it('refuses a shell it does not know', () =>
    project({}, async ({ assay }) => {
      const { code, stderr } = await assay('completion tcsh');
      expect(code).toBe(2);
      expect(stderr).toContain('bash, zsh, fish');
    }));
});

/** The walk through a pull request in docs/regression.md, done in a git repository: files are written, commands run, output compared. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, root } from './assay.ts';

const page = readFileSync(path.join(root, 'docs/regression.md'), 'utf8');
const blocks = [...page.matchAll(/^```(yaml|console)\n([^]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({
    language,
    text,
  }),
);

interface Step {
  readonly command: string;
  readonly output: string;
}

/** `$ command` and what it prints, as the page has them. */
function stepsOf(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf('\n');
      return { command: step.slice(0, end), output: step.slice(end + 1) };
    });
}

test('the page shows what happens', () =>
  inFolder((folder) => {
    const bin = path.join(folder, '.bin');
    const work = path.join(folder, 'work');
    mkdirSync(bin);
    mkdirSync(work);
    const cli = path.join(root, 'dist/cli.js');
    writeFileSync(path.join(bin, 'assay'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
    chmodSync(path.join(bin, 'assay'), 0o755);
    const { GEMINI_API_KEY: _a, GOOGLE_API_KEY: _b, FORCE_COLOR: _c, CI: _d, ...env } = process.env;
    const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'Ada'],
      [`GIT_${role}_EMAIL`, 'ada@example.org'],
    ]);
    const sh = (command: string): string => {
      const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command], {
        cwd: work,
        encoding: 'utf8',
        env: {
          ...env,
          ...(Object.fromEntries(who) as Record<string, string>),
          PATH: `${bin}:${env.PATH}`,
          NO_COLOR: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_SYSTEM: '/dev/null',
        },
      });
      if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
      return stdout;
    };
    sh('git init --quiet --initial-branch main');
    let commands = 0;
    for (const { language, text } of blocks) {
      const name = /^# (\S+)\n/.exec(text)?.[1];
      if (language === 'yaml' && name !== undefined) {
        mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
        writeFileSync(path.join(work, name), text);
      }
      for (const { command, output } of language === 'console' ? stepsOf(text) : []) {
        commands++;
        const printed = sh(command);
        if (output.startsWith('…\n')) expect(printed.endsWith(`\n${output.slice(2)}`), printed).toBe(true);
        else expect(printed, command).toBe(output);
      }
    }
    expect(commands).toBeGreaterThanOrEqual(12);
    return Promise.resolve();
  }));

test('the tables of the page list every class and warning', async () => {
  const { classWords } = await import('../../src/compare/comparison.ts');
  for (const words of Object.values(classWords))
    expect(page).toMatch(new RegExp(`^\\|[^|]*\\b${words}\\b`, 'm'));
});

/** The tarball installs in an empty folder and runs a suite there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assay, inFolder, root } from './assay.ts';

test('npm pack gives a package that works by itself', async () => {
  await inFolder(async (folder) => {
    const npm = (args: string[], cwd: string): void => void execFileSync('npm', args, { cwd, stdio: 'pipe' });
    // The build is the one under test; prepare would write dist/ anew under the feet of tests that run beside this one.
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
    npm(
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--offline', path.join(folder, tarball)],
      folder,
    );
    const installed = path.join(folder, 'node_modules/prompt-assay');
    for (const name of ['suite', 'results', 'run'])
      expect(existsSync(path.join(installed, `schemas/${name}.schema.json`)), name).toBe(true);
    expect(existsSync(path.join(installed, 'dist/THIRD_PARTY_LICENSES.txt'))).toBe(true);
    writeFileSync(
      path.join(folder, 'hello.suite.yaml'),
      'suite: hello\nmodel: gemini-3.8-flash\nprompts:\n  story: Write a story about a magic backpack.\nassert:\n  - finishReason: STOP\n  - json: {}\n',
    );
    const ended = await assay(['run', 'hello.suite.yaml', '--emulator'], {
      cwd: folder,
      cli: path.join(installed, 'dist/cli.js'),
    });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toContain('hello.suite.yaml:7:');
    expect(existsSync(path.join(folder, 'reports/index.html'))).toBe(true);
  });
});

/** Unreadable files and folders are reported and never skipped. As root, the command runs as nobody. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './assay.ts';

const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const suite = (name: string, rest = ''): string =>
  `suite: ${name}\nmodel: m\nprompts: { p: Hello. }\nassert: [ { outcome: answered } ]\n${rest}`;
/** Node itself may lie where nobody may look. */
const runs = spawnSync(process.execPath, ['--version'], nobody).status === 0;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'assay-permissions-'));
  // Where the sources lie, others may not look.
  cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true });
  for (const name of ['closed', 'suites/sub', 'files/locked'])
    mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, 'closed/a.suite.yaml'), suite('a'));
  writeFileSync(path.join(folder, 'suites/b.suite.yaml'), suite('b'));
  writeFileSync(path.join(folder, 'suites/sub/c.suite.yaml'), suite('c'));
  writeFileSync(path.join(folder, 'files/locked/v.txt'), 'x');
  writeFileSync(path.join(folder, 'files/picture.png'), 'x');
  writeFileSync(path.join(folder, 'files/small.csv'), 'n\n1\n');
  writeFileSync(path.join(folder, 'files/large.csv'), `n\n${'12345678\n'.repeat(150_000)}`);
  writeFileSync(
    path.join(folder, 'files/d.suite.yaml'),
    [
      'suite: d',
      'model: m',
      'vars: { v: { file: locked/v.txt } }',
      'prompts: { p: [ { image: picture.png } ] }',
      'assert: [ { outcome: answered } ]',
      'tests: [ { name: s, data: small.csv }, { name: l, data: large.csv } ]',
      '',
    ].join('\n'),
  );
  for (const name of [
    'closed',
    'suites/sub',
    'files/locked',
    'files/picture.png',
    'files/small.csv',
    'files/large.csv',
  ])
    chmodSync(path.join(folder, name), 0);
  chmodSync(folder, 0o755);
});
afterAll(() => {
  for (const name of ['closed', 'suites/sub', 'files/locked']) chmodSync(path.join(folder, name), 0o755);
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32' || !runs)('without permission', () => {
  test.for<[name: string, given: string, messages: string[]]>([
    ['a folder of suites', 'closed', ['cannot read "closed": EACCES']],
    ['a folder below it', 'suites', ['cannot read "suites/sub": EACCES']],
    ['a suite', 'closed/a.suite.yaml', ['cannot read "closed/a.suite.yaml": EACCES']],
    [
      'files of a suite',
      'files/d.suite.yaml',
      [
        'cannot read "locked/v.txt": EACCES',
        'cannot read "picture.png": EACCES',
        'cannot read files/small.csv: EACCES',
        'cannot read "large.csv": EACCES',
      ],
    ],
  ])('%s', ([, given, messages]) => {
    const cli = path.join(folder, 'dist/cli.js');
    const { stderr, status } = spawnSync(process.execPath, [cli, 'validate', given], {
      ...nobody,
      cwd: folder,
      encoding: 'utf8',
      env: { NO_COLOR: '1' },
    });
    expect([...stderr.matchAll(/^error\[unreadable-file\]: (.*)$/gm)].map(([, message]) => message)).toEqual(
      messages,
    );
    if (messages.length > 1) expect(stderr).toContain(`\n\n${messages.length} errors`);
    expect(status).toBe(2);
  });
});

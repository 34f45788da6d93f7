/** No reference of a suite may leave its root: the git root; else the working directory that holds it; else its folder. */
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isInside, rootOf } from '../../src/suite/root.ts';
import { loadSuites } from '../../src/suite/load.ts';
import { codesOf, writeFiles } from '../suites.ts';

test.for<[folder: string, inner: string, inside: boolean]>([
  ['/a', '/a', true],
  ['/a', '/a/b', true],
  ['/a', '/a/..b', true],
  ['/a', '/a/...', true],
  ['/a', '/', false],
  ['/a', '/ab', false],
  ['/a', '/b/a', false],
  ['/', '/a', true],
])('%s holds %s: %s', ([folder, inner, inside]) => {
  expect(isInside(folder, inner)).toBe(inside);
});

test.for<[name: string, folders: string[], cwd: string, root: string]>([
  ['the git root', ['.git', 'project/suites'], 'project', '.'],
  ['the nearest git root', ['.git', 'project/.git', 'project/suites'], '.', 'project'],
  ['the working directory, if it holds the suite', ['project/suites'], 'project', 'project'],
  ['else the suite’s folder', ['project/suites', 'other'], 'other', 'project/suites'],
])('%s', ([, folders, cwd, root]) => {
  const base = writeFiles({});
  for (const folder of folders) mkdirSync(path.join(base, folder), { recursive: true });
  const found = rootOf(path.join(base, 'project/suites/a.suite.yaml'), path.join(base, cwd));
  expect(found).toBe(realpathSync(path.join(base, root)));
});

const suite = (reference: string): string =>
  `suite: s\nmodel: m\nprompts: { p: { file: ${reference} } }\nassert: [ { outcome: answered } ]\n`;

test.for<[name: string, reference: string, code: string | undefined]>([
  ['a file beside it', 'note.md', undefined],
  ['a file above it, inside the root', '../common.md', undefined],
  ['a file whose name begins with dots', '../..note.md', undefined],
  ['a link that stays inside', 'link.md', undefined],
  ['a file outside', '../../outside.md', 'outside-root'],
  ['a link that leads outside', 'leak.md', 'outside-root'],
  ['a file in a folder that is a link outside', 'leak/outside.md', 'outside-root'],
  ['a folder', '../suites', 'not-a-file'],
  ['nothing', 'missing.md', 'missing-file'],
  ['an absolute path outside', '/etc/hostname', 'outside-root'],
])('%s: %s', async ([, reference, code]) => {
  const base = writeFiles({
    'outside.md': 'secret',
    'root/common.md': 'shared',
    'root/..note.md': 'dots',
    'root/suites/note.md': 'note',
    'root/suites/a.suite.yaml': suite(reference),
    'root/.git/HEAD': '',
  });
  symlinkSync('../common.md', path.join(base, 'root/suites/link.md'));
  symlinkSync('../../outside.md', path.join(base, 'root/suites/leak.md'));
  symlinkSync('../..', path.join(base, 'root/suites/leak'));
  const codes: string[] = [];
  const suites = await loadSuites(['root/suites/a.suite.yaml'], {
    cwd: base,
    report: (diagnostic) => codes.push(...codesOf([diagnostic])),
  });
  expect(codes.map((each) => each.split(':')[0])).toEqual(code === undefined ? [] : [code]);
  expect(suites).toHaveLength(code === undefined ? 1 : 0);
  expect(codes.join()).not.toContain('secret');
});

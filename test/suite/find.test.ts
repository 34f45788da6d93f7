/** Which files a path names. */
import path from 'node:path';
import { symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findSuites } from '../../src/suite/find.ts';
import { writeFiles } from '../suites.ts';

const files = Object.fromEntries(
  [
    'one/b.suite.yaml',
    'one/a.suite.yaml',
    'one/deep/er/c.suite.yml',
    'one/emulator.yaml',
    'one/node_modules/x/d.suite.yaml',
    'plain/x.yaml',
    'plain/y.yml',
    'plain/z.json',
    'plain/deep/w.yaml',
    'empty/readme.md',
    'named/x.suite.yaml/y.txt',
    'named/x.suite.yaml/z.suite.yaml',
    'named/w.yaml/v.yaml',
    'bare/w.yaml/v.yaml',
    'bare/u.yaml',
  ].map((name) => [name, '']),
);

test.for<[paths: string[], found: string[], code?: string]>([
  [['one'], ['one/a.suite.yaml', 'one/b.suite.yaml', 'one/deep/er/c.suite.yml']],
  [['one/deep'], ['one/deep/er/c.suite.yml']],
  [['plain'], ['plain/x.yaml', 'plain/y.yml']],
  [
    ['one/emulator.yaml', 'plain/z.json'],
    ['one/emulator.yaml', 'plain/z.json'],
  ],
  [
    ['one', 'one/a.suite.yaml', './one/../one'],
    ['one/a.suite.yaml', 'one/b.suite.yaml', 'one/deep/er/c.suite.yml'],
  ],
  [['empty'], [], 'no-suites'],
  [['named'], ['named/x.suite.yaml/z.suite.yaml']],
  [['bare'], ['bare/u.yaml']],
  [['nowhere'], [], 'missing-suite'],
  [['nowhere', 'plain'], ['plain/x.yaml', 'plain/y.yml'], 'missing-suite'],
  [['linked'], []],
])('%j', async ([paths, found, code]) => {
  const cwd = writeFiles({ ...files, 'linked/own.suite.yaml': '' });
  symlinkSync('../one', path.join(cwd, 'linked/elsewhere'));
  const codes: string[] = [];
  const suites = await findSuites(paths, cwd, (diagnostic) => codes.push(diagnostic.code));
  const expected = paths[0] === 'linked' ? ['linked/own.suite.yaml'] : found;
  expect(suites).toEqual(expected.map((name) => path.join(cwd, name)));
  expect(codes).toEqual(code === undefined ? [] : [code]);
});

/** What V8 compiled is kept and used, never trusted blindly, and never in the way. The loader is tried as it is built. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const loader = path.resolve(import.meta.dirname, '../dist/compiled.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-compiled-'));
const kept = path.join(folder, 'compiled', `${process.version}-${process.platform}-${process.arch}`, 'run');
const sum = 'exports.sum=(a,b)=>a+b;exports.fail=()=>{throw new Error("here")};';

function start(
  command = 'run',
  {
    env = {},
    flags = [] as string[],
    args = [] as string[],
    code = 0,
  }: { env?: object; flags?: string[]; args?: string[]; code?: number } = {},
): string {
  const main = path.join(folder, 'main.js');
  writeFileSync(
    main,
    `const { CompiledChunks } = require(${JSON.stringify(loader)});
const { main } = new CompiledChunks(__dirname, ${JSON.stringify(command)}, require).load(require.resolve('./chunks/a.js'));
main().then((text) => { console.log(text); process.exitCode = ${code}; });\n`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, main, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  expect(stderr).toBe('');
  expect(status).toBe(code);
  return stdout;
}

const files = (): string[] => (existsSync(kept) ? readdirSync(kept).toSorted() : []);
const long = new Date(0);
/** Which of the kept files were written since they were made old. */
const written = (): string[] => files().filter((name) => statSync(path.join(kept, name)).mtimeMs > 0);
const age = (): void => files().forEach((name) => utimesSync(path.join(kept, name), long, long));
const works = '3 object true\n';

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'chunks'), { recursive: true });
  writeFileSync(path.join(folder, 'chunks/b.js'), sum);
  writeFileSync(
    path.join(folder, 'chunks/a.js'),
    `const { sum, fail } = require('./b.js');const fs = require('node:fs');
exports.main = async () => {
  const { default: os } = await importModule('node:os');
  let at; try { fail() } catch ({ stack }) { at = /b\\.js:1:(\\d+)/.exec(stack)[1] }
  return [sum(1, 2), typeof os, fs.readFileSync(__filename, 'utf8').includes('main') && at === '${sum.indexOf('new Error') + 1}'].join(' ');
};\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each chunk is kept at the first start, and taken at the next', () => {
  expect(start()).toBe(works);
  expect(files()).toEqual(['a.bin', 'b.bin']);
  age();
  expect(start()).toBe(works);
  expect(written()).toEqual([]);
});

describe('what was kept is not taken, and made anew', () => {
  const spoil = (name: string, change: (content: Buffer) => Buffer): void => {
    const file = path.join(kept, name);
    writeFileSync(file, change(readFileSync(file)));
  };
  test.for<[string, (content: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['of an odd length', (content) => content.subarray(0, content.length - 1)],
    ['half', (content) => content.subarray(0, content.length / 2)],
    ['a few bytes', () => Buffer.from('abab')],
    ['cut', (content) => content.subarray(0, content.length - 100)],
    ['of zeros', (content) => Buffer.alloc(content.length)],
    ['with one other byte', (content) => content.fill(content[200] === 1 ? 2 : 1, 200, 201)],
    ['with another last byte', (content) => content.fill(content.at(-1) === 1 ? 2 : 1, content.length - 1)],
  ])('where it is %s', ([, change]) => {
    start();
    spoil('b.bin', change);
    const spoilt = readFileSync(path.join(kept, 'b.bin'));
    age();
    expect(start()).toBe(works);
    expect(written()).toEqual(['b.bin']);
    expect(readFileSync(path.join(kept, 'b.bin'))).not.toEqual(spoilt);
  });

  test('where it is of another chunk', () => {
    start();
    spoil('b.bin', () => readFileSync(path.join(kept, 'a.bin')));
    age();
    expect(start()).toBe(works);
    expect(written()).toEqual(['b.bin']);
  });

  test('where the chunk has changed since, if only by a letter', () => {
    start();
    age();
    const file = path.join(folder, 'chunks/b.js');
    writeFileSync(file, sum.replace('a+b', 'a-b'));
    utimesSync(file, new Date(1e12), new Date(1e12));
    expect(start()).toBe(works.replace('3', '-1'));
    expect(written()).toEqual(['b.bin']);
  });

  test('where V8 has other flags', () => {
    start();
    age();
    expect(start('run', { flags: ['--no-opt'] })).toBe(works);
    expect(written()).toEqual(['a.bin', 'b.bin']);
  });
});

describe('nothing is kept', () => {
  test.for<[string, () => string]>([
    ['where that is turned off', () => start('run', { env: { NODE_DISABLE_COMPILE_CACHE: '1' } })],
    [
      'where coverage is watched',
      () => start('run', { env: { NODE_V8_COVERAGE: path.join(folder, 'coverage') } }),
    ],
    ['of a wrong command line', () => start('run', { code: 2 })],
    ['of no command', () => start('')],
    ['of an option', () => start('--help')],
    ['where help is asked for', () => start('run', { args: ['--help'] })],
    ['of a path', () => start('../run')],
  ])('%s', ([, run]) => {
    expect(run()).toBe(works);
    expect(existsSync(path.join(folder, 'compiled'))).toBe(false);
  });

  test('where it cannot be written', () => {
    writeFileSync(path.join(folder, 'compiled'), 'a file');
    expect(start()).toBe(works);
  });

  test('of a file that cannot be put in its place, nor anything left beside it', () => {
    mkdirSync(path.join(kept, 'a.bin'), { recursive: true });
    expect(start()).toBe(works);
    expect(files().filter((name) => !/^[ab]\.bin$/.test(name))).toEqual([]);
  });
});

describe('who may write what is kept', () => {
  const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

  test('is nobody who may not write the code, whatever the umask says', () => {
    chmodSync(folder, 0o750);
    const before = process.umask(0);
    try {
      start();
    } finally {
      process.umask(before);
    }
    expect(modeOf(path.join(folder, 'compiled'))).toBe('750');
    expect(modeOf(kept)).toBe('750');
    expect(modeOf(path.join(kept, 'a.bin'))).toBe('640');
  });

  test('is its owner alone: of what root runs for others, nothing is kept', (context) => {
    context.skip(process.getuid?.() !== 0, 'only root can own what others do not');
    chownSync(folder, 65_534, 65_534);
    expect(start()).toBe(works);
    expect(existsSync(path.join(folder, 'compiled'))).toBe(false);
  });
});

test('a chunk that could not be read or run is none: who asks again is told why, or has it', () => {
  const main = path.join(folder, 'main.js');
  writeFileSync(
    main,
    `const fs = require('node:fs');
const { CompiledChunks } = require(${JSON.stringify(loader)});
const chunks = new CompiledChunks(__dirname, 'run', require);
const file = __dirname + '/chunks/late.js';
const told = () => { try { return chunks.load(file).late } catch ({ message }) { return message.split(',')[0] } };
console.log(told());
fs.writeFileSync(file, 'exports.late=1;throw new Error("half")');
console.log(told(), told());
fs.writeFileSync(file, 'exports.late="there"');
console.log(told());\n`,
  );
  const { stdout } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(stdout).toBe('ENOENT: no such file or directory\nhalf half\nthere\n');
});

test('what a failed start used is kept too', () => {
  expect(start('run', { code: 3 })).toBe(works);
  expect(files()).toEqual(['a.bin', 'b.bin']);
});

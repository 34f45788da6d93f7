import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Diagnostic, SourceRange } from '../../src/diagnostics/diagnostic.ts';
import { readSourceFile } from '../../src/source/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'good.yaml'), '\ufeffa: é');
writeFileSync(join(folder, 'latin.yaml'), Buffer.from('é: caf\u00e9', 'latin1'));
writeFileSync(join(folder, 'late.yaml'), Buffer.concat([Buffer.from('aé€😀'), Buffer.from([0xe2, 0x82])]));
writeFileSync(join(folder, 'large.yaml'), 'x'.repeat(101));

const naming: SourceRange = {
  file: { path: 's.yaml', absolute: '/s.yaml', text: 'file: x' },
  start: 6,
  end: 7,
};

test.for<[name: string, code: string, message: string]>([
  ['absent.yaml', 'missing-file', 'no such file: absent.yaml'],
  ['good.yaml/x', 'missing-file', 'no such file: good.yaml/x'],
  ['.', 'not-a-file', 'expected a file, received the folder .'],
  ['large.yaml', 'file-too-large', 'large.yaml has 101 bytes, more than the bound of 100'],
])('%s: %s', ([name, code, message]) => {
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): number => found.push(diagnostic);
  expect(readSourceFile(join(folder, name), name, report, { maxBytes: 100 })).toBeUndefined();
  expect(readSourceFile(join(folder, name), name, report, { maxBytes: 100, at: naming })).toBeUndefined();
  expect(found).toMatchObject([
    { severity: 'error', code, message, path: name },
    { severity: 'error', code, message, place: naming },
  ]);
});

test.for([
  ['latin.yaml', 'latin.yaml is not UTF-8: byte 0 does not fit', 0, '\uFFFD: caf\uFFFD'],
  ['late.yaml', 'late.yaml is not UTF-8: byte 10 does not fit', 5, 'aé€😀\uFFFD'],
] as const)('%s: not-utf8, placed at the byte', ([name, message, start, text]) => {
  const found: Diagnostic[] = [];
  const file = readSourceFile(join(folder, name), name, (each) => found.push(each), { maxBytes: 100 });
  expect(file).toBeUndefined();
  expect(found).toMatchObject([
    { severity: 'error', code: 'not-utf8', message, place: { start, file: { path: name, text } } },
  ]);
});

test('removes a byte order mark', () => {
  const file = readSourceFile(join(folder, 'good.yaml'), 'good.yaml', () => expect.fail(), {
    maxBytes: 100,
  });
  expect(file).toEqual({ path: 'good.yaml', absolute: join(folder, 'good.yaml'), text: 'a: é' });
});

/** The page of API coverage has no silent gap: every line is somewhere or says why not, and names what exists. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../e2e/assay.ts';

const page = readFileSync(path.join(root, 'docs/api-coverage.md'), 'utf8');
const homes = ['src', 'src/emulator', 'test'];

interface Line {
  readonly line: string;
  readonly cells: readonly string[];
}
const lines: Line[] = [...page.matchAll(/^\| (.+) \|$/gm)]
  .map((match) => (match[1] ?? '').split(' | '))
  .filter(([first]) => first !== 'line')
  .map(([line = '', ...cells]) => ({ line, cells }));

/** What a cell names: files, and after them the cases that stand in them. */
function namedIn(cell: string, home: string): { file: string; cases: string[] }[] {
  return cell.split(/(?=`[\w/.-]+\.(?:ts|yaml)`)/).flatMap((piece) => {
    const file = /^`([\w/.-]+\.(?:ts|yaml))`/.exec(piece)?.[1];
    const cases = [...piece.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
    return file === undefined ? [] : [{ file: path.join(root, home, file), cases }];
  });
}

test('the page has lines', () => {
  expect(lines.length).toBeGreaterThan(150);
  expect(page.match(/^## /gm)).toHaveLength(15);
  expect(new Set(lines.map(({ line }) => line)).size).toBe(lines.length);
});

describe('each line names existing files and tests', () => {
  test.for(lines)('$line', ({ cells }) => {
    expect(cells).toHaveLength(3);
    for (const [index, cell] of cells.entries()) {
      const named = namedIn(cell, homes[index] ?? '');
      // A cell names files, says what is left out, or is empty (–).
      expect(named.length > 0 || cell.startsWith('left out') || cell.startsWith('–'), cell).toBe(true);
      expect((cell.match(/`[^`]*\.(?:ts|yaml)\b/g) ?? []).length, cell).toBe(named.length);
      for (const { file, cases } of named) {
        expect(existsSync(file), file).toBe(true);
        const text = readFileSync(file, 'utf8');
        for (const each of cases) expect(text.includes(each), `${file}: ${each}`).toBe(true);
      }
    }
    const [client = '', emulator = '', tests = ''] = cells;
    const out = [client, emulator].some((cell) => cell.startsWith('left out'));
    expect(client.startsWith('–') && emulator.startsWith('–')).toBe(false);
    // A line built on either side needs a test; a line left out on both sides does not.
    const built = [client, emulator].some((cell) => namedIn(cell, '').length > 0 && !cell.startsWith('by '));
    if (built || !out) expect(tests).not.toBe('–');
  });
});

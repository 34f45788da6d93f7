/** Every code that a diagnostic of a suite can have is shown by a command case. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const cases = path.join(import.meta.dirname, 'cases');

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(file);
    else if (file.endsWith('.ts')) yield readFileSync(file, 'utf8');
  }
}

/** Codes as the source writes them: a `code:` of a diagnostic, or the first text given to what reports one. */
function codes(): Set<string> {
  const found = new Set<string>();
  for (const part of ['suite', 'source', 'plan', 'shape', 'assertions'])
    for (const text of sources(path.join(root, 'src', part)))
      for (const [, code = ''] of text.matchAll(
        /(?:\bcode: |\bcode = |[^a-z](?:fail|fault)\(\s*(?:options,\s*)?)'([a-z0-9]+(?:-[a-z0-9]+)*)'/g,
      ))
        found.add(code);
  // Reported for keywords of JSON Schema that the suite language does not use.
  found.delete('invalid-value');
  return found;
}

test('every diagnostic code has a case', () => {
  const shown = readdirSync(cases)
    .flatMap((name) => ['codes', 'stderr'].map((file) => path.join(cases, name, file)))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const all = [...codes()];
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((code) => !shown.includes(`[${code}]`))).toEqual([]);
});

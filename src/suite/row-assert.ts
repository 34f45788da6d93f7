import type { Report } from '../diagnostics/diagnostic.ts';
import { kindsIn } from '../assertions/registry.ts';
import { mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { checkEntry } from './check-entry.ts';
import { readEntries } from './entries.ts';
import type { SuiteFiles } from './files.ts';
import { includeAssertions } from './include.ts';
import type { AssertionEntry } from './suite.ts';
import { validateSuite } from './validate.ts';

/** Reports a key of a row that was meant for `assert`: it would be a variable that nothing uses. */
export function checkAssertKey(row: SourceNode<JsonObject>, report: Report): void {
  for (const [key, { value, keyPlace }] of row.entries()) {
    const isList = Array.isArray(value) && value.length > 0;
    if (!isList || key === 'assert' || nearest(key, ['assert'], 2) === undefined) continue;
    if (value.every((item) => isObject(item) && kindsIn(item).length === 1))
      report({
        severity: 'error',
        code: 'unknown-key',
        message: `unknown key ${JSON.stringify(key)}`,
        place: keyPlace,
        help: 'did you mean "assert"? A list of assertions is no variable',
      });
  }
}

/** Reads the `assert` of a row, by the same rules as any other. */
export async function readRowAssert(
  row: SourceNode<JsonObject>,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  if (row.value.assert === undefined) return [];
  const written = row.at('assert');
  const assert = (await includeAssertions(written, files, report))?.movedTo(written);
  if (!assert) return [];
  // The schema has assertions only inside a suite: make a suite with nothing else.
  const suite = mapNode(
    [
      ['suite', assert.with('row')],
      ['assert', assert],
    ],
    assert,
  );
  if (!validateSuite(suite, report)) return [];
  const entries = await readEntries(assert, files, report);
  for (const entry of entries) await checkEntry(entry, report);
  return entries;
}

import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { kindsIn } from '../assertions/registry.ts';
import { keyPlace, setPlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { checkEntry } from './check-entry.ts';
import { readEntries } from './entries.ts';
import type { SuiteFiles } from './files.ts';
import { includeAssertions } from './include.ts';
import type { AssertionEntry } from './suite.ts';
import { validateSuite } from './validate.ts';

/** Tells of a key of a row that was meant for `assert`: it would be a variable that nobody asks for. */
export function tellMistyped(row: JsonObject, place: Place, report: Report): void {
  for (const [key, value] of Object.entries(row)) {
    const isList = Array.isArray(value) && value.length > 0;
    if (!isList || key === 'assert' || nearest(key, ['assert'], 2) === undefined) continue;
    if (value.every((item) => isObject(item) && kindsIn(item).length === 1))
      report({
        severity: 'error',
        code: 'unknown-key',
        message: `unknown key ${JSON.stringify(key)}`,
        place: keyPlace(row, key) ?? place,
        help: 'did you mean "assert"? A list of assertions is no variable',
      });
  }
}

/** Reads the `assert` of a row, held to the same rules as any other. */
export async function readRowAssert(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  // The schema knows assertions as part of a suite: this one holds nothing else.
  const assert = await includeAssertions(value, place, files, report);
  if (assert === undefined) return [];
  const suite: JsonObject = { suite: 'row', assert };
  setPlace(suite, 'assert', place);
  if (!validateSuite(suite, place, report)) return [];
  const entries = await readEntries(assert, place, files, report);
  for (const entry of entries) await checkEntry(entry, report);
  return entries;
}

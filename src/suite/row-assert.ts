import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { setPlace } from '../diagnostics/places.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { checkEntry } from './check-entry.ts';
import { readEntries } from './entries.ts';
import type { SuiteFiles } from './files.ts';
import { holdToSchema } from './hold.ts';
import { includeAssertions } from './include.ts';
import type { AssertionEntry } from './suite.ts';

/** Reads the `assert` of a row, held to the same rules as any other. */
export async function readRowAssert(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  // The schema knows assertions as part of a suite: this one holds nothing else.
  const suite: JsonObject = { suite: 'row', assert: await includeAssertions(value, place, files, report) };
  setPlace(suite, 'assert', place);
  const held = await holdToSchema(suite, place, report);
  if (!held?.sound || held.value.assert === undefined) return [];
  const entries = await readEntries(held.value.assert, place, files, report);
  for (const entry of entries) await checkEntry(entry, report);
  return entries;
}

import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { readRowAssert, tellMistyped } from './row-assert.ts';
import { iterate, type Rows } from './row-files.ts';
import { csvRows } from './rows-csv.ts';
import { jsonlRows } from './rows-jsonl.ts';
import type { Row, Variable } from './suite.ts';
import { checkName, readVariable } from './vars.ts';

/** Reads a test's `data` once, reporting every fault; gives a function that iterates the rows. */
export async function readRows(
  data: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  const reference = typeof data === 'string' ? data : fileReference(data);
  if (reference === undefined) return listRows(data, place, files, report);
  if (/\.[ct]sv$/i.test(reference)) return csvRows(reference, place, files, report);
  if (/\.jsonl$|\.ndjson$/i.test(reference)) return jsonlRows(reference, place, files, report);
  if (/\.(json|ya?ml)$/i.test(reference)) {
    const value = await files.value(reference, place);
    return value === undefined ? undefined : listRows(value, place, files, report);
  }
  report({
    severity: 'error',
    code: 'unknown-data',
    message: `rows cannot be read from ${JSON.stringify(reference)}`,
    place,
    help: 'the forms are .csv, .tsv, .json, .jsonl and .yaml',
  });
  return undefined;
}

async function listRows(
  list: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  if (!Array.isArray(list) || list.length === 0) {
    report({
      severity: 'error',
      code: 'no-rows',
      message: Array.isArray(list)
        ? 'data holds no row'
        : `expected a list of rows, received a ${typeName(list)}`,
      place,
      help: Array.isArray(list)
        ? 'give it a row, or remove data'
        : 'a row is a map from variable names to values: [{ city: Oslo }]',
    });
    return undefined;
  }
  const rows: Row[] = [];
  for (const [index, item] of list.entries()) {
    const at = valuePlace(list, index) ?? place;
    if (!isObject(item)) {
      report({
        severity: 'error',
        code: 'bad-row',
        message: `expected a map, received a ${typeName(item)}`,
        place: at,
        help: 'a row is a map from variable names to values',
      });
      continue;
    }
    tellMistyped(item, at, report);
    const { assert } = item;
    const map = new Map<string, Variable>();
    for (const name of Object.keys(item)) {
      if (name === 'assert') continue;
      checkName(name, keyPlace(item, name) ?? at, report);
      map.set(name, await readVariable(item, name, false, files));
    }
    const entries =
      assert === undefined
        ? []
        : await readRowAssert(assert, valuePlace(item, 'assert') ?? at, files, report);
    rows.push({ values: map, assert: entries, origin: `${at.file.path}: row ${index + 1}`, place: at });
  }
  return iterate(rows);
}

import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { typeName } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { checkAssertKey, readRowAssert } from './row-assert.ts';
import { iterate, type Rows } from './row-files.ts';
import { csvRows } from './rows-csv.ts';
import { jsonlRows } from './rows-jsonl.ts';
import type { Row, Variable } from './suite.ts';
import { checkName, readVariable } from './vars.ts';

/** Reads a test's `data` once and reports all errors; gives a function that iterates the rows. */
export async function readRows(
  data: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  const { value, place } = data;
  const reference = typeof value === 'string' ? value : fileReference(data);
  if (reference === undefined) return listRows(data, files, report);
  if (/\.[ct]sv$/i.test(reference)) return csvRows(reference, place, files, report);
  if (/\.jsonl$|\.ndjson$/i.test(reference)) return jsonlRows(reference, place, files, report);
  if (/\.(json|ya?ml)$/i.test(reference)) {
    const list = await files.value(reference, place);
    return list && listRows(list.movedTo(data), files, report);
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

async function listRows(list: SourceNode, files: SuiteFiles, report: Report): Promise<Rows | undefined> {
  const { value, place } = list;
  if (!Array.isArray(value) || value.length === 0) {
    report({
      severity: 'error',
      code: 'no-rows',
      message: Array.isArray(value)
        ? 'data has no rows'
        : `expected a list of rows, received a ${typeName(value)}`,
      place,
      help: Array.isArray(value)
        ? 'give it a row, or remove data'
        : 'a row is a map from variable names to values: [{ city: Oslo }]',
    });
    return undefined;
  }
  const rows: Row[] = [];
  for (const [index, item] of list.items().entries()) {
    const at = item.place;
    if (!isMapNode(item)) {
      report({
        severity: 'error',
        code: 'bad-row',
        message: `expected a map, received a ${typeName(item.value)}`,
        place: at,
        help: 'a row is a map from variable names to values',
      });
      continue;
    }
    checkAssertKey(item, report);
    const map = new Map<string, Variable>();
    for (const [name, node] of item.entries()) {
      if (name === 'assert') continue;
      checkName(name, node.keyPlace, report);
      map.set(name, await readVariable(node, false, files));
    }
    const assert = await readRowAssert(item, files, report);
    rows.push({ values: map, assert, origin: `${at.file.path}: row ${index + 1}`, place: at });
  }
  return iterate(rows);
}

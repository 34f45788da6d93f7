import { createReadStream } from 'node:fs';
import { parse as csvParser, CsvError } from 'csv-parse';
import { isLosslessNumber, parse as parseLossless } from 'lossless-json';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { sha256 } from '../lib/canonical.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { readEntries } from './entries.ts';
import type { Row, Variable } from './suite.ts';
import { checkName, variable } from './vars.ts';

/** Reads a test's `data` once, reporting every fault; gives a function that iterates the rows. */
export async function readRows(
  data: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  const reference = typeof data === 'string' ? data : fileReference(data);
  if (reference === undefined) return listRows(data, place, files, report);
  if (/\.csv$/i.test(reference)) return csvRows(reference, place, files, report);
  if (/\.jsonl$|\.ndjson$/i.test(reference)) return jsonlRows(reference, place, files, report);
  if (/\.json$/i.test(reference)) return jsonRows(reference, place, files, report);
  if (/\.ya?ml$/i.test(reference)) {
    const value = await files.value(reference, place);
    return value === undefined ? undefined : listRows(value, place, files, report);
  }
  report({
    severity: 'error',
    code: 'unknown-data',
    message: `rows cannot be read from ${JSON.stringify(reference)}`,
    place,
    help: 'the forms are .csv, .json, .jsonl and .yaml',
  });
  return undefined;
}

const iterate = (rows: readonly Row[]) =>
  async function* (): AsyncGenerator<Row> {
    yield* rows;
  };

async function listRows(
  list: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  if (!Array.isArray(list) || list.length === 0) {
    report({
      severity: 'error',
      code: 'no-rows',
      message: Array.isArray(list)
        ? 'data holds no row'
        : `expected a list of rows, received a ${typeName(list)}`,
      place,
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
    const { assert, ...values } = item;
    const map = new Map<string, Variable>();
    for (const [name, value] of Object.entries(values)) {
      checkName(name, at, report);
      map.set(name, variable(value, valuePlace(item, name), false));
    }
    const entries =
      assert === undefined ? [] : await readEntries(assert, valuePlace(item, 'assert') ?? at, files, report);
    rows.push({ values: map, assert: entries, origin: `${at.file.path}: row ${index + 1}`, place: at });
  }
  return iterate(rows);
}

async function csvRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  const file = await files.locate(reference, place);
  if (file === undefined) return undefined;
  const shown = files.shown(file);
  async function* read(): AsyncGenerator<Row> {
    const parser = createReadStream(file ?? '').pipe(
      csvParser({ columns: true, bom: true, info: true, skip_empty_lines: true }),
    );
    for await (const item of parser) {
      const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
      const values = new Map(
        Object.entries(record).map(([name, value]): [string, Variable] => [name, { value, template: false }]),
      );
      yield { values, assert: [], origin: `${shown}:${info.lines}` };
    }
  }
  return sound(read, shown, file, files, place, report);
}

/** Reads all rows once to find what is wrong with them, and counts the file into the digest. */
async function sound(
  read: () => AsyncGenerator<Row>,
  shown: string,
  file: string,
  files: SuiteFiles,
  place: Place,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  let count = 0;
  let names: string[] = [];
  try {
    for await (const { values } of read()) {
      if (count++ === 0) names = [...values.keys()];
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof RowError)) throw error;
    const line = error instanceof RowError ? error.line : error.lines;
    report({
      severity: 'error',
      code: 'bad-rows',
      message: `${shown}:${String(line ?? '?')}: ${error.message}`,
      place,
      help: 'every row needs as many values as the header has names; quote a value that holds a comma',
    });
    return undefined;
  }
  if (count === 0) report({ severity: 'error', code: 'no-rows', message: `${shown} holds no row`, place });
  for (const name of names) checkName(name, place, report);
  const hash: string[] = [];
  for await (const chunk of createReadStream(file)) hash.push(sha256(chunk as Buffer));
  files.count(file, sha256(hash.join('')));
  return count === 0 ? undefined : read;
}

/** A row of a JSON file that is none. */
class RowError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

async function jsonlRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  const file = await files.locate(reference, place);
  if (file === undefined) return undefined;
  const shown = files.shown(file);
  async function* read(): AsyncGenerator<Row> {
    const { createInterface } = await import('node:readline');
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file ?? ''), crlfDelay: Infinity })) {
      line++;
      if (text.trim() !== '') yield jsonRow(text, `${shown}:${line}`, line);
    }
  }
  return sound(read, shown, file, files, place, report);
}

function jsonRow(text: string, origin: string, line: number): Row {
  let value: unknown;
  try {
    value = parseLossless(text);
  } catch (error) {
    throw new RowError(error instanceof Error ? error.message : String(error), line);
  }
  return rowOf(value, origin, line);
}

function rowOf(value: unknown, origin: string, line: number): Row {
  if (!isObject(value)) throw new RowError('expected a map', line);
  const values = new Map(
    Object.entries(value).map(([name, inner]): [string, Variable] => [name, losslessVariable(inner)]),
  );
  return { values, assert: [], origin };
}

function losslessVariable(value: unknown): Variable {
  return { value: plain(value), template: false, ...(isLosslessNumber(value) ? { text: value.value } : {}) };
}

function plain(value: unknown): JsonValue {
  if (isLosslessNumber(value)) return Number(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)])) as JsonObject;
  return value as JsonValue;
}

async function jsonRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<(() => AsyncIterable<Row>) | undefined> {
  const source = await files.source(reference, place);
  if (!source) return undefined;
  try {
    const list = parseLossless(source.text);
    if (!Array.isArray(list) || list.length === 0) throw new RowError('expected a list of rows', 1);
    const rows: Row[] = [];
    for (const [index, item] of list.entries()) {
      const { assert, ...values } = isObject(item) ? item : { assert: undefined, bad: item };
      if (!isObject(item)) throw new RowError(`row ${index + 1}: expected a map`, 1);
      const entries = assert === undefined ? [] : await readEntries(plain(assert), place, files, report);
      rows.push({ ...rowOf(values, `${source.path}: row ${index + 1}`, index + 1), assert: entries });
    }
    return iterate(rows);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RowError)) throw error;
    report({ severity: 'error', code: 'bad-rows', message: `${source.path}: ${error.message}`, place });
    return undefined;
  }
}

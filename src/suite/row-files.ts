import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { CsvError } from 'csv-parse';
import type { Place, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { placeOfLine } from '../diagnostics/position.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { readJson } from '../source/yaml.ts';
import { readEntries } from './entries.ts';
import type { SuiteFiles } from './files.ts';
import type { Row, Variable } from './suite.ts';
import { checkName } from './vars.ts';

export type Rows = () => AsyncIterable<Row>;

/** Files up to this size are read once and kept; larger ones are streamed each time their rows are wanted. */
const keptBytes = 1024 * 1024;

/** A record of a rows file that is none. */
class RowError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A fault inside a row's own `assert`: told already. */
class ToldError extends Error {}

type ReadRecords = (
  text: Text,
  shown: string,
  placeOf: (line: number) => Place | undefined,
) => AsyncIterable<Row>;

/** The text of a file: whole, or chunk by chunk. */
type Text = string | AsyncIterable<string>;

/** Reads a file of rows; every record is looked at once before anything runs. */
async function readRowFile(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
  records: ReadRecords,
): Promise<Rows | undefined> {
  const absolute = await files.locate(reference, place);
  if (absolute === undefined) return undefined;
  const shown = files.shown(absolute);
  const { size } = await stat(absolute);
  let small: SourceFile | undefined;
  if (size <= keptBytes) {
    small = await files.source(reference, place);
    if (!small) return undefined;
  }
  const hash = small ? undefined : sha256Hash();
  const placeOf = (line: number): Place | undefined => small && placeOfLine(small, line);
  const rows = (): AsyncIterable<Row> => records(small?.text ?? decoded(absolute), shown, placeOf);
  const kept: Row[] = [];
  let count = 0;
  let first: Row | undefined;
  try {
    for await (const row of records(
      small?.text ?? decoded(absolute, (chunk) => hash?.update(chunk)),
      shown,
      placeOf,
    )) {
      if (count++ === 0) first = row;
      if (small) kept.push(row);
    }
  } catch (error) {
    if (error instanceof ToldError) return undefined;
    const line = error instanceof RowError ? error.line : isCsvError(error) ? Number(error.lines) : undefined;
    if (line === undefined) throw error;
    report({
      severity: 'error',
      code: 'bad-rows',
      message: isCsvError(error) ? csvFault(error) : (error as Error).message,
      place: placeOf(line) ?? (await placeInLarge(absolute, shown, line)),
      help: isCsvError(error)
        ? 'every row needs as many values as the header has names; quote a value that holds a comma'
        : `the rows are named at ${place.file.path}`,
    });
    return undefined;
  }
  const digest = hash?.digest('hex');
  if (digest !== undefined) files.count(absolute, () => digest);
  if (!first) {
    report({ severity: 'error', code: 'no-rows', message: `${shown} holds no row`, place });
    return undefined;
  }
  for (const name of first.values.keys()) checkName(name, placeOf(1) ?? place, report);
  return small ? iterate(kept) : rows;
}

/** The rows of a list, as often as they are wanted. */
export function iterate(rows: readonly Row[]): Rows {
  return async function* () {
    yield* rows;
  };
}

async function* decoded(file: string, look?: (chunk: Buffer) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    look?.(chunk);
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      // TextDecoder says only that it cannot go on.
      throw new RowError('the file is not UTF-8 from about here', line);
    }
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
    yield text;
  }
}

/** The line of a file that was not kept: read again, since it is shown but once. */
async function placeInLarge(absolute: string, shown: string, line: number): Promise<Place> {
  return placeOfLine({ path: shown, absolute, text: await readFile(absolute, 'utf8') }, line);
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}

function csvFault({
  code,
  message,
  columns,
  record,
}: CsvError & { columns?: unknown; record?: unknown }): string {
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS' && Array.isArray(columns) && Array.isArray(record))
    return `expected ${columns.length} values, as the header has names, received ${record.length}`;
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote that opens here is never closed';
  return `not CSV: ${message}`;
}

/** Rows of a CSV file: the first line names the variables, every value is a text. Read as a stream. */
export function csvRows(reference: string, place: Place, files: SuiteFiles, report: Report) {
  return readRowFile(reference, place, files, report, csvRecords);
}

async function* csvRecords(
  text: Text,
  shown: string,
  placeOf: (line: number) => Place | undefined,
): AsyncGenerator<Row> {
  for await (const item of typeof text === 'string' ? await parseWhole(text) : parseStream(text)) {
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    const values = new Map(
      Object.entries(record).map(([name, value]): [string, Variable] => [name, { value, template: false }]),
    );
    const at = placeOf(info.lines);
    yield { values, assert: [], origin: `${shown}:${info.lines}`, ...(at ? { place: at } : {}) };
  }
}

const csvOptions = { columns: checkHeader, bom: true, info: true, skip_empty_lines: true } as const;

async function parseWhole(text: string): Promise<Iterable<unknown>> {
  const { parse } = await import('csv-parse/sync');
  return parse(text, csvOptions);
}

async function* parseStream(chunks: AsyncIterable<string>): AsyncGenerator<unknown> {
  const [{ parse }, { pipeline, Readable }] = await Promise.all([import('csv-parse'), import('node:stream')]);
  const parser = parse(csvOptions);
  // A failed source destroys the parser, which then throws it to whoever reads.
  pipeline(Readable.from(chunks), parser, () => undefined);
  yield* parser;
}

function checkHeader(names: string[]): string[] {
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw new RowError(`column ${index + 1} has no name`, 1);
    if (names.indexOf(name) !== index)
      throw new RowError(`two columns have the name ${JSON.stringify(name)}`, 1);
  }
  return names;
}

/** Rows of a JSON Lines file: a map a line; numbers keep their source text. Read as a stream. */
export function jsonlRows(reference: string, place: Place, files: SuiteFiles, report: Report) {
  return readRowFile(reference, place, files, report, (text, shown, placeOf) =>
    jsonlRecords(text, shown, placeOf, place, files, report),
  );
}

async function* jsonlRecords(
  text: Text,
  shown: string,
  placeOf: (line: number) => Place | undefined,
  place: Place,
  files: SuiteFiles,
  report: Report,
): AsyncGenerator<Row> {
  const { parse, isLosslessNumber } = await import('lossless-json');
  const plain = (value: unknown): JsonValue => {
    if (isLosslessNumber(value)) return Number(value.value);
    if (Array.isArray(value)) return value.map(plain);
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, plain(inner)]),
      ) as JsonObject;
    return value as JsonValue;
  };
  const variableOf = (value: unknown): Variable => ({
    value: plain(value),
    template: false,
    ...(isLosslessNumber(value) ? { text: value.value } : {}),
  });
  let line = 0;
  for await (const own of typeof text === 'string' ? text.split('\n') : linesOf(text)) {
    line++;
    if (own.trim() === '') continue;
    let record: unknown;
    try {
      record = parse(own);
    } catch (error) {
      throw new RowError(`not JSON: ${error instanceof Error ? error.message : String(error)}`, line);
    }
    if (!isObject(record)) throw new RowError(`expected a map, received a ${typeName(plain(record))}`, line);
    const { assert, ...values } = record;
    const at = placeOf(line);
    yield {
      values: new Map(Object.entries(values).map(([name, value]) => [name, variableOf(value)])),
      assert: assert === undefined ? [] : await ownAssert(own, line, shown, place, files, report),
      origin: `${shown}:${line}`,
      ...(at ? { place: at } : {}),
    };
  }
}

/** A row's own `assert`, with places: its line is read again as a file whose other lines are empty. */
async function ownAssert(
  text: string,
  line: number,
  shown: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Row['assert']> {
  let faults = 0;
  const tell: Report = (diagnostic) => {
    if (diagnostic.severity === 'error') faults++;
    report(diagnostic);
  };
  const file = { path: shown, absolute: place.file.absolute, text: `${'\n'.repeat(line - 1)}${text}` };
  const value = readJson(file, tell);
  const entries =
    isObject(value) && value.assert !== undefined
      ? await readEntries(value.assert, placeOfLine(file, line), files, tell)
      : [];
  if (faults > 0) throw new ToldError('told');
  return entries;
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

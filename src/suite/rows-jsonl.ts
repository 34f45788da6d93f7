import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { placeOfLine } from '../diagnostics/position.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { readJson } from '../source/yaml.ts';
import type { SuiteFiles } from './files.ts';
import { readRowAssert } from './row-assert.ts';
import { readRowFile, type Rows, type TellRow, type Text } from './row-files.ts';
import type { Row, Variable } from './suite.ts';

/** Rows of a JSON Lines file: a map a line; numbers keep their source text. Read as a stream. */
export function jsonlRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  return readRowFile(reference, place, files, report, (text, shown, placeOf, tell) =>
    jsonlRecords(text, shown, placeOf, tell, place, files, report),
  );
}

async function* jsonlRecords(
  text: Text,
  shown: string,
  placeOf: (line: number) => Place | undefined,
  tell: TellRow,
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
        Object.entries(value).map(([key, inner]): [string, JsonValue] => [key, plain(inner)]),
      );
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
      const [message = '', column] = (error instanceof Error ? error.message : String(error)).split(
        / at position (?=\d+$)/,
      );
      tell(line, `not JSON: ${message}`, column === undefined ? undefined : Number(column));
      continue;
    }
    if (!isObject(record)) {
      tell(line, `expected a map, received a ${typeName(plain(record))}`);
      continue;
    }
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
  const file = { path: shown, absolute: place.file.absolute, text: `${'\n'.repeat(line - 1)}${text}` };
  const value = readJson(file, report);
  return isObject(value) && value.assert !== undefined
    ? readRowAssert(value.assert, valuePlace(value, 'assert') ?? placeOfLine(file, line), files, report)
    : [];
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

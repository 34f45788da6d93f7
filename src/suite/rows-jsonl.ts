import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { placeOfLine } from '../diagnostics/position.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { readJson } from '../source/yaml.ts';
import type { SuiteFiles } from './files.ts';
import { readRowAssert } from './row-assert.ts';
import { readRowFile, type Rows, type TellRow, type Text } from './row-files.ts';
import type { Row, Variable, VarMap } from './suite.ts';

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
  const valuesOf = (source: string): VarMap => {
    const { assert: _assert, ...values } = parse(source) as Record<string, unknown>;
    return new Map(Object.entries(values).map(([name, value]) => [name, variableOf(value)]));
  };
  const file: JsonlFile = { shown, valuesOf, placeOf };
  let line = 0;
  for await (const source of typeof text === 'string' ? text.split('\n') : linesOf(text)) {
    line++;
    if (source.trim() === '') continue;
    let record: unknown;
    try {
      record = parse(source);
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
    const assert =
      record.assert === undefined ? noAssertions : await ownAssert(source, line, shown, place, files, report);
    yield new JsonlRow(file, line, source, assert);
  }
}

/** What the rows of a file have in common. */
interface JsonlFile {
  readonly shown: string;
  readonly valuesOf: (source: string) => VarMap;
  readonly placeOf: (line: number) => Place | undefined;
}

const noAssertions: Row['assert'] = [];

/** A row that holds its line, and reads it anew when it is looked at: there may be 100,000 of them. */
class JsonlRow implements Row {
  readonly assert: Row['assert'];
  readonly #file: JsonlFile;
  readonly #line: number;
  readonly #source: string;

  constructor(file: JsonlFile, line: number, source: string, assert: Row['assert']) {
    this.#file = file;
    this.#line = line;
    this.#source = source;
    this.assert = assert;
  }

  get values(): VarMap {
    return this.#file.valuesOf(this.#source);
  }

  get origin(): string {
    return `${this.#file.shown}:${this.#line}`;
  }

  get place(): Place | undefined {
    return this.#file.placeOf(this.#line);
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

import type { CsvError } from 'csv-parse';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { SuiteFiles } from './files.ts';
import { readRowFile, RowError, type RowFault, type RowFile, type Rows } from './row-files.ts';
import type { Row, Variable, VarMap } from './suite.ts';

/** Rows of a CSV file: the first line names the variables, every value is a text. Read as a stream. */
export function csvRows(
  reference: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  return readRowFile(reference, place, files, report, csvRecords);
}

async function* csvRecords({ text, shown, placeOf, tell, head }: RowFile): AsyncGenerator<Row> {
  let file: CsvFile | undefined;
  let lost = false;
  const skip: Skip = (error) => {
    // Behind a quote that is none, commas and lines are no longer what they seem.
    if (error && !lost) tell(faultOf(error));
    lost ||= error?.code !== 'CSV_RECORD_INCONSISTENT_COLUMNS';
    return undefined;
  };
  const columns = (written: string[]): string[] => {
    const names = namesIn(written, tell);
    head(names);
    return names;
  };
  const options = optionsWith(columns, skip);
  for await (const item of typeof text === 'string'
    ? await parseWhole(text, options)
    : parseStream(text, options)) {
    if (lost) continue;
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    file ??= { shown, names: Object.keys(record), placeOf };
    yield new CsvRow(file, info.lines, Object.values(record));
  }
}

/** What the rows of a file have in common. */
interface CsvFile {
  readonly shown: string;
  readonly names: readonly string[];
  readonly placeOf: (line: number) => Place | undefined;
}

const noAssertions: Row['assert'] = [];

/** A row that holds its cells and nothing else: there may be 100,000 of them, each looked at now and then. */
class CsvRow implements Row {
  readonly #file: CsvFile;
  readonly #line: number;
  readonly #cells: readonly string[];

  constructor(file: CsvFile, line: number, cells: readonly string[]) {
    this.#file = file;
    this.#line = line;
    this.#cells = cells;
  }

  get values(): VarMap {
    const values = new Map<string, Variable>();
    for (const [index, name] of this.#file.names.entries())
      values.set(name, { value: this.#cells[index] ?? '', template: false });
    return values;
  }

  get assert(): Row['assert'] {
    return noAssertions;
  }

  get origin(): string {
    return `${this.#file.shown}:${this.#line}`;
  }

  get place(): Place | undefined {
    return this.#file.placeOf(this.#line);
  }
}

type Skip = (error: CsvError | undefined) => undefined;

/** Records at fault are skipped, so that all of them can be told. */
const optionsWith = (columns: (written: string[]) => string[], skip: Skip) =>
  ({
    columns,
    bom: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: skip,
  }) as const;
type Options = ReturnType<typeof optionsWith>;

async function parseWhole(text: string, options: Options): Promise<Iterable<unknown>> {
  const { parse } = await import('csv-parse/sync');
  return parse(text, options);
}

async function* parseStream(chunks: AsyncIterable<string>, options: Options): AsyncGenerator {
  const [{ parse }, { pipeline, Readable }] = await Promise.all([import('csv-parse'), import('node:stream')]);
  const parser = parse(options);
  // A failed source destroys the parser, which then throws it to whoever reads.
  pipeline(Readable.from(chunks), parser, () => undefined);
  yield* parser;
}

const quoteFaults: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that opens here is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands between a closing quote and its comma',
  INVALID_OPENING_QUOTE: 'a quote stands inside a value that is not quoted',
};

function faultOf({
  code,
  message,
  lines,
  columns,
  record,
}: CsvError & { columns?: unknown; record?: unknown }): RowFault {
  const line = Number(lines);
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS' && Array.isArray(columns) && Array.isArray(record))
    return {
      line,
      message: `expected ${columns.length} values, as the header has names, received ${record.length}`,
      help: 'every row needs as many values as the header has names; quote a value that holds a comma',
    };
  const help = 'a value that holds a quote or a comma is quoted, its own quotes doubled: "a ""b"", c"';
  const said = quoteFaults[code];
  return { line, message: said ?? `not CSV: ${message}`, help };
}

const header = 'the first line names the variables, with commas between them';

/** The names of the columns, white space around them left out; every one that none may have is told. */
function namesIn(written: readonly string[], tell: RowFile['tell']): string[] {
  const names = written.map((name) => name.trim());
  const [only = ''] = names;
  if (names.length === 1 && /[;\t|]/.test(only))
    throw new RowError(`expected commas between the names, received ${JSON.stringify(only)}`, 1, header);
  for (const [index, name] of names.entries()) {
    const fault = faultOfName(name, index, names);
    if (fault) tell({ line: 1, piece: (line) => cellAt(line, index), ...fault });
  }
  return names;
}

function faultOfName(
  name: string,
  index: number,
  names: readonly string[],
): { message: string; help: string } | undefined {
  if (name === '') return { message: `column ${index + 1} has no name`, help: header };
  if (names.indexOf(name) !== index)
    return { message: `two columns have the name ${JSON.stringify(name)}`, help: 'rename or remove one' };
  if (name === 'assert')
    return {
      message: 'a column may not be named "assert": a CSV file holds texts, and no assertions',
      help: 'give rows that have assertions of their own in JSON, JSONL or YAML; a variable needs another name',
    };
  return undefined;
}

/** Where a cell stands in its line, without its quotes and the white space around it. */
function cellAt(line: string, index: number): { start: number; end: number } {
  const cell = /(?:"(?:[^"]|"")*"|[^",])*/y;
  for (let before = 0; before < index; before++) {
    cell.exec(line);
    cell.lastIndex++;
  }
  const start = cell.lastIndex;
  const written = cell.exec(line)?.[0] ?? '';
  const name = /[^\s"](?:.*[^\s"])?/.exec(written);
  return name
    ? { start: start + name.index, end: start + name.index + name[0].length }
    : { start, end: start + written.length };
}

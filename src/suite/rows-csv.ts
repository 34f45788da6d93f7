import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { SuiteFiles } from './files.ts';
import { readRowFile, RowError, type RowFile, type Rows } from './row-files.ts';
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

async function* csvRecords({ text, shown, placeOf }: RowFile): AsyncGenerator<Row> {
  let file: CsvFile | undefined;
  for await (const item of typeof text === 'string' ? await parseWhole(text) : parseStream(text)) {
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

const csvOptions = { columns: checkHeader, bom: true, info: true, skip_empty_lines: true } as const;

async function parseWhole(text: string): Promise<Iterable<unknown>> {
  const { parse } = await import('csv-parse/sync');
  return parse(text, csvOptions);
}

async function* parseStream(chunks: AsyncIterable<string>): AsyncGenerator {
  const [{ parse }, { pipeline, Readable }] = await Promise.all([import('csv-parse'), import('node:stream')]);
  const parser = parse(csvOptions);
  // A failed source destroys the parser, which then throws it to whoever reads.
  pipeline(Readable.from(chunks), parser, () => undefined);
  yield* parser;
}

const header = 'the first line names the variables, with commas between them';

/** The names of the columns, white space around them left out. */
function checkHeader(written: string[]): string[] {
  const names = written.map((name) => name.trim());
  const [only = ''] = names;
  if (names.length === 1 && /[;\t|]/.test(only))
    throw new RowError(`expected commas between the names, received ${JSON.stringify(only)}`, 1, header);
  for (const [index, name] of names.entries()) {
    if (name === '') throw new RowError(`column ${index + 1} has no name`, 1, header);
    if (names.indexOf(name) !== index)
      throw new RowError(`two columns have the name ${JSON.stringify(name)}`, 1, 'rename or remove one');
  }
  return names;
}

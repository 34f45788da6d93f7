import type { CsvError } from 'csv-parse';
import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { ownValue } from '../lib/json.ts';
import { literalPattern } from '../lib/literal-pattern.ts';
import type { SuiteFiles } from './files.ts';
import { readRowFile, RowError, type RowFault, type RowFile, type Rows } from './row-files.ts';
import type { Row, Variable, VarMap } from './suite.ts';

/**
 * Rows of a CSV or TSV file: the first line names the variables and shows what separates them, every value is a text.
 * Read as a stream.
 */
export function csvRows(
  reference: string,
  place: SourceRange,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  return readRowFile(reference, place, files, report, csvRecords);
}

async function* csvRecords({ text, shown, placeOf, tell, head }: RowFile): AsyncGenerator<Row> {
  let names: readonly string[] = [];
  let file: CsvFile | undefined;
  let lost = false;
  const whole = typeof text === 'string' ? text : await withStart(text);
  const header = headerOf(typeof whole === 'string' ? whole : whole.start, shown);
  const skip: Skip = (error) => {
    // Behind a quote that is none, separators and lines are no longer what they seem.
    if (error && !lost) tell(faultOf(error, header.separator));
    lost ||= error?.code !== 'CSV_RECORD_INCONSISTENT_COLUMNS';
    return undefined;
  };
  const columns = (written: string[]): string[] => {
    const found = namesIn(written, header, tell);
    names = found;
    head(found, header.line);
    return found;
  };
  const options = optionsWith(columns, skip, header);
  for await (const item of typeof whole === 'string'
    ? await parseWhole(whole, options)
    : parseStream(whole.chunks, options)) {
    if (lost) continue;
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    file ??= { shown, names, placeOf };
    const cells = names.map((name) => ownValue(record, name) ?? '');
    yield new CsvRow(file, info.lines, cells);
  }
}

/** What the rows of a file have in common. */
interface CsvFile {
  readonly shown: string;
  readonly names: readonly string[];
  readonly placeOf: (line: number) => SourceRange | undefined;
}

/** What the first lines of a file say of it. */
interface Header {
  /** What stands between two values. */
  readonly separator: string;
  /** The line of the names, 1-based. */
  readonly line: number;
}

/** Excel's own word for it: `sep=;` in a line before the names. */
const declared = /^sep=([^\n])[^\S\n]*(?:\n|$)/i;
const words: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };
const wordOf = (separator: string): string => words[separator] ?? JSON.stringify(separator);

/** Reads the separator where it is declared, else from the names: the first of these that stands outside quotes. */
function headerOf(start: string, shown: string): Header {
  const [declaration = '', separator] = declared.exec(start) ?? [];
  const [blank = ''] = /^(?:[^\S\n]*\n)*/.exec(start.slice(declaration.length)) ?? [];
  const line = `${declaration}${blank}`.split('\n').length;
  if (separator !== undefined) return { separator, line };
  const names = start.slice(blank.length).replace(/"(?:[^"]|"")*"/g, '');
  const [first = ''] = names.split('\n', 1);
  const usual = /\.tsv$/i.test(shown) ? ['\t', ',', ';'] : [',', '\t', ';'];
  return { separator: usual.find((each) => first.includes(each)) ?? ',', line };
}

/** A stream whose beginning, at least its first line, has been looked at. */
async function withStart(
  chunks: AsyncIterable<string>,
): Promise<{ readonly start: string; readonly chunks: AsyncIterable<string> }> {
  const rest = chunks[Symbol.asyncIterator]();
  let start = '';
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    start += next.value;
    if (start.includes('\n')) break;
  }
  const all = async function* (): AsyncGenerator<string> {
    yield start;
    yield* { [Symbol.asyncIterator]: () => rest };
  };
  return { start, chunks: all() };
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

  get place(): SourceRange | undefined {
    return this.#file.placeOf(this.#line);
  }
}

type Skip = (error: CsvError | undefined) => undefined;

/** Records at fault are skipped, so that all of them can be told. */
const optionsWith = (columns: (written: string[]) => string[], skip: Skip, { separator, line }: Header) =>
  ({
    columns,
    delimiter: separator,
    from_line: line,
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

/** What is wrong with quotes, in a file whose values a separator parts. */
const quoteFaults: Record<string, (separator: string) => string> = {
  CSV_QUOTE_NOT_CLOSED: () => 'a quote that opens here is never closed',
  CSV_INVALID_CLOSING_QUOTE: (separator) => `something stands between a closing quote and its ${separator}`,
  INVALID_OPENING_QUOTE: () => 'a quote stands inside a value that is not quoted',
};

function faultOf(
  { code, message, lines, columns, record }: CsvError & { columns?: unknown; record?: unknown },
  separator: string,
): RowFault {
  const line = Number(lines);
  const word = wordOf(separator);
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS' && Array.isArray(columns) && Array.isArray(record))
    return {
      line,
      message: `expected ${columns.length} values, as the header has names, received ${record.length}`,
      help: `every row needs as many values as the header has names; quote a value that holds a ${word}`,
    };
  const help = `a value that holds a quote or a ${word} is quoted, its own quotes doubled: "a ""b""${separator} c"`;
  const said = quoteFaults[code]?.(word);
  return { line, message: said ?? `not CSV: ${message}`, help };
}

/** The names of the columns, white space around them left out; every one that none may have is told. */
function namesIn(written: readonly string[], { separator, line }: Header, tell: RowFile['tell']): string[] {
  const names = written.map((name) => name.trim());
  const [only = ''] = names;
  const word = wordOf(separator);
  const help = `the first line names the variables, with a ${word} between two of them`;
  if (names.length === 1 && only.includes('|'))
    throw new RowError(
      `expected a comma, semicolon or tab between the names, received ${JSON.stringify(only)}`,
      line,
      'name another separator in a line before the names: sep=|',
    );
  for (const [index, name] of names.entries()) {
    const fault =
      name === '' && index > 0 && index === names.length - 1
        ? {
            message: `the header ends with a ${word}, so that column ${index + 1} has no name`,
            help: `remove the last ${word} from every line, or name the column`,
          }
        : faultOfName(name, index, names, help);
    if (fault) tell({ line, piece: (text) => cellAt(text, index, separator), ...fault });
  }
  return names;
}

function faultOfName(
  name: string,
  index: number,
  names: readonly string[],
  header: string,
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
function cellAt(line: string, index: number, separator: string): { start: number; end: number } {
  const cell = new RegExp(`(?:"(?:[^"]|"")*"|[^"${literalPattern(separator)}])*`, 'y');
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

import type { CsvError } from 'csv-parse';
import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { ownValue } from '../lib/json.ts';
import { literalPattern } from '../lib/literal-pattern.ts';
import type { SuiteFiles } from './files.ts';
import { readRowFile, RowError, type RowProblem, type RowFile, type Rows } from './row-files.ts';
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

async function* csvRecords({ text, displayPath, placeOf, reportRow, head }: RowFile): AsyncGenerator<Row> {
  let names: readonly string[] = [];
  let file: CsvFile | undefined;
  let broken = false;
  const whole = typeof text === 'string' ? text : await withStart(text);
  const header = headerOf(typeof whole === 'string' ? whole : whole.start, displayPath);
  const skip: Skip = (error) => {
    // After a wrong quote, separators and line ends cannot be trusted.
    if (error && !broken) reportRow(problemOf(error, header.separator));
    broken ||= error?.code !== 'CSV_RECORD_INCONSISTENT_COLUMNS';
    return undefined;
  };
  const columns = (written: string[]): string[] => {
    const found = namesIn(written, header, reportRow);
    names = found;
    head(found, header.line);
    return found;
  };
  const options = optionsWith(columns, skip, header);
  for await (const item of typeof whole === 'string'
    ? await parseWhole(whole, options)
    : parseStream(whole.chunks, options)) {
    if (broken) continue;
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    file ??= { displayPath, names, placeOf };
    const cells = names.map((name) => ownValue(record, name) ?? '');
    // The parser counts the line that a record ends on: a quoted cell may hold line breaks.
    const breaks = cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    yield new CsvRow(file, info.lines - breaks, cells);
  }
}

/** What all rows of a file share. */
interface CsvFile {
  readonly displayPath: string;
  readonly names: readonly string[];
  readonly placeOf: (line: number) => SourceRange | undefined;
}

/** The separator and header line of a file. */
interface Header {
  readonly separator: string;
  /** The line of the names, 1-based. */
  readonly line: number;
}

/** Excel writes `sep=;` in a line before the names. */
const declared = /^sep=([^\n])[^\S\n]*(?:\n|$)/i;
const words: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };
const wordOf = (separator: string): string => words[separator] ?? JSON.stringify(separator);

/** Reads the separator: the declared one, else the first candidate that the line of names has outside quotes. */
function headerOf(start: string, displayPath: string): Header {
  const [declaration = '', separator] = declared.exec(start) ?? [];
  const [blank = ''] = /^(?:[^\S\n]*\n)*/.exec(start.slice(declaration.length)) ?? [];
  const line = `${declaration}${blank}`.split('\n').length;
  if (separator !== undefined) return { separator, line };
  const names = start.slice(blank.length).replace(/"(?:[^"]|"")*"/g, '');
  const [first = ''] = names.split('\n', 1);
  const usual = /\.tsv$/i.test(displayPath) ? ['\t', ',', ';'] : [',', '\t', ';'];
  return { separator: usual.find((each) => first.includes(each)) ?? ',', line };
}

/** Reads at least the first line of a stream; gives it and the whole stream. */
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

/** A row that keeps only its cells: a file may have 100,000 rows. */
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
    return `${this.#file.displayPath}:${this.#line}`;
  }

  get place(): SourceRange | undefined {
    return this.#file.placeOf(this.#line);
  }
}

type Skip = (error: CsvError | undefined) => undefined;

/** Bad records are skipped, to report all of them. */
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

/** The messages for wrong quotes. */
const quoteProblems: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that opens here is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'unexpected text after the closing quote',
  INVALID_OPENING_QUOTE: 'a quote inside a value that is not quoted',
};

function problemOf(
  { code, message, lines, columns, record }: CsvError & { columns?: unknown; record?: unknown },
  separator: string,
): RowProblem {
  const line = Number(lines);
  const word = wordOf(separator);
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS' && Array.isArray(columns) && Array.isArray(record))
    return {
      line,
      message: `expected ${columns.length} values, as the header has names, received ${record.length}`,
      help: `every row needs as many values as the header has names; quote a value that holds a ${word}`,
    };
  const help = `a value that holds a quote or a ${word} is quoted, its own quotes doubled: "a ""b""${separator} c"`;
  return { line, message: quoteProblems[code] ?? `not CSV: ${message}`, help };
}

/** The trimmed names of the columns. Reports the names that are not allowed. */
function namesIn(
  written: readonly string[],
  { separator, line }: Header,
  reportRow: RowFile['reportRow'],
): string[] {
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
    const problem =
      name === '' && index > 0 && index === names.length - 1
        ? {
            message: `the header ends with a ${word}, so that column ${index + 1} has no name`,
            help: `remove the last ${word} from every line, or name the column`,
          }
        : problemOfName(name, index, names, help);
    if (problem) reportRow({ line, piece: (text) => cellAt(text, index, separator), ...problem });
  }
  return names;
}

function problemOfName(
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
      help: 'for assertions in rows use JSON, JSONL or YAML; for a variable, rename the column',
    };
  return undefined;
}

/** The range of a cell in its line, without quotes and white space around it. */
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

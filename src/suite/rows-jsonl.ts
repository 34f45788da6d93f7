import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { isMapNode } from '../diagnostics/source-node.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { JsonError, parseJson, parseJsonWithTexts } from '../lib/parse-json.ts';
import { keptText } from '../lib/written-number.ts';
import { readJson } from '../source/yaml.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { checkAssertKey, readRowAssert } from './row-assert.ts';
import { readRowFile, type RowFile, type Rows } from './row-files.ts';
import type { Row, Variable, VarMap } from './suite.ts';
import { readVariable } from './vars.ts';

/** Rows of a JSON Lines file: a map a line; numbers keep their source text. Read as a stream. */
export function jsonlRows(
  reference: string,
  place: SourceRange,
  files: SuiteFiles,
  report: Report,
): Promise<Rows | undefined> {
  return readRowFile(reference, place, files, report, (file) => jsonlRecords(file, files, report));
}

const help = 'a line holds one row: a JSON map from variable names to values';

async function* jsonlRecords(file: RowFile, files: SuiteFiles, report: Report): AsyncGenerator<Row> {
  const { text, reportRow } = file;
  const valuesOf = (source: string): Map<string, Variable> => {
    const record = parseJsonWithTexts(source);
    const values = new Map<string, Variable>();
    if (isObject(record))
      for (const [name, value] of Object.entries(record)) {
        if (name === 'assert') continue;
        const number = keptText(record, name);
        values.set(name, { value, template: false, ...(number === undefined ? {} : { text: number }) });
      }
    return values;
  };
  const shared: JsonlFile = { displayPath: file.displayPath, placeOf: file.placeOf, valuesOf };
  let line = 0;
  for await (const source of typeof text === 'string' ? text.split('\n') : linesOf(text)) {
    line++;
    if (source.trim() === '') continue;
    let record: JsonValue;
    try {
      record = parseJson(source);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      reportRow({ line, help, message: `not JSON: ${error.problem}`, column: error.offset });
      continue;
    }
    if (!isObject(record)) {
      reportRow({ line, help, message: `expected a map, received a ${typeName(record)}` });
      continue;
    }
    // Files and assertions need places for their errors.
    const isPlain = record.assert === undefined && !source.includes('"file"') && !mayBeAssert.test(source);
    const own = isPlain ? none : await withPlaces(source, line, file, files, report);
    yield new JsonlRow(shared, line, source, own);
  }
}

/** A list of maps under a name like that of `assert`. */
const mayBeAssert = /"[as][^"]{2,7}"\s*:\s*\[\s*\{/i;

/** What a row has besides the plain values of its line. */
interface Own {
  readonly assert: Row['assert'];
  /** Variables that are files. */
  readonly files?: VarMap;
}

const none: Own = { assert: [] };

/** What all rows of a file share. */
type JsonlFile = Pick<RowFile, 'displayPath' | 'placeOf'> & {
  readonly valuesOf: (source: string) => Map<string, Variable>;
};

/** A row that keeps its line and parses it when needed: a file may have 100,000 rows. */
class JsonlRow implements Row {
  readonly #file: JsonlFile;
  readonly #line: number;
  readonly #source: string;
  readonly #own: Own;

  constructor(file: JsonlFile, line: number, source: string, own: Own) {
    this.#file = file;
    this.#line = line;
    this.#source = source;
    this.#own = own;
  }

  get assert(): Row['assert'] {
    return this.#own.assert;
  }

  get values(): VarMap {
    const values = this.#file.valuesOf(this.#source);
    for (const [name, value] of this.#own.files ?? []) values.set(name, value);
    return values;
  }

  get origin(): string {
    return `${this.#file.displayPath}:${this.#line}`;
  }

  get place(): SourceRange | undefined {
    return this.#file.placeOf(this.#line);
  }
}

/** A row's files and its own `assert`: its line is read again as a file whose other lines are empty. */
async function withPlaces(
  source: string,
  line: number,
  { displayPath, absolute }: RowFile,
  files: SuiteFiles,
  report: Report,
): Promise<Own> {
  const file = { path: displayPath, absolute, text: `${'\n'.repeat(line - 1)}${source}` };
  const row = readJson(file, report);
  if (!row || !isMapNode(row)) return none;
  checkAssertKey(row, report);
  const read = new Map<string, Variable>();
  for (const [name, node] of row.entries())
    if (fileReference(node) !== undefined) read.set(name, await readVariable(node, false, files));
  const assert = await readRowAssert(row, files, report);
  return { assert, ...(read.size > 0 ? { files: read } : {}) };
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

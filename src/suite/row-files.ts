import { createReadStream, readFileSync, statSync } from 'node:fs';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { placeOfLine, placeOfPiece } from '../diagnostics/position.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { withUnixLines } from '../lib/comparable.ts';
import type { SuiteFiles } from './files.ts';
import type { Row } from './suite.ts';
import { checkName } from './vars.ts';
import { isSystemError } from '../lib/system-error.ts';

export type Rows = () => AsyncIterable<Row>;

/** Files up to this size are read once and kept; larger ones are streamed each time their rows are wanted. */
const keptBytes = 1024 * 1024;

/** An error after which a rows file cannot be read on. */
export class RowError extends Error {
  readonly line: number;
  readonly help: string;
  constructor(message: string, line: number, help: string) {
    super(message);
    this.line = line;
    this.help = help;
  }
}

/** An error in a record; `column` is 0-based. */
export interface RowProblem {
  readonly line: number;
  readonly column?: number;
  /** Finds the wrong piece in the text of the line. */
  readonly piece?: (line: string) => { readonly start: number; readonly end: number };
  readonly message: string;
  readonly help: string;
}

/** Reports a bad record; the next one can still be read. */
type ReportRow = (problem: RowProblem) => void;

/** The most errors to list for one file. */
const mostReported = 20;

/** A file of rows, for its reader. */
export interface RowFile {
  readonly text: Text;
  readonly displayPath: string;
  readonly absolute: string;
  /** The place of a line; only of files that are kept. */
  readonly placeOf: (line: number) => SourceRange | undefined;
  readonly reportRow: ReportRow;
  /** Sets the names that all rows share, and the line they are on. */
  readonly head: (names: readonly string[], line: number) => void;
}

export type ReadRecords = (file: RowFile) => AsyncIterable<Row>;

/** The text of a file: whole, or chunk by chunk. */
type Text = string | AsyncIterable<string>;

/** Reads a file of rows. Every record is checked once, before anything runs. */
export async function readRowFile(
  reference: string,
  place: SourceRange,
  files: SuiteFiles,
  report: Report,
  records: ReadRecords,
): Promise<Rows | undefined> {
  const absolute = await files.locate(reference, place);
  if (absolute === undefined) return undefined;
  const displayPath = files.displayPath(absolute);
  const { size } = statSync(absolute);
  let small: SourceFile | undefined;
  if (size <= keptBytes) {
    small = await files.source(reference, place);
    if (!small) return undefined;
  }
  const hash = small ? undefined : sha256Hash();
  const placeOf = (line: number): SourceRange | undefined => small && placeOfLine(small, line);
  const problems: RowProblem[] = [];
  let unreported = 0;
  const reportRow: ReportRow = (problem) => {
    if (problems.length >= mostReported) unreported++;
    if (problems.length <= mostReported) problems.push(problem);
  };
  let names: readonly string[] = [];
  let headLine = 1;
  const head = (found: readonly string[], line: number): void => {
    names = found;
    headLine = line;
  };
  const read = (onText?: (text: string) => void): AsyncIterable<Row> =>
    records({
      text: small?.text ?? decoded(absolute, onText),
      displayPath,
      absolute,
      placeOf,
      reportRow,
      head,
    });
  const kept: Row[] = [];
  let first: Row | undefined;
  try {
    for await (const row of read((text) => hash?.update(text))) {
      first ??= row;
      if (small) kept.push(row);
    }
  } catch (error) {
    if (isSystemError(error)) return files.unreadable(reference, error.code, place);
    if (!(error instanceof RowError)) throw error;
    reportRow(error);
  }
  const digest = hash?.digest('hex');
  if (digest !== undefined) files.count(absolute, () => digest);
  const named = placeOf(headLine) ?? place;
  for (const name of first?.values.keys() ?? names) checkName(name, placeOfPiece(named, name), report);
  if (first && problems.length === 0) return small ? iterate(kept) : () => read();
  if (problems.length > 0)
    reportProblems(problems, unreported, small ?? (await readLarge(absolute, displayPath)), report);
  else {
    const help = 'give it a row, or remove data';
    report({ severity: 'error', code: 'no-rows', message: `${displayPath} has no rows`, place, help });
  }
  return undefined;
}

/** The rows of a list, to be iterated many times. */
export function iterate(rows: readonly Row[]): Rows {
  return async function* () {
    yield* rows;
  };
}

/** The text of a file chunk by chunk, with LF line ends as in {@link readSourceFile}. */
async function* decoded(file: string, onText?: (text: string) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  /** A CR at the end of a chunk: the next chunk may begin with its LF. */
  let carry = '';
  const pass = (text: string): string => {
    carry = text.endsWith('\r') ? '\r' : '';
    const whole = withUnixLines(carry ? text.slice(0, -1) : text);
    onText?.(whole);
    return whole;
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      // TextDecoder does not say which byte is wrong.
      throw new RowError('the file is not UTF-8 from about here', line, 'save it as UTF-8');
    }
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
    yield pass(carry + text);
  }
  if (carry) {
    onText?.(carry);
    yield carry;
  }
}

/** Reads a large file again, to show its lines in errors. */
async function readLarge(absolute: string, displayPath: string): Promise<SourceFile> {
  return {
    path: displayPath,
    absolute,
    text: withUnixLines(new TextDecoder().decode(readFileSync(absolute))),
  };
}

/** Reports the first errors of a file, and the number of the others. */
function reportProblems(
  problems: readonly RowProblem[],
  unreported: number,
  file: SourceFile,
  report: Report,
): void {
  for (const { line, column = 0, piece, message, help } of problems.slice(0, mostReported)) {
    const whole = placeOfLine(file, line);
    const found = piece?.(file.text.slice(whole.start, whole.end));
    const place = found
      ? { file, start: whole.start + found.start, end: whole.start + found.end }
      : { ...whole, start: Math.min(whole.start + column, whole.end) };
    report({ severity: 'error', code: 'bad-rows', message, place, help });
  }
  const next = problems[mostReported];
  if (next)
    report({
      severity: 'error',
      code: 'bad-rows',
      message: `${unreported} more ${unreported === 1 ? 'row has an error' : 'rows have errors'}, from here on`,
      place: placeOfLine(file, next.line),
      help: `the first ${mostReported} of ${file.path} are listed`,
    });
}

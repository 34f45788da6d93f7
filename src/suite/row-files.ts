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

/** A fault of a rows file behind which nothing can be read. */
export class RowError extends Error {
  readonly line: number;
  readonly help: string;
  constructor(message: string, line: number, help: string) {
    super(message);
    this.line = line;
    this.help = help;
  }
}

/** What is wrong with a record; `column` counts from 0. */
export interface RowFault {
  readonly line: number;
  readonly column?: number;
  /** The piece of the line that is at fault, where it takes the line to find it. */
  readonly piece?: (line: string) => { readonly start: number; readonly end: number };
  readonly message: string;
  readonly help: string;
}

/** Reports a record that is none, after which the next can still be read. */
type TellRow = (fault: RowFault) => void;

/** So many faults of one file are told; the rest are likely the same one again. */
const mostTold = 20;

/** A rows file as its reader sees it. */
export interface RowFile {
  readonly text: Text;
  /** Its path as users are shown it, and the one on this machine. */
  readonly shown: string;
  readonly absolute: string;
  /** The place of a line; only of files that are kept. */
  readonly placeOf: (line: number) => SourceRange | undefined;
  readonly tell: TellRow;
  /** Takes note of the names that every row has, where the file says them once, and of their line. */
  readonly head: (names: readonly string[], line: number) => void;
}

export type ReadRecords = (file: RowFile) => AsyncIterable<Row>;

/** The text of a file: whole, or chunk by chunk. */
type Text = string | AsyncIterable<string>;

/** Reads a file of rows; every record is looked at once before anything runs. */
export async function readRowFile(
  reference: string,
  place: SourceRange,
  files: SuiteFiles,
  report: Report,
  records: ReadRecords,
): Promise<Rows | undefined> {
  const absolute = await files.locate(reference, place);
  if (absolute === undefined) return undefined;
  const shown = files.shown(absolute);
  const { size } = statSync(absolute);
  let small: SourceFile | undefined;
  if (size <= keptBytes) {
    small = await files.source(reference, place);
    if (!small) return undefined;
  }
  const hash = small ? undefined : sha256Hash();
  const placeOf = (line: number): SourceRange | undefined => small && placeOfLine(small, line);
  const faults: RowFault[] = [];
  let untold = 0;
  const tell: TellRow = (fault) => {
    if (faults.length >= mostTold) untold++;
    if (faults.length <= mostTold) faults.push(fault);
  };
  let names: readonly string[] = [];
  let headLine = 1;
  const head = (found: readonly string[], line: number): void => {
    names = found;
    headLine = line;
  };
  const read = (look?: (text: string) => void): AsyncIterable<Row> =>
    records({ text: small?.text ?? decoded(absolute, look), shown, absolute, placeOf, tell, head });
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
    tell(error);
  }
  const digest = hash?.digest('hex');
  if (digest !== undefined) files.count(absolute, () => digest);
  const named = placeOf(headLine) ?? place;
  for (const name of first?.values.keys() ?? names) checkName(name, placeOfPiece(named, name), report);
  if (first && faults.length === 0) return small ? iterate(kept) : () => read();
  if (faults.length > 0) tellFaults(faults, untold, small ?? (await readLarge(absolute, shown)), report);
  else {
    const help = 'give it a row, or remove data';
    report({ severity: 'error', code: 'no-rows', message: `${shown} has no rows`, place, help });
  }
  return undefined;
}

/** The rows of a list, as often as they are wanted. */
export function iterate(rows: readonly Row[]): Rows {
  return async function* () {
    yield* rows;
  };
}

/** The text of a file chunk by chunk, with LF line ends as in {@link readSourceFile}. */
async function* decoded(file: string, look?: (text: string) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  /** A CR at the end of a chunk: the next chunk may begin with its LF. */
  let held = '';
  const pass = (text: string): string => {
    held = text.endsWith('\r') ? '\r' : '';
    const whole = withUnixLines(held ? text.slice(0, -1) : text);
    look?.(whole);
    return whole;
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      // TextDecoder says only that it cannot go on.
      throw new RowError('the file is not UTF-8 from about here', line, 'save it as UTF-8');
    }
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
    yield pass(held + text);
  }
  if (held) {
    look?.(held);
    yield held;
  }
}

/** A file that was not kept: read again, since its lines are shown but once. */
async function readLarge(absolute: string, shown: string): Promise<SourceFile> {
  return { path: shown, absolute, text: withUnixLines(new TextDecoder().decode(readFileSync(absolute))) };
}

/** Tells the first faults of a file, and from the next on only how many there are. */
function tellFaults(faults: readonly RowFault[], untold: number, file: SourceFile, report: Report): void {
  for (const { line, column = 0, piece, message, help } of faults.slice(0, mostTold)) {
    const whole = placeOfLine(file, line);
    const found = piece?.(file.text.slice(whole.start, whole.end));
    const place = found
      ? { file, start: whole.start + found.start, end: whole.start + found.end }
      : { ...whole, start: Math.min(whole.start + column, whole.end) };
    report({ severity: 'error', code: 'bad-rows', message, place, help });
  }
  const next = faults[mostTold];
  if (next)
    report({
      severity: 'error',
      code: 'bad-rows',
      message: `${untold} more ${untold === 1 ? 'row has a fault' : 'rows have faults'}, from here on`,
      place: placeOfLine(file, next.line),
      help: `the first ${mostTold} of ${file.path} are told`,
    });
}

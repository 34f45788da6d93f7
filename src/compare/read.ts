import { createReadStream } from 'node:fs';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { isSystemError } from '../lib/system-error.ts';
import { scanResults, type Piece } from './scan.ts';
import { olderFormat, resultsFormat, type CaseRecord, type ResultsHead } from '../judge/case-record.ts';

/** The generated validator is large, and needed only where results are read. */
const loadChecks = () => import('./check-case.ts');

/** The results of one suite, from a file or from a run: cases in order of their ids, one at a time. */
export interface StoredSuite extends ResultsHead {
  readonly cases: () => AsyncIterable<CaseRecord>;
}

/** A results file that can be read, and where it is. */
export interface StoredFile extends StoredSuite {
  readonly file: string;
}

/**
 * Opens a results file; its cases are read one by one. Undefined for a valid JSON file that does not say it
 * holds results of any version. Throws a DiagnosticError, also while cases are read, that names the place.
 */
export async function openStored(file: string, displayPath: string): Promise<StoredFile | undefined> {
  for await (const piece of piecesOf(file, displayPath)) {
    const head = await readHead(file, displayPath, piece);
    return head && { ...head, file, cases: () => readCases(file, displayPath, head.schema) };
  }
  throw await bad(file, displayPath, 0, 'is empty');
}

/** The pieces of a results file; a file that cannot be read is reported as one that is damaged. */
async function* piecesOf(file: string, displayPath: string): AsyncGenerator<Piece> {
  try {
    yield* scanResults(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why = error.code === 'EISDIR' ? 'is a folder' : `cannot be read (${error.code})`;
    throw await bad(file, displayPath, 0, why);
  }
}

async function readHead(file: string, displayPath: string, piece: Piece): Promise<ResultsHead | undefined> {
  const whole = piece.text.trimEnd().endsWith('[') ? `${piece.text}]}` : piece.text;
  const value = parse(whole.replace(/^\uFEFF/, ''));
  if (value === undefined) throw await bad(file, displayPath, 0, `is not JSON${conflict(piece.text)}`);
  const schema = isObject(value) ? value.schema : undefined;
  if (typeof schema !== 'string' || !schema.startsWith('assay/results/')) return undefined;
  if (schema !== resultsFormat && schema !== olderFormat)
    throw await bad(
      file,
      displayPath,
      0,
      `has the format ${JSON.stringify(schema)}, this Assay reads ${resultsFormat} and ${olderFormat}`,
    );
  const { checkHead } = await loadChecks();
  const checked = isObject(value) ? checkHead(value) : { error: 'expected a map' };
  if ('error' in checked)
    throw await bad(file, displayPath, 0, `is not a valid results file: ${checked.error}`);
  if (!piece.text.trimEnd().endsWith('['))
    throw await bad(file, displayPath, 0, 'does not end with its cases');
  return checked.value;
}

async function* readCases(file: string, displayPath: string, schema: string): AsyncGenerator<CaseRecord> {
  const { checkCase, wrongVerdict } = await loadChecks();
  let before: string | undefined;
  let ended = false;
  for await (const { part, text, at: from } of piecesOf(file, displayPath)) {
    if (part === 'head') continue;
    const at = from + (/^[\s,]*/.exec(text)?.[0].length ?? 0);
    if (part === 'gap')
      throw await bad(
        file,
        displayPath,
        at,
        `has something between its cases that is not a case${conflict(text)}`,
      );
    if (part === 'tail') {
      if (!/^\]\s*\}\s*$/.test(text)) throw await bad(file, displayPath, at, 'does not end with its cases');
      ended = true;
      continue;
    }
    if (text.length === at - from) break;
    const value = parse(text);
    if (value === undefined)
      throw await bad(
        file,
        displayPath,
        at,
        `has a case here that is cut off or is not JSON${conflict(text)}`,
      );
    const checked = checkCase(value, schema);
    if ('error' in checked)
      throw await bad(file, displayPath, at, `has an invalid case here: ${checked.error}`);
    const each = checked.value;
    // An earlier version judged by other rules.
    const wrong = schema === olderFormat ? undefined : wrongVerdict(each);
    if (wrong !== undefined)
      throw await bad(
        file,
        displayPath,
        at,
        `has a verdict that does not follow from its own trials: ${wrong}`,
      );
    if (before !== undefined && each.id <= before)
      throw await bad(
        file,
        displayPath,
        at,
        `has the case ${JSON.stringify(each.id)} twice, or out of the order of ids`,
      );
    before = each.id;
    yield each;
  }
  if (!ended) throw await bad(file, displayPath, 0, 'ends before its cases do');
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The caller reports it with its place: the words of JSON.parse differ between versions of Node.
    return undefined;
  }
}

const conflict = (text: string): string =>
  /^(?:<{7}|={7}|>{7})/m.test(text) ? ': a merge conflict is not resolved' : '';

async function bad(file: string, displayPath: string, at: number, what: string): Promise<DiagnosticError> {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'bad-results',
      message: `${displayPath} ${what}`,
      path: at === 0 ? displayPath : `${displayPath}:${await lineOf(file, at)}`,
      help: 'results are written by assay run, and baselines by assay approve: make it again, or bring it back from git',
    },
  ]);
}

/** The 1-based line of a byte. */
async function lineOf(file: string, at: number): Promise<number> {
  let line = 1;
  for await (const chunk of createReadStream(file, { end: at - 1 }) as AsyncIterable<Buffer>)
    for (let index = chunk.indexOf(10); index !== -1; index = chunk.indexOf(10, index + 1)) line++;
  return line;
}

import { DiagnosticError, type SourceRange, type SourceFile } from '../diagnostics/diagnostic.ts';
import type { Exchange } from '../gemini/request.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { JsonError, parseJson } from '../lib/parse-json.ts';

/** The replies of a case, with its request (media as digests), so that a miss can say what differs. */
export interface Recording {
  readonly suite: string;
  readonly case: string;
  readonly fingerprint: string;
  readonly method: string;
  readonly model?: string;
  readonly request: JsonValue;
  readonly trials: readonly { readonly trial: number; readonly exchanges: readonly Exchange[] }[];
}

export interface CassetteFile {
  readonly schema: 'assay/cassette/1';
  /** Sorted by suite and case. */
  readonly recordings: readonly Recording[];
}

/** The recordings of a cassette's text. Throws a DiagnosticError with the place of what is invalid. */
export function readCassette(text: string, file: Omit<SourceFile, 'text'>): readonly Recording[] {
  const source: SourceFile = { ...file, text };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { message, offset: start } = error;
    throw badCassette(`the cassette is not JSON: ${message}`, { file: source, start, end: start + 1 });
  }
  const head: SourceRange = { file: source, start: 0, end: 1 };
  if (!isObject(value) || value.schema !== 'assay/cassette/1')
    throw badCassette(
      `expected a cassette ("schema": "assay/cassette/1"), received ${isObject(value) ? `schema ${JSON.stringify(value.schema) ?? 'none'}` : `a ${typeName(value)}`}`,
      head,
    );
  if (!Array.isArray(value.recordings)) throw badCassette('the cassette has no list of recordings', head);
  for (const [index, each] of value.recordings.entries()) {
    const problem = recordingError(each);
    if (problem !== undefined) throw badCassette(`recordings[${index}] of the cassette ${problem}`, head);
  }
  return value.recordings as unknown as Recording[];
}

function recordingError(each: JsonValue): string | undefined {
  if (!isObject(each)) return `is a ${typeName(each)}, not a map`;
  for (const key of ['suite', 'case', 'fingerprint', 'method'])
    if (typeof each[key] !== 'string') return `has no ${key}`;
  if (!Array.isArray(each.trials)) return 'has no list of trials';
  const areValid = each.trials.every(
    (trial) => isObject(trial) && typeof trial.trial === 'number' && hasExchanges(trial.exchanges),
  );
  return areValid ? undefined : 'has a trial without a number or without exchanges';
}

/** True for a list of one or more exchanges, as far as recordings are checked. */
export function hasExchanges(value: JsonValue | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((exchange) => isObject(exchange) && typeof exchange.totalMs === 'number')
  );
}

function badCassette(message: string, place: SourceRange): DiagnosticError {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'bad-cassette',
      message,
      place,
      help: 'a cassette is written by assay run --record FILE; record it again',
    },
  ]);
}

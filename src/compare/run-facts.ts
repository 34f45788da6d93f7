import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { isSystemError } from '../lib/system-error.ts';

/** What run.json says of how a run went. */
export interface RunFacts {
  readonly ended: string;
  readonly message?: string;
  /** Of replies that were judged again: how many cases lack any. */
  readonly judged?: { readonly lacking: number };
  /** What narrowed the run; absent if nothing did. */
  readonly selection?: Readonly<Record<string, readonly string[]>>;
  /** SHA-256 of each results file by suite; absent in folders of before it was written. */
  readonly results?: Readonly<Record<string, unknown>>;
}

/** SHA-256 of a file, as run.json has it for results. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = sha256Hash();
  const pieces = createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** The facts come before the suites; no head is longer. */
const mostBytes = 1 << 20;

/** The facts of the run that wrote a folder of results; undefined where none are to be read there. */
export async function readRunFactsIfAny(folder: string): Promise<RunFacts | undefined> {
  const text = await readStart(path.join(folder, 'run.json'), folder);
  return text === undefined ? undefined : parse(text);
}

/** Reads the facts of the run that wrote a reports folder; throws a DiagnosticError where there are none. */
export async function readRunFacts(folder: string, displayPath: string): Promise<RunFacts> {
  const text = await readStart(path.join(folder, 'run.json'), displayPath);
  const facts = text === undefined ? undefined : parse(text);
  if (facts) return facts;
  throw unknown(
    displayPath,
    text === undefined
      ? `${displayPath} has no run.json: it is not a reports folder, or the run did not end`
      : 'run.json does not say how the run ended',
  );
}

function unknown(displayPath: string, message: string): DiagnosticError {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'unknown-run',
      message,
      path: path.posix.join(displayPath, 'run.json'),
      help: 'approve the complete folder that assay run wrote (--reports DIR)',
    },
  ]);
}

async function readStart(file: string, displayPath: string): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw unknown(displayPath, `run.json cannot be read (${error.code})`);
  } finally {
    await handle?.close();
  }
}

function parse(text: string): RunFacts | undefined {
  const end = text.indexOf(',\n  "suites": [');
  let value: JsonValue;
  try {
    value = JSON.parse(`${text.slice(0, end)}\n}`) as JsonValue;
  } catch {
    // The caller reports it.
    return undefined;
  }
  const ours =
    isObject(value) &&
    value.schema === 'assay/run/1' &&
    typeof value.ended === 'string' &&
    isMapIfAny(value.results);
  return ours ? (value as unknown as RunFacts) : undefined;
}

const isMapIfAny = (value: JsonValue | undefined): boolean => value === undefined || isObject(value);

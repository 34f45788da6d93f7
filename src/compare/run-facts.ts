import { open } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonValue } from '../lib/json.ts';

/** What run.json says of how a run went. */
export interface RunFacts {
  readonly ended: string;
  readonly message?: string;
  /** Of replies that were judged again: how many cases lack any. */
  readonly judged?: { readonly lacking: number };
  /** What narrowed the run; absent if nothing did. */
  readonly selection?: Readonly<Record<string, readonly string[]>>;
}

/** The facts stand before the suites; no head is longer. */
const mostBytes = 1 << 20;

/** Reads the facts of the run that wrote a reports folder; throws a DiagnosticError where there are none. */
export async function readRunFacts(folder: string, shown: string): Promise<RunFacts> {
  const text = await readStart(path.join(folder, 'run.json'));
  const facts = text === undefined ? undefined : parse(text);
  if (facts) return facts;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'unknown-run',
      message:
        text === undefined
          ? `there is no run.json in ${shown}, so nothing says whether the run came to its end`
          : `run.json does not say how the run ended`,
      path: path.posix.join(shown, 'run.json'),
      help: 'approve the folder that assay run wrote (--reports DIR), all of it',
    },
  ]);
}

async function readStart(file: string): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function parse(text: string): RunFacts | undefined {
  const end = text.indexOf(',\n  "suites": [');
  let value: JsonValue;
  try {
    value = JSON.parse(`${text.slice(0, end)}\n}`) as JsonValue;
  } catch {
    // The caller tells of it.
    return undefined;
  }
  const ours = isObject(value) && value.schema === 'assay/run/1' && typeof value.ended === 'string';
  return ours ? (value as unknown as RunFacts) : undefined;
}

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Exchange } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { restore, redactJson } from '../lib/redact.ts';
import { replaceFile } from '../lib/replace-file.ts';
import { hasExchanges } from './cassette-file.ts';
import { isStorable, type ReplayStore } from './replay-store.ts';
import { errorCode } from '../lib/system-error.ts';

export interface CacheOptions {
  /** Older replies are not used. In ms. */
  readonly maxAgeMs: number;
  /** Stores blocked replies too, and errors that a case asserts. */
  readonly all: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called each time the system refuses to read or write an entry; the run goes on without it. */
  readonly onFailure: (trouble: CacheFailure) => void;
}

/** What could not be done with the cache, and the system's code for it, such as EACCES. */
export interface CacheFailure {
  readonly what: 'read' | 'written';
  readonly code: string;
}

const blocked: readonly string[] = ['promptBlocked', 'answerBlocked', 'recited'];

/**
 * Disposable replies, one file each, by fingerprint and trial number: equal requests of a repeated case keep their own
 * replies. An entry that cannot be read is ignored and written again. No failure of the cache ends a run.
 */
export function openCache(directory: string, options: CacheOptions): ReplayStore {
  const { maxAgeMs, all, now } = options;
  /** Undefined where the system refuses. */
  const attempt = async <T>(what: CacheFailure['what'], work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      // Node has codes of its own, for a file that is too long, say.
      const code = errorCode(error);
      if (code === undefined) throw error;
      if (what !== 'read' || code !== 'ENOENT') options.onFailure({ what, code });
      return undefined;
    }
  };
  const fileOf = (fingerprint: string, trial: number): string =>
    path.join(directory, fingerprint.slice(0, 2), `${fingerprint}-${trial}.json`);
  return {
    lookup: async (testCase, trial) => {
      const text = await attempt('read', () => readFile(fileOf(testCase.fingerprint, trial), 'utf8'));
      const entry = text === undefined ? undefined : readEntry(restore(text));
      return entry && now() - entry.storedAt <= maxAgeMs
        ? { exchanges: entry.exchanges, from: 'cache' }
        : undefined;
    },
    store: async (testCase, record, results) => {
      // A hit keeps its age.
      if (record.from === 'cache' || !isStorable(testCase, results)) return;
      const outcome = results.at(-1)?.reply.outcome;
      if (!all && (outcome === 'apiError' || blocked.includes(outcome ?? ''))) return;
      const file = fileOf(record.fingerprint, record.trial);
      const entry = {
        schema: 'assay/cache/1',
        storedAt: new Date(now()).toISOString(),
        exchanges: record.exchanges,
      };
      await attempt('written', async () => {
        await mkdir(path.dirname(file), { recursive: true });
        await replaceFile(file, redactJson(`${JSON.stringify(entry)}\n`), 0o600);
      });
    },
  };
}

function readEntry(text: string): { storedAt: number; exchanges: readonly Exchange[] } | undefined {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    // Cut off by a crash or a full disk: the call is made again.
    return undefined;
  }
  if (!isObject(value) || value.schema !== 'assay/cache/1' || !hasExchanges(value.exchanges))
    return undefined;
  const storedAt = typeof value.storedAt === 'string' ? Date.parse(value.storedAt) : Number.NaN;
  if (Number.isNaN(storedAt)) return undefined;
  return { storedAt, exchanges: value.exchanges as unknown as Exchange[] };
}

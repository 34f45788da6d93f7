import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeReply } from '../gemini/decode.ts';
import type { Exchange } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import { reveal, seal } from '../lib/redact.ts';
import { writing } from '../lib/write-error.ts';
import { isAnswered, type Recordings } from './recordings.ts';

export interface CacheOptions {
  /** Older replies are asked again. In ms. */
  readonly maxAgeMs: number;
  /** Also keeps blocked replies, and errors that a case asserts. */
  readonly all: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const blocked: readonly string[] = ['promptBlocked', 'answerBlocked', 'recited'];

/**
 * Disposable replies, one file each, by fingerprint and trial number: equal requests of a repeated case keep their own
 * replies. An entry that cannot be read is none, and is written anew.
 */
export function openCache(directory: string, { maxAgeMs, all, now }: CacheOptions): Recordings {
  const fileOf = (fingerprint: string, trial: number): string =>
    path.join(directory, fingerprint.slice(0, 2), `${fingerprint}-${trial}.json`);
  return {
    recall: async (asked, trial) => {
      const text = await readFile(fileOf(asked.fingerprint, trial), 'utf8').catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        },
      );
      const entry = text === undefined ? undefined : readEntry(reveal(text));
      return entry && now() - entry.storedAt <= maxAgeMs
        ? { exchanges: entry.exchanges, from: 'cache' }
        : undefined;
    },
    keep: async (asked, record) => {
      // A hit keeps its age.
      if (record.from === 'cache' || !isAnswered(asked, record)) return;
      const last = record.exchanges.at(-1);
      const outcome = last && decodeReply(asked.method, last).outcome;
      if (!all && (outcome === 'apiError' || blocked.includes(outcome ?? ''))) return;
      const file = fileOf(record.fingerprint, record.trial);
      const beside = `${file}.${process.pid}.part`;
      const entry = {
        schema: 'assay/cache/1',
        storedAt: new Date(now()).toISOString(),
        exchanges: record.exchanges,
      };
      await writing(file, async () => {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(beside, seal(`${JSON.stringify(entry)}\n`), { mode: 0o600 });
        await rename(beside, file);
      });
    },
  };
}

function readEntry(text: string): { storedAt: number; exchanges: readonly Exchange[] } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut off by a crash or a full disk: the reply is asked again.
    return undefined;
  }
  if (!isObject(value) || value.schema !== 'assay/cache/1' || !Array.isArray(value.exchanges))
    return undefined;
  const storedAt = typeof value.storedAt === 'string' ? Date.parse(value.storedAt) : Number.NaN;
  if (Number.isNaN(storedAt) || value.exchanges.length === 0) return undefined;
  return { storedAt, exchanges: value.exchanges as unknown as Exchange[] };
}

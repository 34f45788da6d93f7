import path from 'node:path';
import { type Diagnostic, usageError } from '../diagnostics/diagnostic.ts';
import type { CacheFailure } from '../execute/cache.ts';
import type { Cassette } from '../execute/cassette.ts';
import type { ReplayStore } from '../execute/replay-store.ts';
import { emit, type Context } from './context.ts';
import type { PlanningOptions } from './select-cases.ts';
import { selectionOf } from './options.ts';
import { prepareCache, prepareCassette } from './prepare-folder.ts';
import { plural } from '../lib/words.ts';
import { openCassette } from '../execute/cassette.ts';
import { openCache } from '../execute/cache.ts';
import { combineStores } from '../execute/replay-store.ts';
import { errorCode } from '../lib/system-error.ts';

export interface RecordingOptions {
  /** A cassette that stores the replies; what it has already is not sent again. */
  readonly record?: string;
  /** A cassette that answers every call. */
  readonly replay?: string;
  /** With `record`: drop what no suite uses. */
  readonly prune?: boolean;
  /** A folder that stores replies and answers with those it has; true for the default one. */
  readonly cache?: string | true;
  /** Days; 30 where nothing is given. */
  readonly cacheAge?: number;
  /** Store blocked replies too, and errors that a case asserts. */
  readonly cacheAll?: boolean;
}

const defaultCache = path.join('.assay', 'cache');
const defaultAge = 30;
const dayMs = 86_400_000;

/** Refuses options that contradict each other, before anything is read. */
export function checkRecordings(
  flags: RecordingOptions & PlanningOptions & { emulator?: boolean; baseUrl?: string },
): void {
  if (flags.replay !== undefined) {
    for (const [name, value] of Object.entries({
      '--record': flags.record,
      '--cache': flags.cache,
      '--emulator': flags.emulator,
      '--base-url': flags.baseUrl,
    }))
      if (value !== undefined)
        throw usageError(
          'replay-alone',
          `--replay makes no calls, so ${name} cannot be used with it`,
          'leave one of them out',
        );
  }
  const ofCache = Object.entries({ '--cache-age': flags.cacheAge, '--cache-all': flags.cacheAll }).find(
    ([, value]) => value !== undefined,
  )?.[0];
  if (ofCache !== undefined && flags.cache === undefined)
    throw usageError(
      'cache-option-without-cache',
      `${ofCache} needs --cache`,
      `add --cache, or leave ${ofCache} out`,
    );
  if (flags.prune && flags.record === undefined)
    throw usageError(
      'prune-without-record',
      '--prune needs --record FILE',
      'name the cassette that is to lose what no suite uses',
    );
  const narrowing = {
    ...selectionOf(flags),
    'last-failed': flags.lastFailed,
    changed: flags.changed,
    shard: flags.shard,
  };
  const narrowed = Object.entries(narrowing).find(([, value]) => value !== undefined)?.[0];
  if (flags.prune && narrowed)
    throw usageError(
      'prune-narrowed',
      `--prune with --${narrowed} would drop what the other cases use`,
      'leave the narrowing options out',
    );
}

/** The recordings of a run: a cassette, a cache, both, in this order, or none. */
export interface OpenRecordings {
  readonly replays?: ReplayStore;
  /** Saves the cassette, and reports how many recordings it has and whether the cache failed. */
  readonly save: () => Promise<void>;
}

/** Opens what the flags name; a missing or wrong cassette is found before the first call. */
export async function openRecordings(context: Context, flags: RecordingOptions): Promise<OpenRecordings> {
  const all: ReplayStore[] = [];
  let cassette: Cassette | undefined;
  let refused: Diagnostic | undefined;
  const file = flags.replay ?? flags.record;
  if (file !== undefined) {
    if (flags.record !== undefined) prepareCassette(path.resolve(context.cwd, file), file);
    try {
      cassette = await openCassette(path.resolve(context.cwd, file), file, {
        mode: flags.replay === undefined ? 'record' : 'replay',
        prune: flags.prune === true,
      });
    } catch (error) {
      throw unreadable(error, file);
    }
    all.push(cassette);
  }
  if (flags.cache !== undefined) {
    const displayPath = flags.cache === true ? defaultCache : flags.cache;
    const folder = path.resolve(context.cwd, displayPath);
    prepareCache(folder, displayPath);
    all.push(
      openCache(folder, {
        onFailure: (failure) => void (refused ??= cacheWarning(displayPath, failure)),
        maxAgeMs: (flags.cacheAge ?? defaultAge) * dayMs,
        all: flags.cacheAll === true,
        now: Date.now,
      }),
    );
  }
  if (all.length === 0) return { save: () => Promise.resolve() };
  return {
    replays: combineStores(all),
    save: async () => {
      if (refused) emit(context, [refused]);
      const saved = await cassette?.save();
      if (!saved || flags.replay !== undefined) return;
      const { total, added, dropped } = saved;
      const changes = [`${added} recorded`, ...(dropped > 0 ? [`${dropped} dropped`] : [])].join(', ');
      context.on({ type: 'note', text: `cassette: ${file}: ${plural(total, 'recording')} (${changes})` });
    },
  };
}

function cacheWarning(displayPath: string, { what, code }: CacheFailure): Diagnostic {
  return {
    severity: 'warning',
    code: 'cache-not-used',
    message: `replies in the cache ${displayPath} could not be ${what} (${code}); the run went on without them`,
    help: `see that this user may read and write ${displayPath} and that the disk has room, or leave --cache out`,
  };
}

function unreadable(error: unknown, file: string): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  return usageError(
    'missing-cassette',
    `the cassette ${file} cannot be read (${code})`,
    'make it with --record FILE',
  );
}

import type { CallResult } from '../gemini/call-result.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Case } from '../plan/case.ts';

/** Replies that were recorded earlier: of a cassette, of a cache, or of both. */
export interface ReplayStore {
  /** What a trial was answered then; undefined: it is to be asked. */
  readonly lookup: (asked: Case, trial: number) => Promise<Recalled | undefined>;
  /** Keeps what a trial was answered. */
  readonly store: (asked: Case, record: TrialRecord, results: readonly CallResult[]) => Promise<void>;
}

type Recalled = Required<Pick<TrialRecord, 'exchanges' | 'from'>>;

/** Asks the recordings in turn; what is answered is kept in all. */
export function combineStores(all: readonly ReplayStore[]): ReplayStore {
  return {
    lookup: async (asked, trial) => {
      for (const each of all) {
        const found = await each.lookup(asked, trial);
        if (found) return found;
      }
      return undefined;
    },
    store: async (asked, record, results) => {
      for (const each of all) await each.store(asked, record, results);
    },
  };
}

/** True for a trial whose reply came whole and may be given again: a failure only where the case admits failures. */
export function isStorable(asked: Case, results: readonly CallResult[]): boolean {
  const last = results.at(-1);
  if (!last || last.exchange.failure) return false;
  return last.classification.kind === 'ok' || asked.judgesErrors;
}

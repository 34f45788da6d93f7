import type { CallResult } from '../gemini/call-result.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Case } from '../plan/case.ts';

/** Replies that were recorded earlier: of a cassette, of a cache, or of both. */
export interface ReplayStore {
  /** The recorded replies of a trial; undefined where there are none. */
  readonly lookup: (testCase: Case, trial: number) => Promise<Recalled | undefined>;
  /** Stores the replies of a trial. `results` are its exchanges, read. */
  readonly store: (testCase: Case, record: TrialRecord, results: readonly CallResult[]) => Promise<void>;
}

type Recalled = Required<Pick<TrialRecord, 'exchanges' | 'from'>>;

/** Looks into each store in turn; stores in all. */
export function combineStores(all: readonly ReplayStore[]): ReplayStore {
  return {
    lookup: async (testCase, trial) => {
      for (const each of all) {
        const found = await each.lookup(testCase, trial);
        if (found) return found;
      }
      return undefined;
    },
    store: async (testCase, record, results) => {
      for (const each of all) await each.store(testCase, record, results);
    },
  };
}

/** True for a trial whose reply came whole and may be given again: a failure only where the case admits failures. */
export function isStorable(testCase: Case, results: readonly CallResult[]): boolean {
  const last = results.at(-1);
  if (!last || last.exchange.failure) return false;
  return last.classification.kind === 'ok' || testCase.judgesErrors;
}

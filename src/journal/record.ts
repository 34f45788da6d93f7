import type { Exchange } from '../gemini/request.ts';

/** The first line of a journal: what was run, so that it can be judged and reported again. */
export interface RunRecord {
  readonly v: 1;
  readonly type: 'run';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly assay: string;
  readonly node: string;
  /** Scheme, host and path prefix; no key, no query. */
  readonly endpoint: string;
  readonly emulator: boolean;
  /** Paths as given, relative to `cwd` where possible. */
  readonly paths: readonly string[];
  readonly suites: readonly {
    readonly name: string;
    readonly path: string;
    readonly digest: string;
    readonly cases: number;
  }[];
  /** The narrowing and overriding options, to plan the same cases again. */
  readonly options: {
    readonly selection: Readonly<Record<string, readonly string[]>>;
    readonly useModel?: string;
    readonly repeats?: number;
  };
}

/** One HTTP try; the last one of a call that gave the exchange has no `failed`. */
export interface Attempt {
  /** Which call of the trial (0 unless it is a conversation). */
  readonly call: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ms: number;
  readonly status?: number;
  /** Why it was not taken: a google.rpc status or a transport failure's kind. */
  readonly failed?: string;
  /** Milliseconds waited after it before the next try. */
  readonly waitedMs?: number;
}

/** A settled trial: what was asked and what came back; no verdicts. */
export interface TrialRecord {
  readonly v: 1;
  readonly type: 'trial';
  readonly suite: string;
  readonly case: string;
  /** 1-based ask number within the case; order of asking, not of meaning. */
  readonly trial: number;
  readonly fingerprint: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One an actual call, in order; a conversation that stopped early has fewer. */
  readonly exchanges: readonly Exchange[];
  readonly attempts: readonly Attempt[];
}

/** The last line of a run that came to its end (a run without it was killed). */
export interface EndRecord {
  readonly v: 1;
  readonly type: 'end';
  readonly at: string;
  /** `done`, `interrupted`, `bailed`, or `stopped` (a fatal error). */
  readonly reason: 'done' | 'interrupted' | 'bailed' | 'stopped';
  readonly message?: string;
}

export type JournalRecord = RunRecord | TrialRecord | EndRecord;

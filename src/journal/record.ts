import type { Exchange } from '../gemini/request.ts';

/** The version of the records that this Assay writes and reads. */
export const journalVersion = 2;

/** The first line of a journal: what was run, so that it can be judged and reported again. */
export interface RunRecord {
  readonly v: typeof journalVersion;
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
    /** What --last-failed and --changed selected, by suite: the results they used may be gone when the run is read back. */
    readonly cases?: Readonly<Record<string, readonly string[]>>;
  };
  /** Which shard of the plan was run; absent: all of it. */
  readonly shard?: ShardRecord;
  /** Of a merged journal: how many shards it was merged from. */
  readonly shards?: number;
}

/** The part of a plan that one machine runs. */
export interface ShardRecord {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** SHA-256 of the whole plan: its cases, what each asks, and which shard has it. */
  readonly plan: string;
}

/** A run that broke off goes on: what follows belongs to the same run, with its plan as it is now. */
export interface ResumeRecord extends Omit<RunRecord, 'type'> {
  readonly type: 'resume';
}

/** One HTTP try. */
export interface Attempt {
  /** Which call of the trial (0 unless it is a conversation). */
  readonly call: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ms: number;
  readonly status?: number;
  /** Why it was no success: a google.rpc status or a transport failure's kind. */
  readonly failed?: string;
  /** True where the request was sent and its reply was lost: its cost is not known. */
  readonly lost?: boolean;
  /** Milliseconds waited after it before the next try; absent where none followed. */
  readonly waitedMs?: number;
}

/** A settled trial: its replies, without verdicts. */
export interface TrialRecord {
  readonly v: typeof journalVersion;
  readonly type: 'trial';
  readonly suite: string;
  readonly case: string;
  /** From 1 within the case. Of several records with the same number the last counts. */
  readonly trial: number;
  readonly fingerprint: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One an actual call, in order; a conversation that stopped early has fewer. */
  readonly exchanges: readonly Exchange[];
  readonly attempts: readonly Attempt[];
  /** Set where no call was made: the exchanges were recorded earlier. */
  readonly from?: 'cache' | 'cassette';
}

/** A call of a conversation, but not its last: a trial that did not settle goes on after it. */
export interface TurnRecord {
  readonly v: typeof journalVersion;
  readonly type: 'turn';
  readonly suite: string;
  readonly case: string;
  readonly trial: number;
  readonly fingerprint: string;
  /** Which call of the trial, from 0. */
  readonly call: number;
  readonly exchange: Exchange;
  /** Those of this call. */
  readonly attempts: readonly Attempt[];
}

/** Why a run ended; all but `done` leave it incomplete, and `bailed` on purpose. */
export type EndReason = 'done' | 'interrupted' | 'bailed' | 'stopped' | 'budget';

/** The last line of a run that came to its end (a run without it was killed). */
export interface EndRecord {
  readonly v: typeof journalVersion;
  readonly type: 'end';
  readonly at: string;
  readonly reason: EndReason;
  /** Why, in one sentence; stable, since reports contain it. */
  readonly message?: string;
  /** Models to which no further calls were made, each with the reason. */
  readonly stoppedModels?: Readonly<Record<string, string>>;
  /** Calls whose replies were lost, of trials that never settled; absent if there were none. */
  readonly lost?: number;
}

export type JournalRecord = RunRecord | ResumeRecord | TrialRecord | TurnRecord | EndRecord;

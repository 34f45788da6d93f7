import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { Attempt, EndReason } from '../journal/record.ts';
import type { AssertionResult, CaseRecord, Summary, TrialResult } from './case-record.ts';

export type { Summary, Verdict } from './case-record.ts';

/** Facts of an assertion that are not in a results file. */
export interface AssertionDetails {
  readonly place: SourceRange;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** Measured; differs from run to run. */
  readonly figure?: string | undefined;
}

/** How one assertion of one trial came out. */
export interface JudgedAssertion {
  readonly result: AssertionResult;
  readonly details: AssertionDetails;
}

/** What differs from run to run, though the replies are the same. */
export interface VolatileFacts {
  readonly trial: number;
  readonly at: string;
  readonly totalMs: number;
  readonly firstTokenMs?: number | undefined;
  readonly chunks?: number | undefined;
  readonly attempts: number;
  readonly waitedMs: number;
  /** The attempts that others followed, in order; absent where none did. */
  readonly retried?:
    | readonly Pick<Attempt, 'call' | 'ms' | 'status' | 'failed' | 'lost' | 'waitedMs'>[]
    | undefined;
  readonly responseId?: string | undefined;
  /** Set where nothing was sent: the replies were recorded earlier. */
  readonly from?: 'cache' | 'cassette' | undefined;
  /** What the replies of its calls cost in USD; absent where that is not known. */
  readonly usd?: number | undefined;
  /** How many of its attempts were sent and got no whole reply: what those cost is not known. Absent if there were none. */
  readonly lost?: number | undefined;
}

/** A trial as it is judged. */
export interface JudgedTrial {
  readonly result: TrialResult;
  readonly volatile: VolatileFacts;
  /** One for each of the result's assertions. */
  readonly details: readonly AssertionDetails[];
}

/** A judged case: its record, and facts that are not in a results file. */
export interface JudgedCase {
  readonly record: CaseRecord;
  /** Of the test in the suite file. */
  readonly place: SourceRange;
  /** In the order of the record's trials. */
  readonly trials: readonly JudgedTrial[];
}

/** A case by its names and verdict alone: nothing is rendered or judged again for it. */
export interface CaseOutline extends Pick<CaseRecord, 'id' | 'verdict' | 'test'> {
  readonly row?: string | undefined;
  readonly prompt?: string | undefined;
  readonly config?: string | undefined;
  readonly model?: string | undefined;
}

/** Cases of one config and model, counted. */
export interface Group {
  readonly config?: string;
  readonly model?: string;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  readonly inconclusive: number;
  /** Of all trials. */
  readonly tokens: number;
  readonly ms: number;
  /** Of the trials whose cost is known. */
  readonly usd: number;
  /** Trials whose replies have no known cost. */
  readonly unpriced: number;
  /** Attempts that were sent and got no whole reply: what they cost is not known. */
  readonly lost: number;
  /** Trials answered from a cache or a cassette. */
  readonly recalled: number;
}

/** A suite's journal judged and folded. `cases` is sorted by id (code-point order), may be iterated many times, and keeps one case in memory. */
export interface SuiteResults {
  readonly suite: string;
  readonly description?: string;
  /** Path of the suite file relative to its root, forward slashes. */
  readonly path: string;
  readonly summary: Summary;
  /** In the order of the plan's ids. */
  readonly groups: readonly Group[];
  /** All cases in the order of {@link SuiteResults.cases}, in outline. */
  readonly outline: () => Iterable<CaseOutline>;
  readonly cases: () => AsyncIterable<JudgedCase>;
}

/** Everything reports are made of. */
export interface Results {
  readonly suites: readonly SuiteResults[];
  /** Volatile facts of the run. */
  readonly run: {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly durationMs: number;
    readonly endpoint: string;
    readonly emulator: boolean;
    readonly assay: string;
    readonly node: string;
    readonly ended: EndReason;
    /** What narrowed the run; absent if nothing did. */
    readonly selection?: Readonly<Record<string, readonly string[]>>;
    readonly message?: string;
    readonly stoppedModels?: Readonly<Record<string, string>>;
    /** Calls that were sent, and whose trials had not settled when the run ended; absent if there were none. */
    readonly lost?: number;
    /** How many shards it was merged from. */
    readonly shards?: number;
    /** Present where the suites as they are now judge the replies of an earlier run. */
    readonly judged?: {
      /** ISO 8601, UTC. */
      readonly at: string;
      /** The journal, as the user named it. */
      readonly journal: string;
      /** Cases to which the journal has no reply, or too few. */
      readonly lacking: number;
    };
  };
}

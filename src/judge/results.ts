import type { Place } from '../diagnostics/diagnostic.ts';
import type { Grounding, Outcome, SafetyRating, TokenCounts } from '../gemini/reply.ts';
import type { Method, ReplyKind } from '../gemini/methods.ts';
import type { Attempt, EndReason } from '../journal/record.ts';
import type { JsonValue } from '../lib/json.ts';
import type { ShownTurn } from '../plan/case.ts';
import type { Digests } from './digests.ts';

export type Verdict = 'passed' | 'failed' | 'errored' | 'skipped' | 'inconclusive';

export interface Summary {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  readonly inconclusive: number;
  /** Missed `severity: warn` assertions and cases without assertions. */
  readonly warnings: number;
}

/** How one assertion of one trial came out. */
export interface AssertionResult {
  /** In short words, as written: `contains: backpack`, or the label. */
  readonly assertion: string;
  readonly kind: string;
  readonly severity: 'error' | 'warn';
  readonly guardrail: boolean;
  /** `unknown` (cannot tell) counts as failed at the top. */
  readonly verdict: 'passed' | 'failed' | 'unknown';
  readonly message: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** It holds, but comes close to a bound: which, in stable words. */
  readonly near?: string | undefined;
  /** Volatile figure: not in stable files. */
  readonly figure?: string | undefined;
  readonly place: Place;
}

/** Media of a reply: what they are, and by what the same ones are known. */
export interface MediaDigest {
  readonly type: 'image' | 'audio' | 'video' | 'media';
  readonly mimeType?: string | undefined;
  /** Their size, before base64. */
  readonly bytes: number;
  /** Of the bytes, lower-case hex. */
  readonly sha256: string;
}

/** One part of an answer, by the API's names. */
export type PartResult = {
  /** Set for what the model thought. */
  readonly thought?: true;
} & (
  | { readonly type: 'text'; readonly text: string }
  | MediaDigest
  | { readonly type: 'file'; readonly mimeType?: string | undefined; readonly uri: string }
  | { readonly type: 'functionCall'; readonly name: string; readonly args: JsonValue }
  | { readonly type: 'executableCode'; readonly language?: string | undefined; readonly code: string }
  | {
      readonly type: 'codeExecutionResult';
      readonly outcome?: string | undefined;
      readonly output: string;
    }
  | { readonly type: 'other'; readonly part: JsonValue }
);

/** A source that an answer cites. */
export interface CitationResult {
  readonly uri?: string | undefined;
  readonly title?: string | undefined;
  readonly license?: string | undefined;
  readonly startIndex?: number | undefined;
  readonly endIndex?: number | undefined;
}

export interface CandidateResult {
  readonly finishReason?: string | undefined;
  readonly finishMessage?: string | undefined;
  readonly text?: string | undefined;
  readonly thoughts?: string | undefined;
  readonly functionCalls?: readonly { readonly name: string; readonly args: JsonValue }[] | undefined;
  /** All parts in order; absent where there is nothing but text, thoughts and function calls. */
  readonly parts?: readonly PartResult[] | undefined;
  readonly citations?: readonly CitationResult[] | undefined;
  readonly grounding?: Grounding | undefined;
  readonly safety?: readonly SafetyRating[] | undefined;
}

/** One turn of a conversation: its reply's first candidate, which is the one that was sent back. */
export interface TurnResult extends CandidateResult {
  readonly outcome: Outcome;
  readonly blockReason?: string | undefined;
  /** Of its call alone. */
  readonly usage?: TokenCounts | undefined;
}

export interface TrialResult {
  readonly verdict: 'passed' | 'failed' | 'errored';
  readonly outcome: Outcome;
  /** Why it could not be judged (errored), or what the API said (an error that was asserted). Stable words. */
  readonly error?:
    | {
        readonly code?: number | undefined;
        readonly status?: string | undefined;
        readonly reason?: string | undefined;
        readonly message: string;
        readonly transport?: string | undefined;
      }
    | undefined;
  readonly problem?: string | undefined;
  readonly blockReason?: string | undefined;
  readonly promptSafety?: readonly SafetyRating[] | undefined;
  readonly modelVersion?: string | undefined;
  /** Of all calls of the trial together. */
  readonly usage?: TokenCounts | undefined;
  readonly candidates: readonly CandidateResult[];
  /** countTokens, embeddings, models: a short stable digest of the response, for the reader (embeddings: dimensions and norm). */
  readonly response?: JsonValue | undefined;
  /** Of a conversation: every turn that was asked, in order. The last one's reply is also in `candidates`. */
  readonly turns?: readonly TurnResult[] | undefined;
  readonly assertions: readonly AssertionResult[];
  /** Not in stable files. */
  readonly volatile: {
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
    /** Set where nothing was asked: the replies were recorded earlier. */
    readonly from?: 'cache' | 'cassette' | undefined;
    /** What the replies of its calls cost in USD; absent where that is not known. */
    readonly usd?: number | undefined;
    /** How many of its attempts were sent and got no whole reply: what those cost is not known. Absent if there were none. */
    readonly lost?: number | undefined;
  };
}

export interface CaseResult {
  readonly id: string;
  readonly verdict: Verdict;
  /** Place of the test in the suite file. */
  readonly place: Place;
  readonly test: string;
  readonly row?: string | undefined;
  readonly prompt?: string | undefined;
  readonly config?: string | undefined;
  readonly model?: string | undefined;
  readonly method: Method;
  readonly replyKind: ReplyKind;
  readonly tags: readonly string[];
  readonly fingerprint?: string | undefined;
  readonly digests: Digests;
  /** The trials of the case, and those that were lost. */
  readonly repeats: number;
  readonly passRate: number;
  readonly skip?: string | undefined;
  readonly shown: readonly ShownTurn[];
  /** Case-level notes that count as warnings, for example `no assertions`. */
  readonly warnings: readonly string[];
  /** Ordered by their content, unnumbered. Fewer than `repeats` where some were lost. */
  readonly trials: readonly TrialResult[];
}

/** A case by its names and verdict alone: nothing is rendered or judged again for it. */
export interface CaseOutline extends Pick<CaseResult, 'id' | 'verdict' | 'test'> {
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

/** A suite's journal judged and folded. `cases` is sorted by id (code-point order), may be iterated many times, and holds but one case at a time. */
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
  readonly cases: () => AsyncIterable<CaseResult>;
  /** The same cases, a few at a time: for who reads them all, a step for each costs as much as the case. */
  readonly batches: () => AsyncIterable<readonly CaseResult[]>;
  /** Only those that failed or errored. */
  readonly failing: () => AsyncIterable<CaseResult>;
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

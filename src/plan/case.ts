import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/source-node.ts';
import type { Conversation } from '../gemini/request.ts';
import type { DisplayTurn } from '../gemini/request-facts.ts';
import type { Method, ReplyKind } from '../gemini/methods.ts';
import type { JsonValue } from '../lib/json.ts';
import type { NamedConfig, NamedPrompt, Row, Suite, Test } from '../suite/suite.ts';

/**
 * One cell of the matrix test × row × prompt × config × model, before its templates are rendered: small enough that a
 * plan may hold 100,000 of them. {@link Plan.materialize} renders it when it is sent or judged.
 */
export interface CaseRef {
  /** `test / row / prompt / config / model`, separators in names escaped. */
  readonly id: string;
  readonly suite: Suite;
  readonly test: Test;
  readonly row?: Row | undefined;
  /** The row's name in the id. */
  readonly rowName?: string | undefined;
  readonly prompt?: NamedPrompt | undefined;
  readonly config?: NamedConfig | undefined;
  /** Bare model id, rendered; absent for models.list. */
  readonly model?: string | undefined;
  /** True when the model is an axis and so a part of the id. */
  readonly modelInId: boolean;
  readonly method: Method;
  readonly repeats: number;
  readonly passRate: number;
  readonly skip?: string | undefined;
}

/** A case ready to be sent and judged. */
export interface Case extends CaseRef {
  readonly request: Conversation;
  /** SHA-256 hex of method, model and canonical body, media as digests. */
  readonly fingerprint: string;
  readonly assertions: readonly BoundAssertion[];
  /** The prompt as the report shows it: texts of parts and turns, media as `[image/png, 1234 bytes, sha256:…]`. */
  readonly displayTurns: readonly DisplayTurn[];
  readonly replyKind: ReplyKind;
  /** True if an assertion admits failed calls: the error is then the reply, and never ends the run. */
  readonly judgesErrors: boolean;
}

/** An assertion with rendered arguments; `not`, `any` and `all` have nested entry maps. */
export interface BoundAssertion {
  readonly kind: string;
  readonly args: JsonValue;
  /** The place of the kind's key. */
  readonly place: SourceRange;
  /** The place of its arguments. */
  readonly source: Source;
  readonly label?: string;
  /** The turn of a conversation that it judges, counted from 1; absent: the last. */
  readonly turn?: number | 'all';
  readonly severity: 'error' | 'warn';
  readonly guardrail: boolean;
  /** True if rendering changed nothing: the compiled check can be shared by all cases. `args` is then the same object each time. */
  readonly constant: boolean;
}

/** What narrows a plan; all given ones must fit. Lists: any of them. */
export interface Selection {
  /** Case-insensitive substring of the id. */
  readonly filter?: readonly string[];
  readonly tag?: readonly string[];
  readonly test?: readonly string[];
  readonly prompt?: readonly string[];
  readonly config?: readonly string[];
  readonly model?: readonly string[];
}

export interface PlanOptions {
  readonly selection: Selection;
  /** `--use-model`: everything runs on it, ids unchanged. */
  readonly useModel?: string;
  /** The day (ISO 8601, UTC) by which models are looked at; without it, none is warned of. */
  readonly today?: string;
  /** `--repeats`: override. */
  readonly repeats?: number;
  /** Called when a suite turns out to have more cases than most. */
  readonly onLarge?: () => void;
  /** Environment that `{{env.NAME}}` reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The cases of one suite, sorted as the matrix gives them, ids unique. */
export interface Plan {
  readonly suite: Suite;
  readonly cases: readonly CaseRef[];
  /** Number of cases before narrowing. */
  readonly total: number;
  /** The case of an id, if the plan has it. */
  readonly find: (id: string) => CaseRef | undefined;
  readonly materialize: (ref: CaseRef) => Case;
}

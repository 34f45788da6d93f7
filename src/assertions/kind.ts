import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { DeclaredFunctions } from '../gemini/declared-functions.ts';
import type { Method, ReplyKind } from '../gemini/methods.ts';
import type { PriceOverrides } from '../gemini/prices.ts';
import type { ApiError, Candidate, Outcome, Reply } from '../gemini/reply.ts';
import type { Shape } from '../shape/shape.ts';

/** The subject of an assertion: a reply, seen through one of its candidates (absent when the reply has none). */
export interface Subject {
  readonly reply: Reply;
  readonly candidate?: Candidate;
  readonly trial: TrialFacts;
}

/** What is known of the trial beside its reply. */
export interface TrialFacts {
  /** When it was sent: ISO 8601, UTC. */
  readonly at: string;
  /** The requested model; absent for models.list. */
  readonly model?: string;
  /** The replies of all its calls, in order: a conversation has several. */
  readonly calls: readonly Reply[];
  /** The suite's own prices. */
  readonly prices?: PriceOverrides;
  /** The texts that were approved for the case; absent or empty: none yet. */
  readonly approved?: readonly string[];
  /** The folder that paths in arguments are relative to. Absolute. */
  readonly root: string;
}

/**
 * Whether an assertion holds. `unknown` is cannot-tell: what it needs was not sent.
 * The message is one sentence without a final full stop, in stable words (no time, host or id in it).
 */
export interface Evaluation {
  readonly status: 'holds' | 'fails' | 'unknown';
  readonly message: string;
  /** What was found, where the message says what was expected. */
  readonly found?: string;
  /** Shown side by side for a failure. Texts may be long; reports cut them. */
  readonly expected?: string;
  readonly actual?: string;
  /** Set where it holds, but within {@link nearBound} of a bound: `790 candidate tokens, at most 800`. */
  readonly near?: string;
  /** A volatile figure (latency in ms, cost) kept out of stable files; printed in run.json and on the terminal. */
  readonly figure?: string;
}

/** A check with its arguments built in. */
export type Check = (subject: Subject) => Evaluation | Promise<Evaluation>;

/** An error or warning in an assertion's arguments: `path` leads from the kind's value to the place. */
export interface ArgumentProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** Set if it is about the key at the end of the path, not its value. */
  readonly atKey?: true;
  readonly help?: string;
  /** Offset range inside the text at `path`, where known (a pattern, a JSONPath). */
  readonly range?: readonly [start: number, end: number];
}

export type ReportProblem = (problem: ArgumentProblem) => void;

/** What a kind may use while it compiles its arguments. */
interface CompileContext {
  readonly report: ReportProblem;
  /** Compiles a nested entry (`{ contains: x }`); `path` leads to it from the kind's value. */
  readonly nested: (entry: JsonObject, path: readonly (string | number)[]) => Promise<Check | undefined>;
}

/** Which figures a reply can have. */
export interface Figures {
  /** Default: 0. */
  readonly least?: number;
  /** Default: Infinity. */
  readonly most?: number;
  /** The least figure that can be judged, where it is more than `least`. */
  readonly reached?: number;
  /** Set where figures are counts. */
  readonly whole?: true;
  /** Set where the kind itself refuses limits that no figure can meet. */
  readonly refused?: true;
}

/** Inclusive limits among the arguments of a kind, as they came from a suite or a template. */
export interface Limits extends Figures {
  readonly limits: JsonObject;
  readonly pathTo: (limit: string) => readonly string[];
}

/** What a reply never has, in the words of the arguments, and what to do about it. */
export interface Lack {
  readonly what: string;
  readonly help: string;
}

/**
 * An assertion kind: one file in `kinds/`, one line in the registry, one table of cases in test/assertions/.
 * `A` is the type of its arguments after rendering. Its shape says where templates apply: `pattern()` quotes what they
 * bring into a regular expression, in `literal()` braces are braces.
 */
export interface Kind<A> {
  /** The key in a suite. */
  readonly name: string;
  /** One sentence, for the schema and the README's table. */
  readonly doc: string;
  readonly shape: Shape<A>;
  /** An example of the arguments, valid by the shape. */
  readonly example: JsonValue;
  /** Which replies it can look at; a kind that fits none of a case's method is a misfit. Kinds that nest fit where all nested ones fit. */
  readonly fits: readonly ReplyKind[];
  /** The methods of {@link fits} that alone have what it looks at; default: all of them. */
  readonly methods?: readonly Method[];
  /** What these arguments, templates maybe, ask that a reply of the method never has: such an assertion is a misfit. */
  readonly lacks?: (args: JsonValue, method: Method) => Lack | undefined;
  /**
   * The outcomes beside an answer that these rendered arguments let a case pass with. `momentary` is the error of the
   * call where it says nothing of the prompt, as an overloaded server does: only an assertion that names it admits it.
   */
  readonly admits?: (args: A, momentary: ApiError | undefined) => readonly Outcome[];
  /** Set if its arguments are other assertions: one, or a list, and how many of them must hold. */
  readonly nests?: { readonly takes: 'one' | 'list'; readonly holdsFor: 'all' | 'any' | 'none' };
  /** True if it cannot be nested in another assertion. */
  readonly topOnly?: true;
  /** True if it judges only the last turn of a conversation, so that `turn` is not allowed. */
  readonly lastTurnOnly?: true;
  /** True if it compares with the texts that were approved for a case. */
  readonly comparesApproved?: true;
  /** The argument that names a module of the user's, which belongs to the suite; a text alone is this argument. */
  readonly moduleArgument?: string;
  /** Arguments that may be `{ file: path }`. */
  readonly fileArguments?: readonly string[];
  /**
   * The texts among the arguments that a template must not leave empty, by their keys joined by dots ('' for the arguments
   * themselves, '*' for each): of `parts` no name may be empty, since the assertion would hold for more replies; `wholes`
   * are compared as a whole, and must have some text.
   */
  readonly neverEmpty?: { readonly parts?: readonly string[]; readonly wholes?: readonly string[] };
  /** The limits among the arguments: those that no reply can meet, and that every reply meets, are reported. */
  readonly limits?: (args: A) => Limits[];
  /** What in these arguments fits none of the functions that a request declares. */
  readonly checkTools?: (args: A, declared: DeclaredFunctions) => ArgumentProblem | undefined;
  /** True of arguments that hold where nothing of the kind comes: what they name need not exist in every case. */
  readonly excludes?: (args: A) => boolean;
  /** The assertion in short words for reports, for example `contains: backpack`; default: kind and arguments as compact JSON, cut at 80 characters. */
  readonly label?: (args: A) => string;
  /**
   * Looks at rendered arguments without a reply: compiles patterns, paths and schemas, and reports what is wrong with them.
   * Returns the check, or undefined after an error was reported. Loads heavy libraries lazily (dynamic import).
   */
  readonly compile: (args: A, context: CompileContext) => Check | undefined | Promise<Check | undefined>;
}

import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { verdictOf } from '../judge/ledger.ts';
import type { Summary, Verdict } from '../judge/results.ts';
import { isHeld } from '../judge/why.ts';

/** The format of `<suite>.json`, and the one before it, which is still read. */
export const storedFormat = 'assay/results/2';
export const olderFormat = 'assay/results/1';

/** What a comparison reads of an assertion in a results file. */
export interface StoredAssertion {
  readonly assertion: string;
  readonly kind: string;
  readonly verdict: 'passed' | 'failed' | 'unknown';
  readonly severity?: 'warn';
  readonly message: string;
  readonly near?: string;
  /** path:line:column. */
  readonly source: string;
}

export interface StoredRating {
  readonly category?: string;
  readonly probability?: string;
  readonly blocked?: boolean;
}

/** A part of an answer: the fields of all kinds of parts, of which each has its own. */
export interface StoredPart {
  readonly type: string;
  readonly mimeType?: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly uri?: string;
  readonly language?: string;
  readonly code?: readonly string[];
  readonly outcome?: string;
  readonly output?: readonly string[];
  readonly part?: JsonValue;
}

/** What one candidate answered. */
export interface StoredAnswer {
  readonly finishReason?: string;
  readonly finishMessage?: string;
  readonly text: readonly string[];
  readonly thoughts?: readonly string[];
  readonly parts?: readonly StoredPart[];
  readonly functionCalls?: readonly { readonly name: string; readonly args: JsonValue }[];
  readonly safety?: readonly StoredRating[];
  readonly citations?: readonly {
    readonly uri?: string;
    readonly title?: string;
    readonly license?: string;
    readonly startIndex?: number;
    readonly endIndex?: number;
  }[];
  readonly grounding?: { readonly queries: readonly string[]; readonly uris: readonly string[] };
}

/** One turn of a conversation. */
interface StoredTurn extends StoredAnswer {
  /** Absent in results of version 1. */
  readonly outcome?: string;
  readonly blockReason?: string;
}

export interface StoredTrial {
  readonly verdict: 'passed' | 'failed' | 'errored';
  readonly outcome: string;
  readonly error?: { readonly status?: string; readonly transport?: string; readonly message: string };
  readonly problem?: string;
  readonly blockReason?: string;
  readonly promptSafety?: readonly StoredRating[];
  readonly modelVersion?: string;
  readonly response?: JsonValue;
  /** Every turn that was asked; the last is in `candidates` too. */
  readonly turns?: readonly StoredTurn[];
  readonly candidates: readonly StoredAnswer[];
  readonly assertions: readonly StoredAssertion[];
}

/** A case as it stands in a results file; what is not named here is kept as it is. */
export interface StoredCase {
  readonly id: string;
  readonly verdict: Verdict;
  readonly source: string;
  readonly fingerprint?: string;
  readonly digests: {
    readonly prompt?: string;
    readonly config: string;
    readonly vars: string;
    readonly assertions: string;
  };
  readonly test: string;
  readonly prompt?: string;
  readonly config?: string;
  readonly model?: string;
  readonly tags?: readonly string[];
  readonly skip?: string;
  readonly repeats: number;
  readonly passRate: number;
  readonly warnings?: readonly string[];
  readonly trials: readonly StoredTrial[];
}

/** What stands before the cases. */
export interface StoredHead {
  readonly schema: string;
  readonly suite: string;
  readonly description?: string;
  /** The suite file. */
  readonly path: string;
  readonly summary: Summary;
}

/** The results of one suite, from a file or from a run: cases in order of their ids, one at a time. */
export interface StoredSuite extends StoredHead {
  readonly cases: () => AsyncIterable<StoredCase>;
}

type Check = (value: JsonValue | undefined) => boolean;
type Fields = Readonly<Record<string, Check>>;
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isFlag: Check = (value) => typeof value === 'boolean';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const map =
  (fields: Fields): Check =>
  (value) =>
    isObject(value) && wrongField(value, fields) === undefined;

const assertion = map({
  assertion: isText,
  kind: isText,
  verdict: oneOf('passed', 'failed', 'unknown'),
  severity: optional(oneOf('warn')),
  message: isText,
  near: optional(isText),
  source: isText,
});
const texts = optional(listOf(isText));
const ratings = optional(
  listOf(map({ category: optional(isText), probability: optional(isText), blocked: optional(isFlag) })),
);
const answer: Fields = {
  finishReason: optional(isText),
  finishMessage: optional(isText),
  text: listOf(isText),
  thoughts: texts,
  parts: optional(
    listOf(
      map({
        type: isText,
        mimeType: optional(isText),
        bytes: optional(isNumber),
        sha256: optional(isText),
        uri: optional(isText),
        language: optional(isText),
        code: texts,
        outcome: optional(isText),
        output: texts,
      }),
    ),
  ),
  functionCalls: optional(listOf(map({ name: isText }))),
  safety: ratings,
  citations: optional(
    listOf(
      map({
        uri: optional(isText),
        title: optional(isText),
        license: optional(isText),
        startIndex: optional(isNumber),
        endIndex: optional(isNumber),
      }),
    ),
  ),
  grounding: optional(map({ queries: listOf(isText), uris: listOf(isText) })),
};
const trialFields = (turn: Check): Fields => ({
  verdict: oneOf('passed', 'failed', 'errored'),
  outcome: isText,
  error: optional(map({ status: optional(isText), transport: optional(isText), message: isText })),
  problem: optional(isText),
  blockReason: optional(isText),
  promptSafety: ratings,
  modelVersion: optional(isText),
  turns: optional(listOf(turn)),
  candidates: listOf(map(answer)),
  assertions: listOf(assertion),
});
const caseFields = (turn: Check): Fields => ({
  id: isText,
  verdict: oneOf('passed', 'failed', 'errored', 'skipped', 'inconclusive'),
  source: isText,
  fingerprint: optional(isText),
  digests: map({ prompt: optional(isText), config: isText, vars: isText, assertions: isText }),
  test: isText,
  prompt: optional(isText),
  config: optional(isText),
  model: optional(isText),
  tags: optional(listOf(isText)),
  skip: optional(isText),
  repeats: isNumber,
  passRate: isNumber,
  warnings: optional(listOf(isText)),
  trials: listOf(map(trialFields(turn))),
});
const fieldsOfCase = caseFields(map({ outcome: isText, blockReason: optional(isText), ...answer }));
const fieldsOfOlderCase = caseFields(listOf(isText));
const summary = ['cases', 'passed', 'failed', 'errored', 'skipped', 'inconclusive', 'warnings'];
const headFields: Fields = {
  suite: isText,
  description: optional(isText),
  path: isText,
  summary: map(Object.fromEntries(summary.map((key) => [key, isNumber]))),
};

function wrongField(value: JsonObject, fields: Fields): string | undefined {
  return Object.keys(fields).find((key) => !fields[key]?.(value[key]));
}

/** The first field of a case that is missing or wrong; `''` if the value is no case at all. */
export function faultOfCase(value: JsonValue, schema: string): string | undefined {
  if (!isObject(value)) return '';
  return wrongField(value, schema === olderFormat ? fieldsOfOlderCase : fieldsOfCase);
}

/** A case of version 1 in the form of today: of its earlier turns there is the text alone. */
export function fromVersion1(value: JsonValue): StoredCase {
  type Older = Omit<StoredTrial, 'turns'> & { readonly turns?: readonly (readonly string[])[] };
  const { trials, ...rest } = value as unknown as Omit<StoredCase, 'trials'> & {
    readonly trials: readonly Older[];
  };
  return {
    ...rest,
    trials: trials.map(({ turns, ...trial }) => {
      if (!turns) return trial;
      const last = trial.candidates[0] ?? { text: [] };
      return { ...trial, turns: [...turns.map((text) => ({ text })), last] };
    }),
  };
}

/** What the verdicts of a case would be by its own trials, where that is something else; statistics may leave a case undecided. */
export function unfounded({ id, verdict, trials, ...rest }: StoredCase): string | undefined {
  for (const [index, trial] of trials.entries()) {
    const founded = trial.assertions.every(isHeld) ? 'passed' : 'failed';
    if (trial.verdict !== 'errored' && trial.verdict !== founded)
      return `trial ${index + 1} of ${JSON.stringify(id)} has the verdict ${trial.verdict}, its assertions say ${founded}`;
  }
  const founded = verdictOf(rest, trials);
  return verdict === founded || verdict === 'inconclusive'
    ? undefined
    : `${JSON.stringify(id)} has the verdict ${verdict}, its trials say ${founded}`;
}

/** The first field of a head that is missing or wrong. */
export function faultOfHead(value: JsonObject): string | undefined {
  return wrongField(value, headFields);
}

import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { Summary, Verdict } from '../judge/results.ts';

/** The format that is read: that of `<suite>.json`. */
export const storedFormat = 'assay/results/1';

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

export interface StoredTrial {
  readonly verdict: 'passed' | 'failed' | 'errored';
  readonly outcome: string;
  readonly error?: { readonly status?: string; readonly transport?: string; readonly message: string };
  readonly problem?: string;
  readonly modelVersion?: string;
  readonly response?: JsonValue;
  readonly turns?: readonly (readonly string[])[];
  readonly candidates: readonly {
    readonly text: readonly string[];
    readonly functionCalls?: readonly { readonly name: string; readonly args: JsonValue }[];
  }[];
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
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
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
  (fields: Record<string, Check>): Check =>
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
const trial = map({
  verdict: oneOf('passed', 'failed', 'errored'),
  outcome: isText,
  error: optional(map({ status: optional(isText), transport: optional(isText), message: isText })),
  problem: optional(isText),
  modelVersion: optional(isText),
  turns: optional(listOf(listOf(isText))),
  candidates: listOf(map({ text: listOf(isText), functionCalls: optional(listOf(map({ name: isText }))) })),
  assertions: listOf(assertion),
});
const caseFields: Record<string, Check> = {
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
  trials: listOf(trial),
};
const summary = ['cases', 'passed', 'failed', 'errored', 'skipped', 'inconclusive', 'warnings'];
const headFields: Record<string, Check> = {
  suite: isText,
  description: optional(isText),
  path: isText,
  summary: map(Object.fromEntries(summary.map((key) => [key, isNumber]))),
};

function wrongField(value: JsonObject, fields: Record<string, Check>): string | undefined {
  return Object.keys(fields).find((key) => !fields[key]?.(value[key]));
}

/** The first field of a case that is missing or wrong; `''` if the value is no case at all. */
export function faultOfCase(value: JsonValue): string | undefined {
  return isObject(value) ? wrongField(value, caseFields) : '';
}

/** The first field of a head that is missing or wrong. */
export function faultOfHead(value: JsonObject): string | undefined {
  return wrongField(value, headFields);
}

import type { Verdict } from '../judge/results.ts';

/** How a case compares with the approved one, the most important first. */
export const classes = [
  'regressed',
  'erroredNow',
  'slid',
  'stillFailing',
  'changedText',
  'added',
  'removed',
  'notAsked',
  'skipped',
  'erroredBefore',
  'fixed',
  'unchanged',
] as const;
export type Class = (typeof classes)[number];

/** Classes as people read them. */
export const classWords: Readonly<Record<Class, string>> = {
  regressed: 'regressed',
  erroredNow: 'errored now',
  slid: 'slid',
  stillFailing: 'still failing',
  changedText: 'changed text',
  added: 'added',
  removed: 'removed',
  notAsked: 'not asked',
  skipped: 'skipped',
  erroredBefore: 'errored before',
  fixed: 'fixed',
  unchanged: 'unchanged',
};

/** What of a case changed; `request` where the fingerprint differs and none of its named parts does (a variable of the environment, a file that a row names). */
export const changes = [
  'prompt',
  'config',
  'vars',
  'model',
  'request',
  'assertions',
  'modelVersion',
] as const;
export type Change = (typeof changes)[number];

/** What of a reply is compared beside its text; `warnings` are the case's. */
export const facets = [
  'outcome',
  'blockReason',
  'finishReason',
  'media',
  'code',
  'codeResult',
  'otherParts',
  'citations',
  'grounding',
  'safety',
  'thoughts',
  'warnings',
] as const;
export type Facet = (typeof facets)[number];

/** What one side has of a facet and the other has not, in the first replies that differ in it. */
export interface Difference {
  readonly what: Facet;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** One side of a pair. */
export interface Side {
  readonly verdict: Verdict;
  /** Trials that passed. */
  readonly passed: number;
  readonly trials: number;
  readonly model?: string;
  /** Of its trials, sorted, each once. */
  readonly modelVersions: readonly string[];
}

export interface Failure {
  readonly assertion?: string;
  readonly message: string;
  /** path:line:column of the assertion, or of the test. */
  readonly source: string;
}

export interface ComparedCase {
  readonly suite: string;
  readonly id: string;
  readonly class: Class;
  /** It fails now, and the approved results do not have it failed: exit 1. */
  readonly worse: boolean;
  /** Empty: nothing changed, the fingerprint is the same. */
  readonly changes: readonly Change[];
  readonly before?: Side;
  readonly after?: Side;
  /** Why it fails or errored now, each reason once. */
  readonly failures: readonly Failure[];
  /** Whether what came back differs in anything. */
  readonly replyChanged: boolean;
  readonly differences: readonly Difference[];
  /** The first answers that differ; absent if none does, or if the comparison has too many texts already. */
  readonly text?: { readonly before: string; readonly after: string; readonly more: number };
}

type Counts = Readonly<Record<Class, number>>;

/** Of the unchanged cases: of how many each part changed, to no effect. */
type Unaffected = Readonly<Record<Change, number>>;

export interface SuiteComparison {
  readonly suite: string;
  /** False where there are no approved results of it: all its cases count as added. */
  readonly baseline: boolean;
  readonly counts: Counts;
}

export const warningCodes = [
  'older-results',
  'no-baseline',
  'old-baseline',
  'little-headroom',
  'moving-alias',
] as const;

/** What a comparison warns of; it changes no exit code. */
export interface Warning {
  /** Stable, kebab-case. */
  readonly code: (typeof warningCodes)[number];
  readonly message: string;
  readonly help: string;
}

/** Two sets of results, paired by suite and id. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly suites: readonly SuiteComparison[];
  readonly counts: Counts;
  readonly unaffected: Unaffected;
  /** Cases that fail now and did not: exit 1. */
  readonly worse: number;
  /** All cases that were sent, without unchanged ones of the same model; the worst first. */
  readonly cases: readonly ComparedCase[];
  readonly warnings: readonly Warning[];
}

/** No case of any class. */
export function noCounts(): Record<Class, number> {
  return Object.fromEntries(classes.map((each) => [each, 0])) as Record<Class, number>;
}

/** No part changed of any case. */
export function noneAffected(): Record<Change, number> {
  return Object.fromEntries(changes.map((each) => [each, 0])) as Record<Change, number>;
}

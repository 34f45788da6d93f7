import { Media } from '../gemini/media.ts';
import { canonicalJson, sha256 } from '../lib/canonical.ts';
import type { BoundAssertion, Case } from '../plan/case.ts';
import { promptsOf } from '../plan/matrix.ts';
import type { NamedConfig, NamedPrompt, PromptPart, Suite, Test, VarMap } from '../suite/suite.ts';

/**
 * What a case is made of, each as the head of a SHA-256: a comparison tells by them which of its parts changed. Prompt,
 * config and vars count as they are written, so that a changed variable does not look like a changed prompt.
 */
export interface Digests {
  /** Absent for methods without a prompt. */
  readonly prompt?: string;
  /** Method, defaults, config and extra together. */
  readonly config: string;
  readonly vars: string;
  /** With their variables put in, and the share of trials that must pass. */
  readonly assertions: string;
}

/** Hex digits of a digest: 48 bits tell the few states of one case apart. */
const length = 12;
const short = (value: unknown): string => sha256(canonicalJson(bare(value))).slice(0, length);

/** A value without what is not set, media as their digests. */
function bare(value: unknown): unknown {
  if (value instanceof Media) return { mimeType: value.mimeType, sha256: value.digest };
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, bare(inner)]));
}

/** The digests of a case's parts; what many cases share is worked out once. */
export function digestsOf(asked: Case): Digests {
  const { suite, test, prompt, method } = asked;
  const prompts = method === 'batchEmbedContents' ? promptsOf(suite, test) : prompt ? [prompt] : [];
  return {
    ...(prompts.length === 0 ? {} : { prompt: promptsDigest(prompts) }),
    config: configDigest(asked),
    vars: varsDigest(asked),
    assertions: assertionsDigest(asked),
  };
}

const joined = (parts: readonly string[]): string => sha256(parts.join(' ')).slice(0, length);

const ofSinglePrompts = new WeakMap<NamedPrompt, string>();

function promptsDigest(prompts: readonly NamedPrompt[]): string {
  const [only, ...others] = prompts;
  const make = (): string => joined(prompts.map(promptDigest));
  if (!only || others.length > 0) return make();
  const known = ofSinglePrompts.get(only) ?? make();
  ofSinglePrompts.set(only, known);
  return known;
}

const ofPrompts = new WeakMap<NamedPrompt, string>();

function promptDigest(prompt: NamedPrompt): string {
  const known =
    ofPrompts.get(prompt) ??
    short({
      parts: prompt.parts?.map(withoutPlace),
      turns: prompt.turns?.map(({ role, parts }) => ({ role, parts: parts?.map(withoutPlace) })),
    });
  ofPrompts.set(prompt, known);
  return known;
}

/** A prompt that only moved in its file is the same; what is not written counts as nothing. */
function withoutPlace({ place: _place, ...part }: PromptPart): object {
  if (!('beside' in part)) return part;
  const { beside, ...rest } = part;
  return Object.keys(beside).length > 0 ? { ...rest, beside } : rest;
}

const none = {};
const ofConfigs = new WeakMap<object, WeakMap<Test, Map<string, string>>>();

function configDigest({ suite, test, config, method }: Case): string {
  const byTest = ofConfigs.get(config ?? none) ?? new WeakMap<Test, Map<string, string>>();
  ofConfigs.set(config ?? none, byTest);
  const byMethod = byTest.get(test) ?? new Map<string, string>();
  byTest.set(test, byMethod);
  const known = byMethod.get(method) ?? short(configOf(suite, test, config, method));
  byMethod.set(method, known);
  return known;
}

function configOf(suite: Suite, test: Test, config: NamedConfig | undefined, method: string): object {
  return {
    method,
    defaults: suite.defaults,
    fields: config?.fields,
    extra: [config?.extra ?? {}, test.extra ?? {}],
  };
}

const ofVars = new WeakMap<Test, string>();
const valuesOf = (vars: VarMap): [string, unknown][] =>
  [...vars].map(([name, { value, text }]) => [name, text ?? value]);

function varsDigest({ suite, test, row }: Case): string {
  const shared = [...valuesOf(suite.vars), ...valuesOf(test.vars)];
  // Variables are plain values: nothing in them is to be left out first.
  if (row)
    return sha256(canonicalJson(Object.fromEntries([...shared, ...valuesOf(row.values)]))).slice(0, length);
  const known = ofVars.get(test) ?? short(Object.fromEntries(shared));
  ofVars.set(test, known);
  return known;
}

const ofTests = new WeakMap<Test, Map<string, string>>();

/** Where no assertion holds a template and the row brings none, all rows of a test are judged alike. */
function assertionsDigest({ assertions, passRate, test, row, method }: Case): string {
  const make = (): string => joined([...assertions.map(assertionDigest), String(passRate)]);
  if ((row?.assert.length ?? 0) > 0 || !assertions.every(({ constant }) => constant)) return make();
  const byMethod = ofTests.get(test) ?? new Map<string, string>();
  ofTests.set(test, byMethod);
  const known = byMethod.get(method) ?? make();
  byMethod.set(method, known);
  return known;
}

const ofArguments = new WeakMap<object, Map<string, string>>();

function assertionDigest({ kind, args, label, turn, severity, guardrail, constant }: BoundAssertion): string {
  const make = (): string => short({ kind, args, label, turn, severity, guardrail });
  if (!constant || typeof args !== 'object' || args === null) return make();
  // The same arguments may stand, by an alias, under several entries.
  const key = JSON.stringify([kind, label, turn, severity, guardrail]);
  const byEntry = ofArguments.get(args) ?? new Map<string, string>();
  ofArguments.set(args, byEntry);
  const known = byEntry.get(key) ?? make();
  byEntry.set(key, known);
  return known;
}

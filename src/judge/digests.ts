import { SourceNode } from '../diagnostics/source-node.ts';
import { Media } from '../gemini/media.ts';
import { canonicalJson, sha256 } from '../lib/canonical.ts';
import type { BoundAssertion, Case } from '../plan/case.ts';
import { promptsOf } from '../plan/matrix.ts';
import type { NamedPrompt, PromptPart, VarMap } from '../suite/suite.ts';
import type { CaseRecord } from './case-record.ts';

/**
 * The parts of a case, each as the head of a SHA-256: a comparison uses them to find what changed. Prompt,
 * config and vars count as they are written, so that a changed variable does not look like a changed prompt. Media count
 * by their digests.
 */
export type Digests = CaseRecord['digests'];

/** Hex digits of a digest: 48 bits are enough for the few states of one case. */
const length = 12;
const short = (value: unknown): string => sha256(canonicalJson(withoutUnset(value))).slice(0, length);
const joined = (parts: readonly string[]): string => sha256(parts.join(' ')).slice(0, length);

function withoutUnset(value: unknown): unknown {
  if (value instanceof Media) return { mimeType: value.mimeType, sha256: value.digest };
  if (value instanceof SourceNode) return withoutUnset(value.value);
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUnset(inner)]));
}

/** Makes what makes the digests of cases; what many cases share is hashed once. */
export function createDigester(): (testCase: Case) => Digests {
  const once = createMemory();
  const promptDigest = (prompt: NamedPrompt): string => once([prompt], () => short(contentOf(prompt)));

  const configDigest = ({ suite, test, config, method }: Case): string =>
    once([test, config, method], () =>
      short({
        method,
        defaults: suite.defaults,
        fields: config?.fields,
        extra: [config?.extra ?? {}, test.extra ?? {}],
      }),
    );

  const varsDigest = ({ suite, test, row }: Case): string => {
    const digest = (): string =>
      short(Object.fromEntries([suite.vars, test.vars, row?.values ?? new Map()].flatMap(valuesOf)));
    return row ? digest() : once([test, 'vars'], digest);
  };

  const assertionsDigest = ({ assertions, passRate, test, row, method }: Case): string => {
    const digest = (): string => joined([...assertions.map(assertionDigest), String(passRate)]);
    // Where no assertion has a template and the row brings none, all rows of a test are judged alike.
    const isShared = (row?.assert.length ?? 0) === 0 && assertions.every(({ constant }) => constant);
    return isShared ? once([test, 'assertions', method], digest) : digest();
  };

  return (testCase) => {
    const { suite, test, prompt, method } = testCase;
    const prompts = method === 'batchEmbedContents' ? promptsOf(suite, test) : prompt ? [prompt] : [];
    return {
      ...(prompts.length === 0
        ? {}
        : { prompt: once([...prompts, 'joined'], () => joined(prompts.map(promptDigest))) }),
      config: configDigest(testCase),
      vars: varsDigest(testCase),
      assertions: assertionsDigest(testCase),
    };
  };
}

/** Remembers texts by lists of keys (objects by identity). */
function createMemory(): (keys: readonly unknown[], make: () => string) => string {
  const root = new Map<unknown, unknown>();
  return (keys, make) => {
    let at = root;
    for (const key of keys) {
      const next = (at.get(key) as Map<unknown, unknown> | undefined) ?? new Map<unknown, unknown>();
      at.set(key, next);
      at = next;
    }
    const known = (at.get('') as string | undefined) ?? make();
    at.set('', known);
    return known;
  };
}

const contentOf = ({ parts, turns }: NamedPrompt): object => ({
  parts: parts?.map(withoutPlace),
  turns: turns?.map((turn) => ({ role: turn.role, parts: turn.parts?.map(withoutPlace) })),
});

/** A prompt that only moved in its file is the same; what is not written counts as nothing. */
function withoutPlace({ place: _place, ...part }: PromptPart): object {
  if (!('beside' in part)) return part;
  const { beside, ...rest } = part;
  return Object.keys(beside.value).length > 0 ? { ...rest, beside } : rest;
}

const valuesOf = (vars: VarMap): [string, unknown][] =>
  [...vars].map(([name, { value, text }]) => [name, text ?? value]);

const assertionDigest = ({ kind, args, label, turn, severity, guardrail }: BoundAssertion): string =>
  short({ kind, args, label, turn, severity, guardrail });

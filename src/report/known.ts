import type { Comparison } from '../compare/comparison.ts';
import type { CaseOutline, JudgedCase } from '../judge/results.ts';
import { plural } from '../lib/words.ts';
import { asStored } from '../lib/redact.ts';
import type { Reporter } from './reporter.ts';

/**
 * The failures of a run, compared with its baseline. What the baseline has failed too is known: it does not change the
 * exit code, so no report may count it as a failure.
 */
export interface Standing {
  readonly isKnown: (suite: string, each: Pick<CaseOutline, 'id' | 'verdict'>) => boolean;
  /** True of what the baseline has passed or skipped, and false of a failing case that it does not have. */
  readonly isRegressed: (suite: string, each: Pick<CaseOutline, 'id' | 'verdict'>) => boolean;
  /** Known failures of a suite, or of all. */
  readonly known: (suite?: string) => number;
}

/** What a report says of a failure that the baseline has too. */
export const knownFailure = 'known failure: it failed in the baseline too';

/** `1 known failure`, `3 known failures`. */
export const knownInWords = (known: number): string => plural(known, 'known failure');

/** The standing of failures by a comparison; without a baseline nothing is known or regressed. */
export function standingOf(comparison: Comparison | undefined): Standing {
  const known = new Map<string, Set<string>>();
  const regressed = new Map<string, Set<string>>();
  for (const { suite, id, class: kind, after } of comparison?.cases ?? []) {
    if (after?.verdict !== 'failed') continue;
    const found = kind === 'stillFailing' ? known : kind === 'regressed' ? regressed : undefined;
    found?.set(suite, (found.get(suite) ?? new Set()).add(id));
  }
  const among =
    (found: ReadonlyMap<string, ReadonlySet<string>>): Standing['isKnown'] =>
    (suite, { id, verdict }) =>
      verdict === 'failed' && (found.get(suite)?.has(asStored(id)) ?? false);
  const total = [...known.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    isKnown: among(known),
    isRegressed: among(regressed),
    known: (suite) => (suite === undefined ? total : (known.get(suite)?.size ?? 0)),
  };
}

/** Failures that are printed. */
const mostFailures = 20;

/** Keeps the first cases that failed or errored and are not known failures: the terminal shows them. */
export function collectFailures(): { readonly first: readonly JudgedCase[]; readonly reporter: Reporter } {
  const first: JudgedCase[] = [];
  const reporter: Reporter = ({ comparison }) => {
    const { isKnown } = standingOf(comparison);
    return {
      onCase: (each, { suite }) => {
        const { verdict } = each.record;
        const isBad = verdict === 'failed' || verdict === 'errored';
        if (isBad && first.length < mostFailures && !isKnown(suite, each.record)) first.push(each);
      },
      onEnd: () => undefined,
    };
  };
  return { first, reporter };
}

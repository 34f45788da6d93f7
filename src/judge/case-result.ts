import { canonicalJson } from '../lib/canonical.ts';
import type { Case } from '../plan/case.ts';
import { digestsOf } from './digests.ts';
import { missedOf, verdictOf, warningsOf } from './ledger.ts';
import type { CaseResult, TrialResult } from './results.ts';

/** Folds the judged trials of a case; `whyNot` says why none was made. */
export function caseResult(asked: Case, unordered: readonly TrialResult[], whyNot: () => string): CaseResult {
  const trials = unordered.length > 1 ? inOrderOfContent(unordered) : unordered;
  const { test, row, rowName, prompt, config, model, skip } = asked;
  const notAsked = skip === undefined && trials.length === 0 ? `not asked: ${whyNot()}` : undefined;
  const reason = skip ?? notAsked;
  const facts = trials.map(({ assertions }) => ({
    bare: asked.assertions.length === 0,
    missed: missedOf(assertions),
  }));
  return {
    id: asked.id,
    verdict: verdictOf(asked, trials),
    place: test.place,
    test: test.name,
    method: asked.method,
    replyKind: asked.replyKind,
    tags: test.tags,
    // Made when a report reads them: most reports read none of the three.
    get fingerprint() {
      return asked.fingerprint;
    },
    get digests() {
      return digestsOf(asked);
    },
    get shown() {
      return asked.shown;
    },
    repeats: asked.repeats,
    passRate: asked.passRate,
    warnings: skip === undefined ? warningsOf(facts) : [],
    trials,
    ...(row && rowName !== undefined ? { row: rowName } : {}),
    ...(prompt ? { prompt: prompt.name } : {}),
    ...(config ? { config: config.name } : {}),
    ...(model === undefined ? {} : { model }),
    ...(reason === undefined ? {} : { skip: reason }),
  };
}

/** Equal requests get replies in any order: trials stand in an order of their content, replies first, so that an edited assertion moves none. */
function inOrderOfContent(trials: readonly TrialResult[]): TrialResult[] {
  const key = ({ volatile: _volatile, assertions, verdict, candidates, ...reply }: TrialResult): string =>
    canonicalJson([
      candidates,
      reply,
      verdict,
      assertions.map(({ assertion, verdict: own, message }) => [assertion, own, message]),
    ]);
  return trials
    .map((trial) => ({ trial, content: key(trial) }))
    .toSorted((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0))
    .map(({ trial }) => trial);
}

import { sourceOf } from '../diagnostics/position.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { Case } from '../plan/case.ts';
import { ifAny, linesOf } from './answer.ts';
import type { CaseRecord, TrialResult } from './case-record.ts';
import type { Digests } from './digests.ts';
import type { JudgedCase, JudgedTrial } from './results.ts';
import { missedWarnings, lostInWords, verdictOf, warningsOf } from './verdict.ts';

/** Folds the judged trials of a case into its record. `repeats` also counts missing trials; `whyNot` says why there are none. */
export function foldCase(
  testCase: Case,
  digests: Digests,
  repeats: number,
  unordered: readonly JudgedTrial[],
  whyNot: () => string,
): JudgedCase {
  const { id, test, row, rowName, prompt, config, model, method, fingerprint, passRate, displayTurns } =
    testCase;
  const trials = unordered.length > 1 ? inOrderOfContent(unordered) : unordered;
  const results = trials.map(({ result }) => result);
  const verdict = verdictOf({ repeats, passRate, skip: testCase.skip }, results);
  const warnings =
    testCase.skip === undefined
      ? warningsOf(
          results.length > 0 && testCase.assertions.length === 0,
          results.flatMap(({ assertions }) => missedWarnings(assertions)),
        )
      : [];
  const record: CaseRecord = {
    id,
    verdict,
    source: sourceOf(test.place),
    fingerprint,
    digests,
    test: test.name,
    row: row && rowName,
    prompt: prompt?.name,
    config: config?.name,
    model,
    method,
    tags: ifAny(test.tags),
    skip: testCase.skip ?? (trials.length === 0 ? `not asked: ${whyNot()}` : undefined),
    repeats,
    passRate,
    problem: lostInWords({ verdict, repeats, trials }),
    request: ifAny(
      displayTurns.map(({ role, text }) => ({ role, text: text === undefined ? undefined : linesOf(text) })),
    ),
    warnings: ifAny(warnings),
    trials: results,
  };
  return { record, place: test.place, trials };
}

/** Sorts trials by content, since equal requests get replies in any order; replies first, so that an edited assertion moves none. */
function inOrderOfContent(trials: readonly JudgedTrial[]): JudgedTrial[] {
  return trials
    .map((trial) => ({ trial, content: contentOf(trial.result) }))
    .toSorted((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0))
    .map(({ trial }) => trial);
}

function contentOf({ assertions, verdict, candidates, turns, ...reply }: TrialResult): string {
  return canonicalJson([
    candidates.map(withWholeTexts),
    { ...reply, turns: turns?.map(withWholeTexts) },
    verdict,
    assertions.map(({ assertion, verdict: own, message }) => [assertion, own, message]),
  ]);
}

const texts = ['text', 'thoughts', 'code', 'output'];

/** An answer or a part with whole texts in place of lists of lines: results are sorted by these. */
function withWholeTexts(answer: object): object {
  const entries = Object.entries(answer).map(([key, value]: [string, unknown]) => {
    if (!Array.isArray(value)) return [key, value];
    if (key === 'parts') return [key, (value as object[]).map(withWholeTexts)];
    return [key, texts.includes(key) ? (value.length > 0 ? value.join('\n') : undefined) : value];
  });
  return Object.fromEntries(entries) as object;
}

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Method, ReplyKind } from '../gemini/methods.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { Case, ShownTurn } from '../plan/case.ts';
import { digestsOf, type Digests } from './digests.ts';
import { missedOf, verdictOf, warningsOf } from './ledger.ts';
import type { CaseResult, TrialResult, Verdict } from './results.ts';

/** Folds the judged trials of a case. `repeats` counts them and those that were lost; `whyNot` says why there are none. */
export function caseResult(
  asked: Case,
  unordered: readonly TrialResult[],
  repeats: number,
  whyNot: () => string,
): CaseResult {
  const trials = unordered.length > 1 ? inOrderOfContent(unordered) : unordered;
  return new FoldedCase(
    asked,
    trials,
    repeats,
    asked.skip ?? (trials.length === 0 ? `not asked: ${whyNot()}` : undefined),
  );
}

/** What a reporter does not read is not made: there is one for each case and reporter. */
class FoldedCase implements CaseResult {
  readonly trials: readonly TrialResult[];
  readonly repeats: number;
  readonly skip: string | undefined;
  readonly #asked: Case;

  constructor(asked: Case, trials: readonly TrialResult[], repeats: number, skip: string | undefined) {
    this.trials = trials;
    this.repeats = repeats;
    this.skip = skip;
    this.#asked = asked;
  }

  get id(): string {
    return this.#asked.id;
  }

  get verdict(): Verdict {
    const { passRate, skip } = this.#asked;
    return verdictOf({ repeats: this.repeats, passRate, skip }, this.trials);
  }

  get place(): Place {
    return this.#asked.test.place;
  }

  get test(): string {
    return this.#asked.test.name;
  }

  get row(): string | undefined {
    return this.#asked.row && this.#asked.rowName;
  }

  get prompt(): string | undefined {
    return this.#asked.prompt?.name;
  }

  get config(): string | undefined {
    return this.#asked.config?.name;
  }

  get model(): string | undefined {
    return this.#asked.model;
  }

  get method(): Method {
    return this.#asked.method;
  }

  get replyKind(): ReplyKind {
    return this.#asked.replyKind;
  }

  get tags(): readonly string[] {
    return this.#asked.test.tags;
  }

  get fingerprint(): string {
    return this.#asked.fingerprint;
  }

  get digests(): Digests {
    return digestsOf(this.#asked);
  }

  get shown(): readonly ShownTurn[] {
    return this.#asked.shown;
  }

  get passRate(): number {
    return this.#asked.passRate;
  }

  get warnings(): readonly string[] {
    if (this.#asked.skip !== undefined) return [];
    const bare = this.#asked.assertions.length === 0;
    return warningsOf(this.trials.map(({ assertions }) => ({ bare, missed: missedOf(assertions) })));
  }
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

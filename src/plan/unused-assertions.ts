import { kindFits, kindsFitting } from '../assertions/compile.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { Method } from '../gemini/methods.ts';
import type { AssertionEntry, Suite, Test } from '../suite/suite.ts';
import { judgesErrors } from './answer.ts';
import { isPastEnd } from './bind.ts';
import { callsOfTurns } from '../gemini/request-facts.ts';
import type { Cell } from './matrix.ts';

/** Which of a suite’s own assertions judge some case, whatever cases were chosen: an entry that fits no method is left out. */
export class UnusedAssertions {
  readonly #unused: Set<AssertionEntry>;
  readonly #methods = new Set<Method>();
  #mostCalls = 1;

  constructor({ assert }: Suite) {
    this.#unused = new Set(assert);
  }

  /** Looks at a test and the methods of its cells. */
  add(test: Test, cells: readonly Cell[]): void {
    const inherits = test.inherit && !judgesErrors(test.assert);
    for (const { method, prompt } of cells) {
      this.#methods.add(method);
      const calls = callsOfTurns(prompt?.turns ?? [], method);
      this.#mostCalls = Math.max(this.#mostCalls, calls);
      if (!inherits) continue;
      for (const entry of this.#unused)
        if (kindFits(entry.kind, entry.args, method) && !isPastEnd(entry, calls)) this.#unused.delete(entry);
    }
  }

  /** Warns of the entries that judge nothing. */
  warn(report: Report): void {
    const methods = [...this.#methods];
    if (methods.length === 0) return;
    for (const entry of this.#unused) {
      const { kind, args, place } = entry;
      if (isPastEnd(entry, this.#mostCalls)) {
        report({
          severity: 'warning',
          code: 'unused-assertion',
          message: `no case has this ${kind}: no conversation has a turn ${entry.turn}`,
          place,
          help: `the longest has ${this.#mostCalls}`,
        });
        continue;
      }
      const fits = methods.some((method) => kindFits(kind, args, method));
      const fitting = new Set(methods.flatMap((method) => kindsFitting(method)));
      report({
        severity: 'warning',
        code: 'unused-assertion',
        message: fits
          ? `no case has this ${kind}: the tests that it fits leave out the suite’s assert`
          : `no case has this ${kind}: it cannot judge a reply of ${methods.join(', ')}`,
        place,
        help: fits ? 'remove it, or write it in a test' : `these can: ${[...fitting].join(', ')}`,
      });
    }
  }
}

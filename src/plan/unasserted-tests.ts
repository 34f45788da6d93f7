import type { Report } from '../diagnostics/diagnostic.ts';
import type { Test } from '../suite/suite.ts';
import type { Case } from './case.ts';

/** Counts the cases of which nothing is asserted, to warn of their tests. */
export class BareCases {
  readonly #counts = new Map<Test, { all: number; bare: number; one?: Case }>();

  /** Looks at a rendered case. */
  add(asked: Case): void {
    const counts = this.#counts.get(asked.test) ?? { all: 0, bare: 0 };
    counts.all++;
    if (asked.assertions.length === 0) {
      counts.bare++;
      counts.one ??= asked;
    }
    this.#counts.set(asked.test, counts);
  }

  /** Warns of each test with cases that assert nothing. */
  warn(report: Report): void {
    for (const [test, { all, bare, one }] of this.#counts) {
      if (!one) continue;
      const share = bare < all ? ` of ${bare} of its ${all} cases` : '';
      report({
        severity: 'warning',
        code: 'no-assertions',
        message: `the test ${JSON.stringify(test.name)} asserts nothing${share}`,
        place: test.place,
        help:
          test.inherit && one.suite.assert.length > 0
            ? `the suite’s assertions do not fit ${one.method}; say what you expect`
            : 'it passes if the call succeeds with an answer; say what you expect',
      });
    }
  }
}

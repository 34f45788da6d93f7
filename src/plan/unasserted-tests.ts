import type { Test } from '../suite/suite.ts';
import type { Case } from './case.ts';
import type { PlanCheck } from './plan-check.ts';

/** Warns of tests with cases that assert nothing. */
export function unassertedTests(): PlanCheck {
  const counts = new Map<Test, { all: number; unasserted: number; example?: Case }>();
  return {
    case: (testCase) => {
      const count = counts.get(testCase.test) ?? { all: 0, unasserted: 0 };
      counts.set(testCase.test, count);
      count.all++;
      if (testCase.assertions.length > 0) return;
      count.unasserted++;
      count.example ??= testCase;
    },
    end: (report) => {
      for (const [test, { all, unasserted, example }] of counts) {
        if (!example) continue;
        const share = unasserted < all ? ` of ${unasserted} of its ${all} cases` : '';
        report({
          severity: 'warning',
          code: 'no-assertions',
          message: `the test ${JSON.stringify(test.name)} asserts nothing${share}`,
          place: test.place,
          help:
            test.inherit && example.suite.assert.length > 0
              ? `the suite’s assertions do not fit ${example.method}; say what you expect`
              : 'it passes if the call succeeds with an answer; say what you expect',
        });
      }
    },
  };
}

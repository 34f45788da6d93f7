import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { nearest } from '../lib/nearest.ts';
import { checkEntry } from './check-entry.ts';
import type { Located, Suite } from './suite.ts';

/** Checks what a schema cannot: names that must meet, and assertions that must compile. */
export async function checkSuite(suite: Suite, report: Report): Promise<void> {
  const names = new Map<string, Place>();
  for (const test of suite.tests) {
    if (names.has(test.name))
      report({
        severity: 'error',
        code: 'duplicate-name',
        message: `two tests have the name ${JSON.stringify(test.name)}`,
        place: test.place,
        help: 'case ids begin with the test’s name: each needs its own',
      });
    names.set(test.name, test.place);
    checkNames(
      'prompt',
      test.prompts,
      suite.prompts.map(({ name }) => name),
      report,
    );
    checkNames(
      'config',
      test.configs,
      suite.configsDeclared ? suite.configs.map(({ name }) => name) : [],
      report,
    );
    for (const entry of test.assert) await checkEntry(entry, report);
    const judged =
      test.assert.length > 0 || (test.inherit && suite.assert.length > 0) || test.rows !== undefined;
    if (!judged && test.skip === undefined)
      report({
        severity: 'warning',
        code: 'no-assertions',
        message: `the test ${JSON.stringify(test.name)} asserts nothing`,
        place: test.place,
        help: 'it passes if the call succeeds with an answer; say what you expect',
      });
  }
  for (const entry of suite.assert) await checkEntry(entry, report);
  for (const name of suite.env.filter((each) => ['GEMINI_API_KEY', 'GOOGLE_API_KEY'].includes(each))) {
    report({
      severity: 'error',
      code: 'key-in-template',
      message: `${name} holds the API key, which no template may read`,
      place: suite.tests[0]?.place ?? { file: suite.file, start: 0, end: 0 },
    });
  }
  checkUnused('prompt', suite.prompts, suite, report);
  if (suite.configsDeclared) checkUnused('config', suite.configs, suite, report);
}

function checkNames(
  what: string,
  chosen: readonly Located<string>[] | undefined,
  known: readonly string[],
  report: Report,
): void {
  for (const { value, place } of chosen ?? []) {
    if (known.includes(value)) continue;
    const near = nearest(value, known);
    report({
      severity: 'error',
      code: `unknown-${what}`,
      message: `there is no ${what} ${JSON.stringify(value)}`,
      place,
      help:
        near === undefined
          ? known.length > 0
            ? `the ${what}s are ${known.join(', ')}`
            : `the suite declares no ${what}s`
          : `did you mean ${JSON.stringify(near)}?`,
    });
  }
}

function checkUnused(
  what: 'prompt' | 'config',
  all: readonly { name: string; place: Place }[],
  suite: Suite,
  report: Report,
): void {
  for (const { name, place } of all) {
    const used = suite.tests.some((test) => {
      const chosen = what === 'prompt' ? test.prompts : test.configs;
      return chosen === undefined || chosen.some(({ value }) => value === name);
    });
    if (!used)
      report({
        severity: 'warning',
        code: `unused-${what}`,
        message: `no test uses the ${what} ${JSON.stringify(name)}`,
        place,
      });
  }
}

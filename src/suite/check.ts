import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { nearest } from '../lib/nearest.ts';
import { checkAscii } from './check-ascii.ts';
import { checkEqual } from './check-equal.ts';
import { checkEntry } from './check-entry.ts';
import { checkModels } from './models.ts';
import type { Located, Suite } from './suite.ts';
import { checkSuiteName, type SuiteNames } from './suite-name.ts';

/** Checks what a schema cannot: names that must match, and assertions that must compile. */
export async function checkSuite(suite: Suite, suiteNames: SuiteNames, report: Report): Promise<void> {
  checkSuiteName(suite.name, suite.namePlace, suiteNames, report);
  const names = new Set<string>();
  for (const test of suite.tests) {
    if (names.has(test.name))
      report({
        severity: 'error',
        code: 'duplicate-name',
        message: `two tests have the name ${JSON.stringify(test.name)}`,
        place: test.place,
        help: 'case ids begin with the test’s name: give each test its own name',
      });
    names.add(test.name);
    checkNames('prompt', test.prompts, suite.prompts, report);
    checkNames('config', test.configs, suite.configsDeclared ? suite.configs : [], report);
    checkAxis(test, report);
    checkModels(test, report);
    if (test.rowName && !test.dataAt)
      report({
        severity: 'error',
        code: 'row-without-data',
        message: '"row" names the rows of "data", and this test has none',
        place: test.rowName.place,
        help: 'add data, or remove row',
      });
    for (const entry of test.assert) await checkEntry(entry, report);
  }
  checkAxis(suite, report);
  checkModels(suite, report);
  for (const config of suite.configs) checkModels(config, report);
  for (const entry of suite.assert) await checkEntry(entry, report);
  await checkAscii(suite, report);
}

/** Warns of prompts and configs that no test uses, and of those that send the same. */
export function warnAboutSuite(suite: Suite, report: Report): void {
  checkUnused('prompt', suite.prompts, suite, report);
  if (suite.configsDeclared) checkUnused('config', suite.configs, suite, report);
  checkEqual(suite, report);
}

function checkAxis({ model, models }: Pick<Suite, 'model' | 'models'>, report: Report): void {
  if (!model || !models) return;
  report({
    severity: 'error',
    code: 'model-and-models',
    message: '"model" and "models" exclude each other',
    place: model.place,
    help: 'models is an axis: name all of them there, or one under model',
  });
}

function checkNames(
  what: string,
  chosen: readonly Located<string>[] | undefined,
  declared: readonly { readonly name: string }[],
  report: Report,
): void {
  const known = declared.map(({ name }) => name);
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
  all: readonly { name: string; place: SourceRange }[],
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

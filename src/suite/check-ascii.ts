import { argumentsOf } from '../assertions/compile.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { textsIn } from '../shape/walk.ts';
import { diagnosticOf } from './check-entry.ts';
import type { AssertionEntry, Suite } from './suite.ts';

/** Warns of `\b` and `\w` in the expressions of tests whose other assertions are about letters beyond ASCII. */
export async function checkAscii(suite: Suite, report: Report): Promise<void> {
  const written = [suite, ...suite.tests].flatMap(({ assert }) => assert);
  // Most suites have no such expression; load the engine only if one has.
  if (!/\\\\[bBwW]/.test(JSON.stringify(written.map(({ args }) => args)))) return;
  const { asciiBeside, asciiClasses, hasLettersBeyondAscii } =
    await import('../assertions/pattern-warnings.ts');
  const checked = new Set<AssertionEntry>();
  for (const test of suite.tests) {
    const entries = test.inherit ? [...suite.assert, ...test.assert] : test.assert;
    const isBeyond = ({ args }: AssertionEntry): boolean =>
      [...textsIn(args)].some(({ text }) => hasLettersBeyondAscii(text));
    if (!entries.some(isBeyond)) continue;
    for (const each of entries) {
      if (checked.has(each)) continue;
      checked.add(each);
      const { kind, args, entry } = each;
      for (const { text, mode, path } of textsIn(args, argumentsOf(kind))) {
        if (mode !== 'pattern' || asciiClasses(text, path)) continue;
        const problem = asciiBeside(text, path);
        if (problem) report(diagnosticOf(problem, entry.at(kind)));
      }
    }
  }
}

import type { Report } from '../diagnostics/diagnostic.ts';
import type { JsonValue } from '../lib/json.ts';
import { diagnosticOf } from './check-entry.ts';
import type { AssertionEntry, Suite } from './suite.ts';

type Path = readonly (string | number)[];

/** The texts in the arguments of an assertion, with their keys; `key` is that of the assertion. */
function* textsIn(
  value: JsonValue,
  key: string,
  path: Path = [],
): Generator<[key: string, text: string, path: Path]> {
  if (typeof value === 'string') yield [key, value, path];
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value))
      yield* Array.isArray(value)
        ? textsIn(inner, key, [...path, Number(name)])
        : textsIn(inner, name, [...path, name]);
}

/** Warns of `\b` and `\w` in the expressions of tests whose other assertions are about letters beyond ASCII. */
export async function checkAscii(suite: Suite, report: Report): Promise<void> {
  const written = [suite, ...suite.tests].flatMap(({ assert }) => assert);
  // Most suites have no such expression: the engine is loaded where one is.
  if (!/\\\\[bBwW]/.test(JSON.stringify(written.map(({ args }) => args)))) return;
  const { asciiBeside, asciiClasses, hasLettersBeyondAscii } =
    await import('../assertions/pattern-doubts.ts');
  const looked = new Set<AssertionEntry>();
  for (const test of suite.tests) {
    const entries = test.inherit ? [...suite.assert, ...test.assert] : test.assert;
    const isBeyond = ({ kind, args }: AssertionEntry): boolean =>
      [...textsIn(args, kind)].some(([, text]) => hasLettersBeyondAscii(text));
    if (!entries.some(isBeyond)) continue;
    for (const each of entries) {
      if (looked.has(each)) continue;
      looked.add(each);
      const { kind, args, entry, place } = each;
      for (const [key, text, path] of textsIn(args, kind)) {
        if (key !== 'matches' || asciiClasses(text, path)) continue;
        const fault = asciiBeside(text, path);
        if (fault) report(diagnosticOf(fault, kind, entry, place));
      }
    }
  }
}

import type { Pattern } from '../lib/pattern.ts';
import { compilePattern, PatternError } from '../lib/pattern.ts';
import type { ArgumentProblem, ReportProblem } from './kind.ts';

type Path = readonly (string | number)[];

/** The patterns that stand as texts in the match() and search() of a JSONPath. */
const inPath = /\b(?:match|search)\s*\([^,]*,\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/** Warns of \b and its like in the expressions of a JSONPath. */
export function warnOfPathPatterns(query: string, path: Path, report: ReportProblem): void {
  for (const [, single, double] of query.matchAll(inPath)) {
    const problem = asciiClasses((single ?? double ?? '').replaceAll('\\\\', '\\'), path);
    if (problem) report(problem);
  }
}

/** Warns of a sound expression that likely does not do what it was written for. */
export function warnOfPattern(source: string, pattern: Pattern, path: Path, report: ReportProblem): void {
  for (const problem of [matchesEverything(source, pattern, path), asciiClasses(source, path)])
    if (problem) report(problem);
}

/** A sign of private use, which no expression names. */
const unused = '\u{E000}';

/** An expression that can match nothing at the start or the end of a text is found in every text. */
function matchesEverything(source: string, pattern: Pattern, path: Path): ArgumentProblem | undefined {
  if (!pattern.find('')) return undefined;
  const isFound = [`(?:${source})${unused}`, `${unused}(?:${source})`].some((beside) => {
    try {
      return compilePattern(beside).find(unused);
    } catch (error) {
      // An open \Q takes the bracket for text.
      if (error instanceof PatternError) return false;
      throw error;
    }
  });
  if (!isFound) return undefined;
  return {
    severity: 'warning',
    code: 'checks-nothing',
    message: `the expression ${JSON.stringify(source)} matches every text, because it matches an empty one`,
    path,
    help: 'write + instead of *, or add the text that is required',
  };
}

/** The escapes of RE2 that know ASCII alone, each with what to write where other letters may stand. */
const escapes: Readonly<Record<string, string>> = {
  b: String.raw`(?:^|[^\p{L}\p{N}_]) before the word and (?:[^\p{L}\p{N}_]|$) after it`,
  B: String.raw`[\p{L}\p{N}_]`,
  w: String.raw`[\p{L}\p{N}_]`,
  W: String.raw`[^\p{L}\p{N}_]`,
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  s: String.raw`[\s\p{Z}]`,
  S: String.raw`[^\s\p{Z}]`,
};

/** What an escape overlooks, by its lower-case letter. */
const overlooked: Readonly<Record<string, string>> = {
  b: 'é and я do not count as letters',
  w: 'é and я do not count as letters',
  d: '٣ does not count as a digit',
  s: 'U+3000 does not count as white space',
};

/** An escape with what belongs to it; text between \Q and \E is literal. */
const token = /\\(?:Q(?<literal>[\s\S]*?)(?:\\E|$)|[pP](?:\{[^}]*\}|.)|x\{[^}]*\}|[\s\S])/gu;

/** The escapes of an expression that know ASCII alone, without their backslashes, once each. */
function asciiEscapes(source: string): string[] {
  const found = Array.from(source.matchAll(token), ([whole]) => whole.slice(1));
  return [...new Set(found)].filter((name) => Object.hasOwn(escapes, name));
}

/** The letters and digits beyond ASCII in a text; an expression may name them by number or class too. */
const beyondAscii = /(?![\p{ASCII}])[\p{L}\p{N}]/u;
export const hasLettersBeyondAscii = (text: string): boolean => beyondAscii.test(text);

/** Warns of `\b` and its like in an expression that is about letters beyond ASCII. */
export function asciiClasses(source: string, path: Path): ArgumentProblem | undefined {
  if (!source.includes('\\')) return undefined;
  const named = Array.from(source.matchAll(token), ([whole]) => whole);
  const hasLetters =
    hasLettersBeyondAscii(source) ||
    named.some((each) => each.startsWith(String.raw`\x{`) && parseInt(each.slice(3), 16) > 0x7f);
  const hasClass = named.some((each) => /^\\[pP](?:\{\^?(?!ASCII)|[LMN])/.test(each));
  // Who writes \p{L} knows the classes, but \b beside it still ends a word at é.
  const found = asciiEscapes(source).filter(
    (name) => hasLetters || (hasClass && (name === 'b' || name === 'B')),
  );
  return found.length === 0 ? undefined : asciiFault(found, path);
}

/** The same for an expression in ASCII beside assertions that are about letters beyond it. */
export function asciiBeside(source: string, path: Path): ArgumentProblem | undefined {
  const found = asciiEscapes(source).filter((name) => 'bBwW'.includes(name));
  return found.length === 0 ? undefined : asciiFault(found, path);
}

function asciiFault(found: readonly string[], path: Path): ArgumentProblem {
  const names = found.map((name) => `\\${name}`).join(', ');
  const what = [...new Set(found.map((name) => overlooked[name.toLowerCase()]))].join(', ');
  return {
    severity: 'warning',
    code: 'ascii-class',
    message: `${names} ${found.length === 1 ? 'is' : 'are'} ASCII-only in RE2 syntax: ${what}`,
    path,
    help: String.raw`\p{L} is any letter, \p{Nd} any digit: ${found.map((name) => `instead of \\${name} write ${escapes[name]}`).join('; ')}`,
  };
}

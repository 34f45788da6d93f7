/** Makes a text that a regular expression matches, for the expressions that schemas commonly hold. */
import { compilePattern } from '../lib/pattern.ts';

/** Longer texts are not made: a bound on what a caller can ask for. */
const longest = 1000;

/** The shortest text that the expression matches; undefined for one with parts that are not read here. */
export function matching(pattern: string): string | undefined {
  let at = 0;

  function readChoice(): string | undefined {
    const first = readSequence();
    while (pattern[at] === '|') {
      at++;
      if (readSequence() === undefined) return undefined;
    }
    return first;
  }

  function readSequence(): string | undefined {
    let text = '';
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const atom = readAtom();
      if (atom === undefined) return undefined;
      const least = readLeast();
      if (text.length + atom.length * least > longest) return undefined;
      text += atom.repeat(least);
    }
    return text;
  }

  function readAtom(): string | undefined {
    const next = pattern[at++] ?? '';
    if (next === '^' || next === '$') return '';
    if (next === '.') return 'a';
    if (next === '[') return readClass();
    if (next === '\\') return escaped(pattern[at++] ?? '');
    if (next !== '(') return '*+?{'.includes(next) ? undefined : next;
    if (pattern[at] === '?') {
      if (pattern[at + 1] !== ':') return undefined;
      at += 2;
    }
    const inner = readChoice();
    return pattern[at++] === ')' ? inner : undefined;
  }

  function readClass(): string | undefined {
    const end = pattern.indexOf(']', at + 1);
    if (end < 0) return undefined;
    const inside = pattern.slice(at, end);
    at = end + 1;
    if (inside.startsWith('^')) {
      const expression = compilePattern(`[${inside}]`);
      return ['a', 'A', '0', '-', ' '].find((each) => expression.find(each));
    }
    return inside.startsWith('\\') ? escaped(inside[1] ?? '') : inside[0];
  }

  function readLeast(): number {
    const next = pattern[at];
    if (next === '?' || next === '*') at++;
    else if (next === '+') {
      at++;
      return 1;
    } else if (next === '{') {
      const [all = '', least = '0'] = /^\{(\d+)(?:,\d*)?\}/.exec(pattern.slice(at)) ?? [];
      at += all.length;
      return Number(least);
    } else return 1;
    return 0;
  }

  try {
    const text = readChoice();
    return text !== undefined && at >= pattern.length && compilePattern(pattern).find(text)
      ? text
      : undefined;
  } catch {
    return undefined;
  }
}

function escaped(letter: string): string | undefined {
  if (letter === 'd') return '0';
  if (letter === 'w') return 'a';
  if (letter === 's') return ' ';
  if (letter === 'b') return '';
  return /[A-Za-z0-9]/.test(letter) ? undefined : letter;
}

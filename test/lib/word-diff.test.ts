import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffTexts, excerpt, type Run } from '../../src/lib/word-diff.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.', 'é', '😀', '中'), maxLength: 40 });
const side = (runs: readonly Run[], left: Run['kind']): string =>
  runs
    .filter(({ kind }) => kind !== left)
    .map((run) => run.text)
    .join('');

test('joins to the old text without additions and the new text without removals', () =>
  fc.assert(
    fc.property(text, text, (before, after) => {
      const runs = diffTexts(before, after);
      expect(side(runs, 'added')).toBe(before);
      expect(side(runs, 'removed')).toBe(after);
      if (before === after) expect(runs.every(({ kind }) => kind === 'same')).toBe(true);
    }),
  ));

test('finishes for texts with nothing in common', () => {
  const words = (seed: string): string =>
    Array.from({ length: 20_000 }, (_, index) => `${seed}${index}`).join(' ');
  const runs = diffTexts(words('a'), words('b'));
  expect(side(runs, 'added')).toBe(words('a'));
  expect(side(runs, 'removed')).toBe(words('b'));
});

test('an excerpt keeps changes with their context and whole characters', () => {
  const long = '😀'.repeat(500);
  const shown = excerpt(diffTexts(`${long} one ${long}`, `${long} two ${long}`), 400);
  expect(shown.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
  const all = shown.map((run) => run.text).join('');
  expect([...all].length).toBeLessThan(120);
  expect(all).not.toMatch(/\p{Cs}/u);
});

test('an excerpt has a maximum length', () =>
  fc.assert(
    fc.property(text, text, fc.nat(30), (before, after, most) => {
      const shown = excerpt(diffTexts(before, after), most);
      const changed = shown.filter(({ kind }) => kind !== 'same').map((run) => run.text);
      expect([...changed.join('')].length).toBeLessThanOrEqual(2 * most + 2);
    }),
  ));

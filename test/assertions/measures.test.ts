/** The measures under editDistance and rouge: published figures, laws, and what a hostile text may cost. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileEntry } from '../../src/assertions/compile.ts';
import { decodeReply } from '../../src/gemini/decode.ts';
import { editDistance } from '../../src/lib/edit-distance.ts';
import { rouge, wordsOf } from '../../src/lib/rouge.ts';

type Variant = 1 | 2 | 'L';
const f1 = (variant: Variant, answer: string, reference: string): number =>
  rouge(variant, wordsOf(answer), wordsOf(reference));

// What ROUGE-1.5.5 itself gave for these random texts: rouge_scorer_test.py of google-research/rouge.
const first = {
  target:
    "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM EKBDXkME,yz'RBr q'wtion wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
  prediction: "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
};
const second = {
  target:
    "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m qiing LMmer HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing UCAPwNHeYVjDing c T BUySKtion gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN",
  prediction:
    "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J XsurkMeo ,ed nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD",
};

test.for<[Variant, typeof first, number]>([
  [1, first, 0.51163],
  [2, first, 0.39024],
  ['L', first, 0.51163],
  [1, second, 0.5],
  [2, second, 0.36364],
  ['L', second, 0.5],
])('ROUGE-%s of ROUGE-1.5.5', ([variant, { target, prediction }, expected]) => {
  expect(f1(variant, prediction, target)).toBeCloseTo(expected, 5);
});

// Lin (2004), sections 2 and 3: three candidates for one reference.
test.for<[string, number, number]>([
  ['police kill the gunman', 1 / 3, 3 / 4],
  ['the gunman kill police', 1 / 3, 2 / 4],
  ['the gunman police killed', 2 / 3, 2 / 4],
])('the paper’s %s', ([candidate, pairs, subsequence]) => {
  const reference = 'police killed the gunman';
  expect(f1(2, candidate, reference)).toBeCloseTo(pairs, 12);
  expect(f1('L', candidate, reference)).toBeCloseTo(subsequence, 12);
});

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

/** The textbook's table. */
function table(
  a: readonly string[],
  b: readonly string[],
  step: (costs: number[][], i: number, j: number) => number,
): number {
  const costs = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = 0; i <= a.length; i++)
    for (let j = 0; j <= b.length; j++) (costs[i] ?? [])[j] = step(costs, i, j);
  return costs[a.length]?.[b.length] ?? Number.NaN;
}
const at = (costs: number[][], i: number, j: number): number => costs[i]?.[j] ?? 0;

test('ROUGE-L is the F1 of the longest common subsequence, in both directions', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const common = table(a, b, (costs, i, j) =>
        i === 0 || j === 0
          ? 0
          : a[i - 1] === b[j - 1]
            ? at(costs, i - 1, j - 1) + 1
            : Math.max(at(costs, i - 1, j), at(costs, i, j - 1)),
      );
      const expected = a.length === 0 || b.length === 0 ? 0 : (2 * common) / (a.length + b.length);
      expect(rouge('L', a, b)).toBeCloseTo(expected, 10);
      expect(rouge('L', b, a)).toBeCloseTo(expected, 10);
    }),
  );
});

test('ROUGE-1 and -2 are the F1 of the n-grams in common', () => {
  const grams = (list: readonly string[], n: number): string[] =>
    list.slice(n - 1).map((_, index) => list.slice(index, index + n).join(' '));
  fc.assert(
    fc.property(words, words, fc.constantFrom<1 | 2>(1, 2), (a, b, n) => {
      const left = grams(a, n);
      const right = grams(b, n);
      const rest = [...right];
      const common = left.filter((gram) => {
        const index = rest.indexOf(gram);
        if (index >= 0) rest.splice(index, 1);
        return index >= 0;
      }).length;
      const expected =
        left.length === 0 || right.length === 0 ? 0 : (2 * common) / (left.length + right.length);
      expect(rouge(n, a, b)).toBeCloseTo(expected, 10);
    }),
  );
});

test('the edit distance equals the textbook algorithm, for any units', () => {
  const units = fc.array(fc.constantFrom('a', 'b', '🎈', '🎉', 'two words', '\0', ''), { maxLength: 12 });
  fc.assert(
    fc.property(units, units, (a, b) => {
      const expected = table(a, b, (costs, i, j) =>
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(costs, i - 1, j) + 1,
              at(costs, i, j - 1) + 1,
              at(costs, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
            ),
      );
      expect(editDistance(a, b)).toBe(expected);
      expect(editDistance(b, a)).toBe(expected);
    }),
  );
});

test('distinguishes more different units than a code unit has values', () => {
  const many = Array.from({ length: 70_000 }, (_, index) => `unit ${index}`);
  expect(editDistance(many, ['unit 69999', 'unit 3'])).toBe(69_999);
});

async function evaluate(kind: string, args: Record<string, string | number>, text: string) {
  const check = await compileEntry(kind, args, ({ message }) => expect.fail(message));
  const body = { candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] };
  const reply = decodeReply('generateContent', { status: 200, body, totalMs: 1 });
  const candidate = reply.candidates[0];
  return check?.({
    reply,
    trial: { at: '2026-11-20T12:00:00.000Z', calls: [reply], root: import.meta.dirname },
    ...(candidate ? { candidate } : {}),
  });
}

const long = 'ab '.repeat(11_000);
test.for<[string, Record<string, string | number>, string]>([
  [
    'editDistance',
    { to: long, max: 3 },
    'too long to compare: 32999 characters with 32999, their product may be 100000000 at most',
  ],
  [
    'editDistance',
    { to: long, max: 3, variant: 'words' },
    'too long to compare: 11000 words with 11000, their product may be 100000000 at most',
  ],
  ['rouge', { to: 'ab', min: 0.5, variant: 1 }, 'too long to compare: 11000 words, at most 10000 are'],
  ['rouge', { to: long, min: 0.5, variant: 2 }, 'too long to compare: 11000 words, at most 10000 are'],
])('%s names its bound rather than work on %j', async ([kind, args, message]) => {
  expect(await evaluate(kind, args, long)).toMatchObject({ status: 'unknown', message });
});

test('only ROUGE-L has a limit on the product of words', async () => {
  const reference = 'ab '.repeat(2000);
  const answer = 'ab cd '.repeat(1000);
  expect(await evaluate('rouge', { to: reference, min: 0.1 }, answer)).toMatchObject({
    status: 'unknown',
    message: 'too long for ROUGE-L: 2000 words with 2000, their product may be 1000000 at most',
  });
  expect(await evaluate('rouge', { to: reference, min: 0.1, variant: 1 }, answer)).toMatchObject({
    status: 'holds',
  });
});

test('compares any words up to its limit', async () => {
  const wordy = Array.from({ length: 10_000 }, (_, index) => `${'x'.repeat(60)}${index}`).join(' ');
  expect(await evaluate('rouge', { to: wordy, min: 1, variant: 2 }, wordy)).toMatchObject({
    status: 'holds',
  });
});

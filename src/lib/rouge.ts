import { l, n } from 'js-rouge';

/** So many words of a text are counted, and so many pairs of words compared for the longest common subsequence. */
export const mostWords = 10_000;
export const mostWordPairs = 1_000_000;

/** Scripts that part no words by spaces: there every character, with its marks, is one. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const word = new RegExp(`[${unspaced}]\\p{M}*|(?:(?![${unspaced}])[\\p{L}\\p{N}]\\p{M}*)+`, 'gu');

/**
 * The words of a text as ROUGE compares them: runs of letters and digits in lower case. For ASCII these are the words
 * of the rouge-score package without its stemmer; other scripts, which that one drops, are kept.
 */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(word) ?? [];
}

/** ROUGE-1, ROUGE-2 (clipped counts of n-grams) or ROUGE-L (longest common subsequence of the whole text) as F1, 0 to 1. */
export function rouge(variant: 1 | 2 | 'L', answer: readonly string[], reference: readonly string[]): number {
  if (answer.length === 0 || reference.length === 0) return 0;
  const numbers = new Map<string, string>();
  // The package takes texts and refuses long ones: pass a number for each word, with our own tokenizer.
  const encode = (words: readonly string[]): string =>
    words
      .map((each) => {
        let number = numbers.get(each);
        if (number === undefined) numbers.set(each, (number = String(numbers.size)));
        return number;
      })
      .join(' ');
  const options = { tokenizer: (text: string) => text.split(' '), segmenter: (text: string) => [text] };
  const [a, b] = [encode(answer), encode(reference)];
  return variant === 'L' ? l(a, b, options) : n(a, b, { ...options, n: variant });
}

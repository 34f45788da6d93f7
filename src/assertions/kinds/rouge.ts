import { choice } from '../../shape/shape.ts';
import { boundsInWords, within } from '../bounds.ts';
import { cannotTell, compared, generating, withText } from '../evaluation.ts';
import type { Evaluation, Kind } from '../kind.ts';
import { readReferences, referenceLimits, referenceShape, type ReferenceArgs } from '../references.ts';

type Args = ReferenceArgs<1 | 2 | 'L'>;

export const rouge: Kind<Args> = {
  name: 'rouge',
  doc: 'The ROUGE score of the answer text against a reference text: the F1 score of ROUGE-1, -2 or -L, 0 to 1. Of several references, the best counts.',
  shape: referenceShape(
    choice([1, 2, 'L'], {
      doc: 'Words (1), pairs of words (2), or words in the same order (L, the default).',
      example: 2,
    }),
    'the F1',
    'min',
    { min: 0.4, max: 0.9 },
    1,
  ),
  example: { to: 'A lantern hung over the harbour.', min: 0.4 },
  fits: generating,
  limits: (args) => referenceLimits(args, 1),
  neverEmpty: { wholes: ['to'] },
  compile: async (args, { report }) => {
    const { variant = 'L', min, max } = args;
    const references = readReferences(args, report, 1);
    if (!references) return undefined;
    const { wordsOf, rouge: score, mostWords, mostWordPairs } = await import('../../lib/rouge.ts');
    const split = references.map((text) => ({ text, words: wordsOf(text) }));
    const wordless = split.find(({ words }) => words.length === 0);
    if (wordless) {
      report({
        severity: 'error',
        code: 'no-words',
        message: `the reference ${JSON.stringify(wordless.text)} has no words: nothing is like it`,
        path: ['to'],
        help: 'name a text that has letters or digits',
      });
      return undefined;
    }
    const bound = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    const lengths = split.map(({ words }) => words.length);
    const judge = (answer: string): Evaluation => {
      const words = wordsOf(answer);
      const longest = Math.max(words.length, ...lengths);
      if (longest > mostWords)
        return cannotTell(`too long to compare: ${longest} words, at most ${mostWords} are`);
      const all = lengths.reduce((sum, length) => sum + length, 0);
      if (variant === 'L' && words.length * all > mostWordPairs)
        return cannotTell(
          `too long for ROUGE-L: ${words.length} words with ${all}, their product may be ${mostWordPairs} at most`,
        );
      const scored = split.map((each) => ({ text: each.text, f1: score(variant, words, each.words) }));
      const best = scored.reduce((most, each) => (each.f1 > most.f1 ? each : most));
      const received = Number(best.f1.toPrecision(6));
      return compared(
        within(best.f1, bound),
        `expected a ROUGE-${variant} of ${boundsInWords(bound)}, received ${received}`,
        `ROUGE-${variant} is ${received}`,
        { expected: best.text, actual: answer.trim() },
      );
    };
    return (subject) => withText(subject, judge);
  },
};

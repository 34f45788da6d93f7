import { plural } from '../../lib/words.ts';
import { object, optional } from '../../shape/shape.ts';
import { bounds, boundsOf, within, type Bounds } from '../bounds.ts';
import { compared, generating, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsOfKeys } from '../limits.ts';

interface Args {
  chars?: Bounds;
  words?: Bounds;
  lines?: Bounds;
}

const nouns = { chars: 'character', words: 'word', lines: 'line' } as const;

export const length: Kind<Args> = {
  name: 'length',
  doc: 'The length of the answer text in chars (code points), words (separated by white space) or lines.',
  shape: object(
    {
      chars: optional(bounds({ doc: 'Code points.', example: { max: 400 } })),
      words: optional(bounds({ doc: 'Words, separated by white space.', example: { min: 50, max: 100 } })),
      lines: optional(bounds({ doc: 'Lines. A final line end does not begin another line.', example: 4 })),
    },
    { min: 1 },
  ),
  example: { words: { min: 50, max: 100 } },
  fits: generating,
  limits: (args) => limitsOfKeys(args, { whole: true, reached: 1 }),
  compile: (args) => (subject) =>
    withText(subject, (answer) => {
      const counts = {
        chars: [...answer].length,
        words: answer.split(/\s+/u).filter((word) => word !== '').length,
        lines: answer === '' ? 0 : answer.replace(/\n$/, '').split('\n').length,
      };
      const units = (['chars', 'words', 'lines'] as const).filter((unit) => args[unit] !== undefined);
      const wrong = units.filter((unit) => !within(counts[unit], args[unit] ?? {}));
      const expected = wrong.map(
        (unit) => `expected ${boundsOf(args[unit] ?? {}, nouns[unit])}, received ${counts[unit]}`,
      );
      const found = units.map((unit) => plural(counts[unit], nouns[unit]));
      return compared(wrong.length === 0, expected.join('; '), found.join('; '));
    }),
};

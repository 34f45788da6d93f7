import { object, optional } from '../../shape/shape.ts';
import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { generating, verdict, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsOfKeys } from '../limits.ts';

interface Args {
  chars?: Bounds;
  words?: Bounds;
  lines?: Bounds;
}

export const length: Kind<Args> = {
  name: 'length',
  doc: 'The answer text’s length: chars (code points), words (separated by white space), lines.',
  shape: object(
    {
      chars: optional(bounds({ doc: 'Code points.', example: { max: 400 } })),
      words: optional(bounds({ doc: 'Runs of other than white space.', example: { min: 50, max: 100 } })),
      lines: optional(bounds({ doc: 'Lines; an end of line at the very end opens none.', example: 4 })),
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
      const told = (wrong.length > 0 ? wrong : units).map(
        (unit) => `expected ${boundsInWords(args[unit] ?? {})} ${unit}, received ${counts[unit]}`,
      );
      return verdict(wrong.length === 0, told.join('; '));
    }),
};

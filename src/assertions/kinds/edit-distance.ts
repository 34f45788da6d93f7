import { plural } from '../../lib/words.ts';
import { editDistance as distance, mostPairs } from '../../lib/edit-distance.ts';
import { choice } from '../../shape/shape.ts';
import { boundsInWords, boundsOf, within } from '../bounds.ts';
import { cannotTell, compared, generating, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { readReferences, referenceLimits, referenceShape, type ReferenceArgs } from '../references.ts';

type Args = ReferenceArgs<'chars' | 'words' | 'share'>;

const unitsOf = (text: string, variant: Args['variant']): string[] =>
  variant === 'words' ? text.split(/\s+/u).filter((word) => word !== '') : [...text];

export const editDistance: Kind<Args> = {
  name: 'editDistance',
  doc: 'The number of edits (insertions, deletions, replacements) between the trimmed answer text and the nearest reference text.',
  shape: referenceShape(
    choice(['chars', 'words', 'share'], {
      doc: 'Count edits of code points (the default), of words, or as a share: edits of code points divided by the length of the longer text, 0 to 1.',
      example: 'words',
    }),
    'the distance',
    'max',
    { min: 1, max: 3 },
  ),
  example: { to: 'A lantern hung over the harbour.', max: 3 },
  fits: generating,
  limits: (args) => referenceLimits(args, args.variant === 'share' ? 1 : Infinity),
  neverEmpty: { wholes: ['to'] },
  compile: (args, { report }) => {
    const { variant = 'chars', min, max } = args;
    const references = readReferences(args, report, variant === 'share' ? 1 : undefined);
    if (!references) return undefined;
    const bound = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    const split = references.map((text) => ({ text, units: unitsOf(text, variant) }));
    const lengths = split.reduce((sum, { units }) => sum + units.length, 0);
    const noun = variant === 'words' ? 'words' : 'characters';
    return (subject) =>
      withText(subject, (answer) => {
        const trimmed = answer.trim();
        const units = unitsOf(trimmed, variant);
        if (units.length * lengths > mostPairs)
          return cannotTell(
            `too long to compare: ${units.length} ${noun} with ${lengths}, their product may be ${mostPairs} at most`,
          );
        const measured = split.map(({ text, units: wanted }) => {
          const edits = distance(units, wanted);
          const longer = Math.max(units.length, wanted.length);
          return { text, figure: variant !== 'share' ? edits : longer === 0 ? 0 : edits / longer };
        });
        const nearest = measured.reduce((best, each) => (each.figure < best.figure ? each : best));
        const isShare = variant === 'share';
        const figure = Number(nearest.figure.toPrecision(6));
        return compared(
          within(nearest.figure, bound),
          isShare
            ? `expected a share of ${boundsInWords(bound)} of its characters edited, received ${figure}`
            : `expected ${boundsOf(bound, 'edit')} of ${noun}, received ${figure}`,
          isShare ? `the share of edited characters is ${figure}` : `${plural(figure, 'edit')} of ${noun}`,
          { expected: nearest.text, actual: trimmed },
        );
      });
  },
};

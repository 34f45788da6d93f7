import type { ReplyKind } from '../../gemini/methods.ts';
import { plural } from '../../lib/words.ts';
import { object, optional } from '../../shape/shape.ts';
import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { cannotTell, verdict } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsOfKeys } from '../limits.ts';

interface Args {
  dimensions?: Bounds;
  norm?: Bounds;
}
const fits: readonly ReplyKind[] = ['embedding'];

export const embedding: Kind<Args> = {
  name: 'embedding',
  doc: 'The number of dimensions and the Euclidean norm of every vector.',
  shape: object(
    {
      dimensions: optional(bounds({ doc: 'The number of values in a vector.', example: 3072 })),
      norm: optional(bounds({ doc: 'Euclidean norm.', example: { min: 0.99, max: 1.01 } })),
    },
    { min: 1 },
  ),
  example: { dimensions: 3072 },
  fits,
  limits: (args) => limitsOfKeys(args),
  compile:
    (args) =>
    ({ reply }) => {
      const { vectors } = reply;
      if (vectors === undefined || vectors.length === 0) return cannotTell(`no vector: ${reply.outcome}`);
      const problems: string[] = [];
      vectors.forEach((vector, index) => {
        const which = vectors.length > 1 ? `vector ${index}: ` : '';
        if (args.dimensions !== undefined && !within(vector.length, args.dimensions))
          problems.push(
            `${which}expected ${boundsInWords(args.dimensions)} dimensions, received ${vector.length}`,
          );
        const exact = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
        // A vector that was made to be of length 1 is so but for rounding.
        const norm = Number(exact.toPrecision(6));
        if (args.norm !== undefined && !within(norm, args.norm))
          problems.push(
            `${which}expected a norm of ${boundsInWords(args.norm)}, received ${exact.toPrecision(6)}`,
          );
      });
      return verdict(
        problems.length === 0,
        problems.length === 0 ? `${plural(vectors.length, 'vector')} as expected` : problems.join('; '),
      );
    },
};

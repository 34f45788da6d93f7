import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { cannotTell, generating, verdict } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';

export const avgLogprobs: Kind<Bounds> = {
  name: 'avgLogprobs',
  doc: 'The candidate’s avgLogprobs, at most 0: the nearer to 0, the surer the model was of its words.',
  shape: bounds({ example: { min: -0.5 } }),
  example: { min: -0.5 },
  fits: generating,
  limits: (args) => limitsAt(args, [], { least: -Infinity, most: 0 }),
  compile:
    (args) =>
    ({ candidate }) => {
      const average = candidate?.avgLogprobs;
      return average === undefined
        ? cannotTell('no avgLogprobs in the reply: a config asks for them by responseLogprobs: true')
        : verdict(
            within(average, args),
            `expected an average log probability of ${boundsInWords(args)}, received ${Number(average.toPrecision(6))}`,
          );
    },
};

import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared, generating } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';

export const avgLogprobs: Kind<Bounds> = {
  name: 'avgLogprobs',
  doc: 'The candidate’s avgLogprobs. It is 0 or less; closer to 0 means that the model was more certain.',
  shape: bounds({ example: { min: -0.5 } }),
  example: { min: -0.5 },
  fits: generating,
  limits: (args) => limitsAt(args, [], { least: -Infinity, most: 0 }),
  compile:
    (args) =>
    ({ candidate }) => {
      const average = candidate?.avgLogprobs;
      if (average === undefined)
        return cannotTell('no avgLogprobs in the reply: set responseLogprobs: true in the config');
      const received = Number(average.toPrecision(6));
      return compared(
        within(average, args),
        `expected an average log probability of ${boundsInWords(args)}, received ${received}`,
        `the average log probability is ${received}`,
      );
    },
};

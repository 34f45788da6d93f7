import { plural } from '../../lib/words.ts';
import { bounds, boundsOf, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared, generating } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';

export const chunks: Kind<Bounds> = {
  name: 'chunks',
  doc: 'The number of events in a stream.',
  shape: bounds({ example: { min: 2 } }),
  example: { min: 2 },
  fits: generating,
  limits: (args) => limitsAt(args, [], { whole: true }),
  methods: ['streamGenerateContent'],
  compile:
    (args) =>
    ({ reply }) =>
      reply.chunks === undefined
        ? cannotTell('no chunks: the reply was not streamed')
        : compared(
            within(reply.chunks, args),
            `expected ${boundsOf(args, 'chunk')}, received ${reply.chunks}`,
            `received ${plural(reply.chunks, 'chunk')}`,
          ),
};

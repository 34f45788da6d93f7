import { isObject } from '../../lib/json.ts';
import { object, optional } from '../../shape/shape.ts';
import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared, everyReply } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsOfKeys } from '../limits.ts';

interface Args {
  total?: Bounds;
  firstToken?: Bounds;
}

export const latency: Kind<Args> = {
  name: 'latency',
  doc: 'Milliseconds until the end of the reply (total), or until the first text of a stream (firstToken).',
  shape: object(
    {
      total: optional(bounds({ doc: 'From sending to the last byte, in ms.', example: { max: 5000 } })),
      firstToken: optional(
        bounds({ doc: 'From sending to the first text of a stream, in ms.', example: { max: 1500 } }),
      ),
    },
    { min: 1 },
  ),
  example: { total: { max: 5000 } },
  fits: everyReply,
  limits: (args) => limitsOfKeys(args),
  lacks: (args, method) =>
    isObject(args) && args.firstToken !== undefined && method !== 'streamGenerateContent'
      ? { what: 'firstToken', help: 'ask streamGenerateContent, or bound total' }
      : undefined,
  compile:
    (args) =>
    ({ reply }) => {
      const measured = { total: reply.latency.totalMs, firstToken: reply.latency.firstTokenMs };
      const missed: string[] = [];
      const figures: string[] = [];
      for (const name of ['total', 'firstToken'] as const) {
        const bound = args[name];
        if (bound === undefined) continue;
        const value = measured[name];
        if (value === undefined)
          return cannotTell(
            name === 'total'
              ? 'no time of the reply'
              : 'no time of the first text: the reply was not streamed',
          );
        const isTotal = name === 'total';
        figures.push(`${isTotal ? 'took' : 'first text after'} ${Math.round(value)} ms`);
        if (!within(value, bound))
          missed.push(`expected ${boundsInWords(bound)} ms${isTotal ? '' : ' to the first text'}`);
      }
      return compared(
        missed.length === 0,
        missed.join('; '),
        missed.length === 0 ? 'within the limits' : 'not within the limits',
        { figure: figures.join(', ') },
      );
    },
};

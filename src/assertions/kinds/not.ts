import type { JsonObject } from '../../lib/json.ts';
import { reference } from '../../shape/shape.ts';
import { everyReply } from '../evaluation.ts';
import type { Check, Kind } from '../kind.ts';

export const not: Kind<JsonObject> = {
  name: 'not',
  doc: 'Passes if the nested assertion fails. If that cannot be judged, neither can `not`.',
  shape: reference('assertion'),
  example: { contains: 'as an AI' },
  fits: everyReply,
  nests: { takes: 'one', holdsFor: 'none' },
  compile: async (args, { nested }): Promise<Check | undefined> => {
    const check = await nested(args, []);
    if (!check) return undefined;
    return async (subject) => {
      const inner = await check(subject);
      if (inner.status === 'unknown') return inner;
      return {
        ...inner,
        status: inner.status === 'holds' ? 'fails' : 'holds',
        message: inner.found ?? inner.message,
        ...(inner.expected === undefined ? {} : { expected: `not: ${inner.expected}` }),
      };
    };
  },
};

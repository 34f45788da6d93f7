import { bareModel } from '../../gemini/paths.ts';
import { byType, object, pattern, text } from '../../shape/shape.ts';
import { cannotTell, compared, generating, quoted } from '../evaluation.ts';
import type { Check, Kind } from '../kind.ts';
import { compileUserPattern } from '../pattern-argument.ts';

type Args = string | { matches: string };

export const modelVersion: Kind<Args> = {
  name: 'modelVersion',
  doc: 'The model that answered: its id, or a regular expression that matches in it.',
  shape: byType({
    text: text(),
    map: object({ matches: pattern({ doc: 'A regular expression (RE2 syntax).', example: '^gemini-3' }) }),
  }) as Kind<Args>['shape'],
  example: 'gemini-3.8-flash',
  fits: generating,
  neverEmpty: { parts: ['matches'], wholes: [''] },
  compile: async (args, { report }): Promise<Check | undefined> => {
    const compiled =
      typeof args === 'string' ? undefined : await compileUserPattern(args.matches, ['matches'], report);
    if (typeof args !== 'string' && !compiled) return undefined;
    return ({ reply }) => {
      if (reply.modelVersion === undefined) return cannotTell('no modelVersion in the reply');
      const actual = bareModel(reply.modelVersion);
      const holds = typeof args === 'string' ? bareModel(args) === actual : compiled?.find(actual) === true;
      const expected = typeof args === 'string' ? args : args.matches;
      return compared(
        holds,
        `expected modelVersion ${quoted(expected)}, received ${quoted(actual)}`,
        `modelVersion is ${quoted(actual)}`,
        {
          expected,
          actual,
        },
      );
    };
  },
};

import { canonicalJson } from '../../lib/canonical.ts';
import { isObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { anything, describe, mapOf, object, optional, text, type Shape } from '../../shape/shape.ts';
import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { generating, outcomeOf, verdict } from '../evaluation.ts';
import { reportInexact } from '../inexact.ts';
import type { Check, Kind } from '../kind.ts';
import { compilePathArgs, pathShape, type PathArgs } from '../path-assertion.ts';

interface Args {
  name?: string;
  args?: JsonObject;
  where?: PathArgs;
  count?: Bounds;
}

/** True if every entry of `part` stands in `whole`, maps by key, lists and scalars as they are. */
function isSubset(part: JsonValue, whole: JsonValue | undefined): boolean {
  if (whole === undefined) return false;
  if (!isObject(part)) return canonicalJson(part) === canonicalJson(whole);
  return isObject(whole) && Object.entries(part).every(([key, value]) => isSubset(value, whole[key]));
}

export const functionCall: Kind<Args> = {
  name: 'functionCall',
  doc: 'Some function call of the candidate matches: by name, by a subset of its args, by a JSONPath on its args (where); count bounds how many match.',
  shape: object({
    name: optional(text({ doc: 'The function’s name.', example: 'getWeather' })),
    args: optional(
      mapOf(anything(), {
        doc: 'Arguments that the call must have; it may have more.',
        example: { city: 'Oslo' },
        template: true,
      }),
    ),
    where: optional(
      describe(pathShape as Shape<PathArgs>, {
        doc: 'A JSONPath on the call’s arguments, and what must hold of it.',
        example: { path: '$.city', equals: 'Oslo' },
      }),
    ),
    count: optional(bounds({ doc: 'How many calls match; without it, at least one.', example: 1 })),
  }),
  example: { name: 'getWeather', args: { city: 'Oslo' } },
  fits: generating,
  compile: async (args, { report }): Promise<Check | undefined> => {
    const where =
      args.where &&
      (await compilePathArgs(args.where, (fault) => report({ ...fault, path: ['where', ...fault.path] })));
    if (args.where && !where) return undefined;
    if (reportInexact(args.args, ['args'], report)) return undefined;
    return (subject) => {
      const calls = subject.candidate?.functionCalls ?? [];
      const matching = calls.filter(
        (call) =>
          (args.name === undefined || call.name === args.name) &&
          (args.args === undefined || isSubset(args.args, call.args)) &&
          (where === undefined || where(call.args).status === 'holds'),
      );
      const bound = args.count ?? { min: 1 };
      const actual =
        calls.map((call) => `${call.name}(${JSON.stringify(call.args)})`).join('\n') ||
        `no call: ${outcomeOf(subject)}`;
      return verdict(
        within(matching.length, bound),
        `expected ${boundsInWords(bound)} matching calls, received ${matching.length} of ${calls.length}`,
        {
          expected: JSON.stringify(args),
          actual,
        },
      );
    };
  },
};

import { apiEnum, choice, flag, object, optional } from '../../shape/shape.ts';
import { checkEnum } from '../enum-argument.ts';
import { cannotTell, generating, verdict } from '../evaluation.ts';
import type { Kind } from '../kind.ts';

type Args = { max?: string; blocked?: boolean; ifAbsent?: 'pass' } & Record<string, string | boolean>;

const order = ['NEGLIGIBLE', 'LOW', 'MEDIUM', 'HIGH'];
const probability = apiEnum(order, { doc: 'The highest probability that is allowed.', example: 'LOW' });

export const safety: Kind<Args> = {
  name: 'safety',
  doc: 'Safety ratings are at most a probability, for all categories (max) or by category. If the prompt was blocked, its ratings count.',
  shape: object(
    {
      max: optional(probability),
      blocked: optional(flag({ doc: 'Whether a rating says blocked.', example: true, template: true })),
      ifAbsent: optional(
        choice(['pass'], {
          doc: 'pass: the assertion passes if the reply has no ratings. Ordinary replies have none.',
          example: 'pass',
        }),
      ),
    },
    { min: 1, patterns: { '^(HARM|harm)_\\w+$': probability } },
  ),
  example: { max: 'LOW', ifAbsent: 'pass' },
  fits: generating,
  neverEmpty: { wholes: ['*'] },
  compile: (args, { report }) => {
    const byCategory = new Map(
      Object.entries(args).flatMap(([key, highest]): [string, string][] =>
        /^harm_/i.test(key)
          ? [
              [
                checkEnum('harmCategory', key, [key], report),
                checkEnum('harmProbability', String(highest), [key], report),
              ],
            ]
          : [],
      ),
    );
    const max = args.max === undefined ? undefined : checkEnum('harmProbability', args.max, ['max'], report);
    if (args.max === undefined && args.blocked === undefined && byCategory.size === 0)
      report({
        severity: 'error',
        code: 'no-condition',
        message: 'ifAbsent alone asks for nothing',
        path: ['ifAbsent'],
        atKey: true,
        help: 'add max: LOW, blocked: false, or a category with its highest probability',
      });
    const highest = [...byCategory.values(), ...(max === undefined ? [] : [max])];
    const isIdle = highest.length > 0 && highest.every((each) => each === 'HIGH');
    if (isIdle && args.ifAbsent === 'pass' && args.blocked === undefined)
      report({
        severity: 'warning',
        code: 'checks-nothing',
        message: 'safety checks nothing: every probability is at most HIGH, and ratings may be absent',
        path: [],
        help: 'write a lower probability, or remove ifAbsent',
      });
    return ({ reply, candidate }) => {
      const ratings =
        candidate?.safetyRatings ?? (reply.blockReason === undefined ? undefined : reply.promptSafetyRatings);
      if (ratings === undefined || ratings.length === 0) {
        return args.ifAbsent === 'pass'
          ? verdict(true, 'no safetyRatings in the reply')
          : cannotTell('no safetyRatings in the reply');
      }
      const problems: string[] = [];
      const unclear: string[] = [];
      for (const { category, probability: given } of ratings) {
        const bound = (category === undefined ? undefined : byCategory.get(category)) ?? max;
        if (category === undefined && byCategory.size > 0) unclear.push('a rating has no category');
        else if (bound === undefined) continue;
        else if (given === undefined)
          unclear.push(`the rating of ${category ?? 'a category'} has no probability`);
        else if (given !== bound && !(order.includes(given) && order.includes(bound)))
          unclear.push(`${category ?? 'a rating'} is ${given}, which cannot be compared with ${bound}`);
        else if (order.indexOf(given) > order.indexOf(bound))
          problems.push(`${category ?? 'a rating'} is ${given}, at most ${bound} is allowed`);
      }
      const blocked = ratings.some((rating) => rating.blocked === true);
      if (args.blocked !== undefined && blocked !== args.blocked)
        problems.push(args.blocked ? 'no rating says blocked' : 'a rating says blocked');
      const unrated = [...byCategory.keys()].filter(
        (category) => !ratings.some((rating) => rating.category === category),
      );
      if (unrated.length > 0 && args.ifAbsent !== 'pass')
        unclear.push(`no rating of ${unrated.join(', ')} in the reply`);
      const actual = ratings
        .map(
          ({ category, probability: given, blocked: isBlocked }) =>
            `${category ?? 'no category'}: ${given ?? 'no probability'}${isBlocked ? ' (blocked)' : ''}`,
        )
        .join('\n');
      if (problems.length > 0) return verdict(false, problems.join('; '), { actual });
      return unclear.length > 0
        ? cannotTell(unclear.join('; '), actual)
        : verdict(true, 'the ratings are within the limits', { actual });
    };
  },
};

import { outcomes, type Outcome } from '../../gemini/reply.ts';
import { nearest } from '../../lib/nearest.ts';
import { apiEnum, byType, list } from '../../shape/shape.ts';
import { everyReply, compared, outcomeOf } from '../evaluation.ts';
import type { Kind } from '../kind.ts';

type Args = string | string[];

const one = apiEnum(outcomes);

/** The outcome that a text names, in any case; undefined if it names none. */
const outcomeNamed = (text: string): Outcome | undefined =>
  outcomes.find((each) => each.toLowerCase() === text.toLowerCase());

export const outcome: Kind<Args> = {
  name: 'outcome',
  doc: 'The outcome of the reply is this value, or one of a list.',
  shape: byType({ text: one, list: list(one, { min: 1 }) }) as Kind<Args>['shape'],
  example: 'answered',
  fits: everyReply,
  neverEmpty: { wholes: [''] },
  // A failure of the moment is no outcome to test for by itself.
  admits: (args, momentary) =>
    [args]
      .flat()
      .flatMap((each) => outcomeNamed(each) ?? [])
      .filter((each) => !momentary || each !== 'apiError'),
  compile: (args, { report }) => {
    const wanted = [args].flat().map((value, index) => {
      const named = outcomeNamed(value);
      if (named !== undefined) return named;
      const near = nearest(value, outcomes);
      report({
        severity: 'error',
        code: 'unknown-value',
        message: `unknown value ${JSON.stringify(value)}`,
        path: Array.isArray(args) ? [index] : [],
        help: near === undefined ? `known values: ${outcomes.join(', ')}` : `did you mean "${near}"?`,
      });
      return value;
    });
    return (subject) => {
      const actual = subject.candidate?.outcome ?? subject.reply.outcome;
      const expected = wanted.join(' or ');
      const received = outcomeOf(subject);
      return compared(
        wanted.includes(actual),
        `expected outcome ${expected}, received ${received}`,
        `outcome is ${received}`,
        { expected, actual },
      );
    };
  },
};

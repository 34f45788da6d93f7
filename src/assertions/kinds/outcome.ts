import { outcomes, type Outcome } from '../../gemini/reply.ts';
import { byType, choice, list } from '../../shape/shape.ts';
import { everyReply, outcomeOf, verdict } from '../evaluation.ts';
import type { Kind } from '../kind.ts';

type Args = Outcome | Outcome[];

const one = choice(outcomes, { template: true });

export const outcome: Kind<Args> = {
  name: 'outcome',
  doc: 'What kind of reply it is: this one, or one of a list.',
  shape: byType({ text: one, list: list(one, { min: 1 }) }) as Kind<Args>['shape'],
  example: 'answered',
  fits: everyReply,
  // A failure of the moment is no outcome to test for by itself.
  admits: (args, momentary) => [args].flat().filter((each) => !momentary || each !== 'apiError'),
  compile: (args, { report }) => {
    const wanted = [args].flat();
    for (const [index, value] of wanted.entries())
      // A row may give braces, which the schema takes for a template.
      if (!outcomes.includes(value))
        report({
          severity: 'error',
          code: 'unknown-value',
          message: `unknown value ${JSON.stringify(value)}`,
          path: Array.isArray(args) ? [index] : [],
          help: `known values: ${outcomes.join(', ')}`,
        });
    return (subject) => {
      const actual = subject.candidate?.outcome ?? subject.reply.outcome;
      return verdict(
        wanted.includes(actual),
        `expected outcome ${wanted.join(' or ')}, received ${outcomeOf(subject)}`,
        { expected: wanted.join(' or '), actual },
      );
    };
  },
};

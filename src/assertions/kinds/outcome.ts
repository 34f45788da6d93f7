import { outcomes, type Outcome } from '../../gemini/reply.ts';
import { byType, choice, list } from '../../shape/shape.ts';
import { everyReply, outcomeOf, verdict } from '../evaluation.ts';
import type { Kind } from '../kind.ts';

type Args = Outcome | Outcome[];

export const outcome: Kind<Args> = {
  name: 'outcome',
  doc: 'What kind of reply it is: this one, or one of a list.',
  shape: byType({ text: choice(outcomes), list: list(choice(outcomes), { min: 1 }) }) as Kind<Args>['shape'],
  example: 'answered',
  fits: everyReply,
  judgesErrors: (args) => [args].flat().includes('apiError'),
  compile: (args) => (subject) => {
    const actual = subject.candidate?.outcome ?? subject.reply.outcome;
    const wanted = [args].flat();
    return verdict(
      wanted.includes(actual),
      `expected outcome ${wanted.join(' or ')}, received ${outcomeOf(subject)}`,
      { expected: wanted.join(' or '), actual },
    );
  },
};

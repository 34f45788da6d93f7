import { textKind } from '../text-match.ts';

export const equals = textKind(
  'equals',
  'The answer text equals a text. Outer white space is ignored.',
  ['equals', 'does not equal'],
  'positive',
  (text, expected) => text === expected,
  true,
);

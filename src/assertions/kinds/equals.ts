import { textKind } from '../text-match.ts';

export const equals = textKind(
  'equals',
  'The answer text, outer white space trimmed, is a text.',
  ['equals', 'does not equal'],
  'positive',
  (text, expected) => text === expected,
  true,
);

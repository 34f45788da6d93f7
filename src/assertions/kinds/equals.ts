import { textKind } from '../text-match.ts';

export const equals = textKind(
  'equals',
  'The answer text, outer white space trimmed, is a text.',
  'equals',
  'positive',
  (text, expected) => text === expected,
);

import { textKind } from '../text-match.ts';

export const startsWith = textKind(
  'startsWith',
  'The answer text, outer white space trimmed, starts with a text.',
  ['starts with', 'does not start with'],
  'Once upon a time',
  (text, expected) => text.startsWith(expected),
);

import { textKind } from '../text-match.ts';

export const startsWith = textKind(
  'startsWith',
  'The answer text starts with a text. Outer white space is ignored.',
  ['starts with', 'does not start with'],
  'Once upon a time',
  (text, expected) => text.startsWith(expected),
);

import { textKind } from '../text-match.ts';

export const endsWith = textKind(
  'endsWith',
  'The answer text ends with a text. Outer white space is ignored.',
  ['ends with', 'does not end with'],
  'The end.',
  (text, expected) => text.endsWith(expected),
);

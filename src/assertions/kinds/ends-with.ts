import { textKind } from '../text-match.ts';

export const endsWith = textKind(
  'endsWith',
  'The answer text, outer white space trimmed, ends with a text.',
  ['ends with', 'does not end with'],
  'The end.',
  (text, expected) => text.endsWith(expected),
);

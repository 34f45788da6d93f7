const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

/**
 * Whether a reader would see anything of a text: more than white space, control characters and what Unicode calls
 * default-ignorable (zero-width spaces and joiners, byte order marks, variation selectors, soft hyphens, direction marks), or the blank of Braille.
 */
export function hasVisibleText(text: string): boolean {
  return visible.test(text);
}

/**
 * Characters that a reader cannot see, or takes for a plain space: controls but for line breaks and tabs, spaces but for the
 * ordinary one, half surrogates, and what Unicode calls default ignorable (zero-width characters, soft hyphens, marks of
 * direction, variation selectors, a byte order mark).
 */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Z}\p{Cc}\p{Cs}\u2800\uFFF9-\uFFFB]/u;

/** Joiners that can be seen by what they do: between emoji, and in scripts whose letters join. */
const joined =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})|(?<=[\p{M}\p{Script=Arabic}])[\u200C\u200D](?=[\p{L}\p{M}])/u;

const hidden = new RegExp(`(?!${joined.source})(?![ \\n\\t])${unseen.source}`, 'gu');

/** `U+00A0` */
const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The text with each character that cannot be seen as its code point: `10<U+00A0>000`. */
export function showUnseen(text: string): string {
  return text.replace(hidden, (character) => `<${codePoint(character)}>`);
}

const plainForms: readonly (readonly [pattern: RegExp, plain: string])[] = [
  [/[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u, ''],
  [/[\p{Z}\u0085\u2800]/u, ' '],
  [/[\u2018\u2019\u201B\u02BC]/u, "'"],
  [/[\u201C\u201D\u201F]/u, '"'],
  [/[\u2010-\u2015\u2212]/u, '-'],
];

/** What a quick reader takes a character for: spaces, quotation marks and dashes are of one kind, a ligature is its letters. */
const plainForm = (character: string): string =>
  plainForms.find(([pattern]) => pattern.test(character))?.[1] ?? character.normalize('NFKC');

/**
 * Names the characters for which a comparison of two texts fails, where it would hold if those that cannot be seen or look
 * like others were equal to them; otherwise ''. `subject`: what differs.
 */
export function lookAlikeHint(
  text: string,
  expected: string,
  holds: (text: string, expected: string) => boolean,
  subject = 'it',
): string {
  const odd = [...new Set(text + expected)].filter((character) => plainForm(character) !== character);
  const holdsBut = (kept?: string): boolean => {
    const plain = (from: string): string =>
      [...from].map((character) => (character === kept ? character : plainForm(character))).join('');
    return holds(plain(text).trim(), plain(expected).trim());
  };
  if (odd.length === 0 || !holdsBut()) return '';
  const needed = odd.slice(0, 20).filter((character) => !holdsBut(character));
  const named = (needed.length > 0 ? needed : odd).slice(0, 5).map(codePoint).join(', ');
  return `; ${subject} differs only by ${named} (invisible, or looks like another character)`;
}

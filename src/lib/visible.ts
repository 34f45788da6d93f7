const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/**
 * Whether a reader would see anything of a text: more than white space, control characters and what Unicode calls
 * default-ignorable (zero-width spaces and joiners, byte order marks, variation selectors, soft hyphens, direction marks).
 */
export function hasVisibleText(text: string): boolean {
  return visible.test(text);
}

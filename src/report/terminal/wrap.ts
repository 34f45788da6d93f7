/** Breaks a text's lines at so many columns, between words where it can. */
export type Wrap = (text: string, columns: number) => string;

/**
 * What breaks lines for a terminal of so many columns; where the width is not known, nothing is broken. Loaded when it
 * is wanted: the table of character widths takes as long to load as ten cases to run.
 */
export async function loadWrap(columns: number | undefined): Promise<Wrap> {
  if (columns === undefined) return (text) => text;
  const { default: wrapAnsi } = await import('wrap-ansi');
  return (text, width) => wrapAnsi(text, width, { hard: true });
}

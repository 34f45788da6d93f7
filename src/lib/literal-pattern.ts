/**
 * The text as an RE2 pattern that matches just it: every ASCII character that could have a meaning is escaped, as
 * RE2's QuoteMeta does. Apart from the engine, which is large and not needed to render.
 */
export function literalPattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}

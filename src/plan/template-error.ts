/** What the parser says of an error beside its message: its place, and what stood there (jison's `hash`). */
interface ParserHash {
  readonly text: string;
  readonly token: string;
  readonly loc: { readonly last_line: number; readonly last_column: number };
}

/** Why a text is not a template, in the language's own words, and the piece of it that is wrong. */
export interface TemplateError {
  readonly message: string;
  readonly piece: string;
}

/** Turns the parser's error into words; `piece` is as written in `text`. */
export function explainTemplateError(error: Error, text: string): TemplateError {
  const mismatch = /^(\S+) doesn't match (\S+) - \d+:\d+$/.exec(error.message);
  if (mismatch)
    return {
      message: `{{#${mismatch[1]}}} is closed by {{/${mismatch[2]}}}`,
      piece: `{{/${mismatch[2]}`,
    };
  const hash = (error as Error & { hash?: ParserHash }).hash;
  if (!hash) return { message: error.message.split('\n')[0] ?? '', piece: text };
  if (hash.token === 'EOF') {
    const open = openBlock(text);
    return {
      message: `{{#${open}}} is not closed: {{/${open}}} is missing`,
      piece: `{{#${open}`,
    };
  }
  const piece = pieceBefore(text, hash);
  if (hash.token === 'OPEN_ENDBLOCK') return { message: `${piece} closes no block`, piece };
  if (!piece.includes('}}')) return { message: 'the {{ is not closed by }}', piece };
  if (/^\{\{\s*\}\}$/.test(piece)) return { message: 'there is nothing between {{ and }}', piece };
  return { message: `${piece} is neither the name of a variable nor a block`, piece };
}

/** The name of the innermost block that is still open at the end. */
function openBlock(text: string): string {
  const open: string[] = [];
  for (const [, sign, name = ''] of text.matchAll(/\{\{~?\s*([#/])\s*([^\s}~]+)/g)) {
    if (sign === '#') open.push(name);
    else open.pop();
  }
  return open.at(-1) ?? '';
}

/** From the last `{{` before the error to its `}}`, or to the end of its line. */
function pieceBefore(text: string, hash: ParserHash): string {
  const lines = text.split('\n');
  const before = lines.slice(0, hash.loc.last_line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const from = text.lastIndexOf('{{', before + hash.loc.last_column);
  const start = Math.max(0, from > 0 && text[from - 1] === '{' ? from - 1 : from);
  return /^\{\{[^\n]*?\}\}\}?|^.*/.exec(text.slice(start))?.[0] ?? text;
}

/** Finds a `{{…}}` that names a path; the parser gives `original` without the brackets around an index. */
export function mentionOf(original: string): RegExp {
  const quoted = original
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
    .replaceAll(/(?<=\.)\d+(?=\\\.|$)/g, String.raw`\[?$&\]?`);
  return new RegExp(String.raw`\{\{\{?[^{}]*(?<![\w.-])${quoted}(?![\w-])[^{}]*\}?\}\}`);
}

/** A variable as a template names it: one that is no word needs brackets. */
export function mention(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? `{{${name}}}` : `{{[${name}]}}`;
}

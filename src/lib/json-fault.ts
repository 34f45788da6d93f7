/**
 * Where and how a text is not JSON (`message` says both, `what` the second), in words that are the same under every version of Node and quote no more than one
 * character: V8's own quote the text, of which a part could be of something that must not be seen. Undefined for JSON.
 */
export function jsonFault(
  text: string,
): { readonly offset: number; readonly what: string; readonly message: string } | undefined {
  const offset = faultOffset(text);
  if (offset === undefined) return undefined;
  const lines = text.slice(0, offset).split('\n');
  const line = lines.length;
  const column = [...(lines.at(-1) ?? '')].length + 1;
  const found = text.codePointAt(offset);
  const what =
    found === undefined ? 'it ends too early' : `unexpected ${JSON.stringify(String.fromCodePoint(found))}`;
  return { offset, what, message: `${what} at line ${line}, column ${column}` };
}

const blank = /[ \t\n\r]*/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- just these have to be escaped (RFC 8259, section 7)
const characters = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Offset of the first character that JSON cannot have where it stands; the text's length if it ends too early. */
function faultOffset(text: string): number | undefined {
  let at = 0;
  /** Moves behind what a pattern finds here; false if it finds nothing. */
  const pass = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const passString = (): boolean => {
    if (text[at] !== '"') return false;
    at++;
    do pass(characters);
    while (pass(escape));
    if (text[at] !== '"') return false;
    at++;
    return true;
  };
  /** The brackets that are open, and whether a closing one may come at once. */
  const open: string[] = [];
  let mayClose = false;
  for (;;) {
    pass(blank);
    const closing = open.at(-1) === '{' ? '}' : ']';
    if (mayClose && open.length > 0 && text[at] === closing) {
      at++;
      open.pop();
    } else {
      if (open.at(-1) === '{') {
        if (!passString()) return at;
        pass(blank);
        if (text[at] !== ':') return at;
        at++;
        pass(blank);
      }
      const bracket = text[at];
      if (bracket === '{' || bracket === '[') {
        at++;
        open.push(bracket);
        mayClose = true;
        continue;
      }
      if (!(bracket === '"' ? passString() : pass(word))) return at;
    }
    // Behind a value: the brackets that end here, and then a comma, or the end.
    for (;;) {
      pass(blank);
      const inner = open.at(-1);
      if (inner === undefined) return at < text.length ? at : undefined;
      if (text[at] !== (inner === '{' ? '}' : ']')) break;
      at++;
      open.pop();
    }
    if (text[at] !== ',') return at;
    at++;
    mayClose = false;
  }
}

import { setOwn, type JsonObject, type JsonValue } from './json.ts';
import { emptyMap } from './ordered-map.ts';
import { isAltered, setWritten } from './written-number.ts';

/** What JSON.parse may not keep: keys that look like numbers, and numbers of many digits or with a large exponent. */
const careful = /"(?:\d|\\u003\d)+"\s*:|[:,[\s]-?\d(?:[\d.]{15}|[\d.]*[eE][-+]?\d{3})/;

/**
 * Reads JSON as JSON.parse does, whose SyntaxError it throws, but keys keep the order in which they were written, and of
 * numbers that a double cannot hold the text is kept (see {@link isAltered}).
 */
export function parseJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  return careful.test(text) ? unmarked(marked(text), isAltered) : value;
}

/** The same, with the text of every number kept: `1.10` is shown as it was written. */
export function parseJsonWithTexts(text: string): JsonValue {
  // Marked, what is no JSON could be some.
  JSON.parse(text);
  return unmarked(marked(text), () => true);
}

const numbers = /-?\d[\d.eE+-]*/g;

/** The value of JSON in which keys and texts begin with `$`, and numbers are texts that begin with `#`: nothing of them is lost. */
function marked(text: string): unknown {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const start = quote < 0 ? text.length : quote;
    pieces.push(text.slice(at, start).replace(numbers, '"#$&"'));
    at = quote < 0 ? start : endOfText(text, quote);
    if (quote >= 0) pieces.push('"$', text.slice(quote + 1, at));
  }
  return JSON.parse(pieces.join(''));
}

/** Where a JSON text ends that begins with the quote at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text[first - 1] === '\\') first--;
    if ((at - first) % 2 === 0) return at + 1;
  }
  return text.length;
}

/** The value that a marked one stands for. A loop, since a reply may nest as deep as it likes. */
function unmarked(root: unknown, keepsText: (number: string) => boolean): JsonValue {
  const top: JsonValue[] = [];
  const open: { readonly from: unknown[] | object; readonly to: JsonValue[] | JsonObject }[] = [
    { from: [root], to: top },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { from, to } = next;
    for (const [name, value] of Object.entries(from)) {
      const key = Array.isArray(to) ? Number(name) : name.slice(1);
      const made = emptied(value);
      if (typeof made === 'object' && made !== null) open.push({ from: value as object, to: made });
      if (Array.isArray(to)) to.push(made);
      else setOwn(to, String(key), made);
      if (typeof made === 'number' && keepsText((value as string).slice(1)))
        setWritten(to, key, (value as string).slice(1));
    }
  }
  return top[0] ?? null;
}

/** A scalar as it was; of a list or map an empty one that is to be filled. */
function emptied(value: unknown): JsonValue {
  if (typeof value === 'string') return value.startsWith('#') ? Number(value.slice(1)) : value.slice(1);
  if (Array.isArray(value)) return [];
  if (typeof value === 'object' && value !== null)
    return emptyMap(Object.keys(value).map((key) => key.slice(1)));
  return value as boolean | null;
}

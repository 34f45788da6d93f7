/** Finds values in texts that write some of their characters as HTML, XML or JSON escape them, in whatever mixture. */

/** The values that are looked for, by each code unit in them. */
export type Sought = ReadonlyMap<string, readonly Place[]>;

interface Place {
  readonly value: string;
  /** Where the unit stands in it. */
  readonly at: number;
}

/** Where a value stands in a text. */
export interface Span {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Prepares values to be looked for. */
export function seek(values: Iterable<string>): Sought {
  const places = new Map<string, Place[]>();
  for (const value of values)
    for (let at = 0; at < value.length; at++) {
      const unit = value.charAt(at);
      const known = places.get(unit);
      if (known) known.push({ value, at });
      else places.set(unit, [{ value, at }]);
    }
  return places;
}

/** The names of ASCII characters in HTML (html.spec.whatwg.org, "named character references"), in lower case. */
const names: ReadonlyMap<string, string> = listed(
  'excl! quot" num# dollar$ percnt% amp& apos\' lpar( rpar) ast* midast* plus+ comma, period. sol/ colon: semi; lt< ' +
    'equals= gt> quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] hat^ lowbar_ underbar_ grave` diacriticalgrave` ' +
    'lcub{ lbrace{ verbar| vert| verticalline| rcub} rbrace} tab\t newline\n nbsp\u00A0',
);
const letters: ReadonlyMap<string, string> = listed('"" \'\' // b\b f\f n\n r\r t\t');

/** Of words that each end in the character they stand for. */
function listed(words: string): Map<string, string> {
  return new Map(words.split(' ').map((word) => [word.slice(0, -1), word.slice(-1)]));
}

/** A text without one of these holds no value but as its plain forms are. */
const worthwhile = /&#|&[a-z]+;|\\[u/]/i;
/** A character reference; its ampersand may itself be escaped, any number of times. */
const reference =
  /(?:&|\\+u0026)(?:amp;|#0*38;|#x0*26;)*(?:#0*(\d{1,7});?|#x0*([0-9a-f]{1,6});?|([a-z]{2,20});)/iy;
/** An escape of JSON, or of JSON within JSON. */
const backslashed = /(\\+)(?:u([0-9a-fA-F]{4})|(["'/bfnrt]))/y;

/** A backslash in JSON, in JSON within JSON, and once more. */
const doubled = [2, 4, 8].map((many) => '\\'.repeat(many));

/** What stands for one character of a value (two units beyond the basic plane). */
interface Escape {
  readonly of: string;
  readonly end: number;
}

/**
 * The values in a text of which at least one character is escaped, from left to right. In `json` text none is found
 * whose removal would leave half an escape, or reach over the end of a string.
 */
export function* findEscaped(text: string, sought: Sought, json: boolean): Generator<Span> {
  if (!worthwhile.test(text)) return;
  const signs = /&|\\+/g;
  let from = 0;
  for (let sign = signs.exec(text); sign; sign = signs.exec(text)) {
    const span = spanAround(text, sign.index, from, sought, json);
    if (!span) continue;
    yield span;
    from = signs.lastIndex = span.end;
  }
}

/** The longest of the values whose first escaped character stands here. */
function spanAround(text: string, at: number, from: number, sought: Sought, json: boolean): Span | undefined {
  let found: Span | undefined;
  for (const { of } of escapesAt(text, at, json))
    for (const { value, at: place } of sought.get(of.charAt(0)) ?? []) {
      const start = at - place;
      if (start < from || !isPlain(text, value, start, at, json)) continue;
      const end = endOf(text, at, value, place, json);
      if (end !== undefined && (!found || end - start > found.end - found.start))
        found = { value, start, end };
    }
  return found;
}

/** True where the value begins at `start` with characters as they are, up to `at`. */
function isPlain(text: string, value: string, start: number, at: number, json: boolean): boolean {
  const length = at - start;
  if (length === 0) return true;
  if (text.charCodeAt(at - 1) !== value.charCodeAt(length - 1)) return false;
  if (!text.startsWith(value.slice(0, length), start)) return false;
  if (!json) return true;
  let before = start;
  while (text.charAt(before - 1) === '\\') before--;
  return (start - before) % 2 === 0 && !/["\\]/.test(value.slice(0, length));
}

/** Where the rest of a value ends, its characters escaped or not; the farthest, where there are several ways to read it. */
function endOf(text: string, at: number, value: string, place: number, json: boolean): number | undefined {
  let reached = new Map<number, Set<number>>([[place, new Set([at])]]);
  for (let next = place; next < value.length; next++) {
    const positions = reached.get(next);
    if (!positions) {
      if (reached.size === 0) return undefined;
      continue;
    }
    reached.delete(next);
    const reach = (length: number, end: number): void => {
      const known = reached.get(next + length);
      if (known) known.add(end);
      else reached.set(next + length, new Set([end]));
    };
    const unit = value.charAt(next);
    for (const position of positions) {
      const isOwn = text.charAt(position) === unit;
      if (isOwn && !(json && /["\\\n\r\t]/.test(unit))) reach(1, position + 1);
      for (const { of, end } of escapesAt(text, position, json))
        if (value.startsWith(of, next)) reach(of.length, end);
    }
  }
  const ends = reached.get(value.length);
  return ends && Math.max(...ends);
}

function escapesAt(text: string, at: number, json: boolean): Escape[] {
  const first = text.charAt(at);
  if (first !== '&' && first !== '\\') return [];
  const found: Escape[] = [];
  reference.lastIndex = at;
  const [, decimal, hex, name] = reference.exec(text) ?? [];
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const end = reference.lastIndex;
  const named = name === undefined ? undefined : names.get(name.toLowerCase());
  if (named !== undefined) found.push({ of: named, end });
  else if (code > 0 && code <= 0x10_ff_ff) found.push({ of: String.fromCodePoint(code), end });
  if (first === '&') {
    if (text.startsWith('&amp;', at)) found.push({ of: '&', end: at + 5 });
    return found;
  }
  backslashed.lastIndex = at;
  const [, run = '', unit, letter] = backslashed.exec(text) ?? [];
  if (unit !== undefined)
    found.push({ of: String.fromCharCode(Number.parseInt(unit, 16)), end: backslashed.lastIndex });
  // Of an even number of backslashes none belongs to a quote: it ends the string.
  else if (letter !== undefined && !(json && letter === '"' && run.length % 2 === 0))
    found.push({ of: letters.get(letter) ?? '', end: backslashed.lastIndex });
  for (const many of doubled) if (text.startsWith(many, at)) found.push({ of: '\\', end: at + many.length });
  return found;
}

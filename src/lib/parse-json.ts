import type { JsonValue } from './json.ts';
import { mapOf } from './ordered-map.ts';
import { isAltered, setWritten } from './written-number.ts';

/**
 * A text is not JSON. The message says where and why, in words that are the same under every version of Node and quote no
 * more than one character: V8's own quote the text, of which a part could be a secret.
 */
export class JsonError extends SyntaxError {
  override readonly name = 'JsonError';
  /** Of the first character that cannot be there; the text's length if it ends too early. */
  readonly offset: number;
  /** Why, without the place. */
  readonly problem: string;
  constructor(text: string, offset: number) {
    const lines = text.slice(0, offset).split('\n');
    const column = [...(lines.at(-1) ?? '')].length + 1;
    const found = text.codePointAt(offset);
    const problem =
      found === undefined ? 'it ends too early' : `unexpected ${JSON.stringify(String.fromCodePoint(found))}`;
    super(`${problem} at line ${lines.length}, column ${column}`);
    this.offset = offset;
    this.problem = problem;
  }
}

/** What JSON.parse may not keep: keys that look like numbers, and numbers of many digits or with a large exponent. */
const careful = /"(?:\d|\\u003\d)+"\s*:|[:,[\s]-?\d(?:[\d.]{15}|[\d.]*[eE][-+]?\d{3})/;

/**
 * Reads JSON as JSON.parse does, but keys keep the order in which they were written, and of numbers that a double cannot
 * hold the text is kept (see {@link isAltered}). Throws a {@link JsonError}.
 */
export function parseJson(text: string): JsonValue {
  if (careful.test(text)) return read(text, isAltered);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return read(text, isAltered);
  }
}

/** The same, with the text of every number kept: `1.10` stays `1.10`. */
export function parseJsonWithTexts(text: string): JsonValue {
  return read(text, () => true);
}

/** Why a text is not JSON; undefined if it is. */
export function jsonError(text: string): JsonError | undefined {
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}

const blank = /[ \t\n\r]*/y;
const word = /true|false|null/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- just these have to be escaped (RFC 8259, section 7)
const characters = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** A list or map whose end has not come yet. */
interface Open {
  /** Of a map; the last belongs to the value that comes next. */
  readonly keys: string[] | undefined;
  readonly values: JsonValue[];
  /** Texts of numbers that are kept, each with the index of its value. */
  readonly texts: [index: number, text: string][];
}

/** Reads JSON character by character. A loop, since a reply may nest as deep as it likes. */
function read(text: string, keepsText: (number: string) => boolean): JsonValue {
  let at = 0;
  /** Moves behind what a pattern finds here. */
  const pass = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const expect = (character: string): void => {
    if (text[at] !== character) throw new JsonError(text, at);
    at++;
  };
  const string = (): string => {
    const start = at;
    expect('"');
    do pass(characters);
    while (pass(escape) !== undefined);
    expect('"');
    return JSON.parse(text.slice(start, at)) as string;
  };
  const scalar = (): JsonValue => {
    if (text[at] === '"') return string();
    const found = pass(word);
    if (found === undefined) throw new JsonError(text, at);
    return JSON.parse(found) as JsonValue;
  };

  const stack: Open[] = [];
  for (;;) {
    pass(blank);
    const around = stack.at(-1);
    let value: JsonValue;
    if (around?.values.length === 0 && text[at] === closing(around)) value = close();
    else {
      if (around?.keys) {
        around.keys.push(string());
        pass(blank);
        expect(':');
        pass(blank);
      }
      const first = text[at];
      if (first === '{' || first === '[') {
        at++;
        stack.push({ keys: first === '{' ? [] : undefined, values: [], texts: [] });
        continue;
      }
      const digits = pass(number);
      value = digits === undefined ? scalar() : Number(digits);
      if (digits !== undefined && around && keepsText(digits))
        around.texts.push([around.values.length, digits]);
    }
    for (;;) {
      pass(blank);
      const outer = stack.at(-1);
      if (!outer) {
        if (at < text.length) throw new JsonError(text, at);
        return value;
      }
      outer.values.push(value);
      if (text[at] !== closing(outer)) break;
      value = close();
    }
    expect(',');
  }

  function close(): JsonValue {
    at++;
    const { keys, values, texts } = stack.pop() ?? { keys: undefined, values: [], texts: [] };
    const whole = keys ? mapOf(keys.map((key, index) => [key, values[index] ?? null])) : values;
    for (const [index, digits] of texts) {
      const key = keys?.[index];
      // Of a doubled key the last counts.
      if (key === undefined || keys?.lastIndexOf(key) === index) setWritten(whole, key ?? index, digits);
    }
    return whole;
  }
}

const closing = ({ keys }: Open): string => (keys ? '}' : ']');

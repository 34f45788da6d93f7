/** Reads JSON as the API does: unquoted names, texts in single quotes and trailing commas are taken. */
import type { JsonValue } from '../lib/json.ts';
import { mapOf } from '../lib/ordered-map.ts';
import { parseJson } from '../lib/parse-json.ts';
import { invalidJson } from './fail.ts';

const context = 20;
const deepest = 500;
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const space = /[\t\n\r ]*/y;
const bareName = /[A-Za-z_$][\w$]*/y;
const numeric = /-?[0-9][0-9a-zA-Z+.-]*/y;
const strictNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The value of a request body; strict JSON takes the engine's own reader. Throws the API's 400, with the place. */
export function readLenient(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return parseLenient(text);
  }
}

/** The reader for what is not strict JSON; equal to the engine's own on all that is. */
export function parseLenient(text: string): JsonValue {
  let at = 0;

  function fail(words: string): never {
    const ended = at >= text.length;
    const start = Math.max(0, at - context);
    throw invalidJson(
      `${ended ? 'Unexpected end of string. ' : ''}${words}\n${text.slice(start, at + context)}\n${' '.repeat(at - start)}^`,
    );
  }

  function skip(): string {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    return text[at] ?? '';
  }

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }

  function readText(quote: string): string {
    let read = '';
    for (at++; ;) {
      const start = at;
      while (at < text.length && text[at] !== quote && text[at] !== '\\') at++;
      read += text.slice(start, at);
      if (at >= text.length) fail('Closing quote expected in string.');
      if (text[at] === quote) {
        at++;
        return read;
      }
      const escape = text[at + 1] ?? '';
      if (escape === 'u') {
        const hex = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) fail('Invalid escape sequence.');
        read += String.fromCharCode(Number.parseInt(hex, 16));
        at += 6;
      } else {
        read += escapes[escape] ?? escape;
        at += 2;
      }
    }
  }

  function readNumber(): number {
    const start = at;
    const token = take(numeric) ?? '';
    if (strictNumber.test(token)) return Number(token);
    at = start;
    return fail(
      /^-?0[xX0-7]/.test(token) ? 'Octal/hex numbers are not valid JSON values.' : 'Unable to parse number.',
    );
  }

  function readMap(depth: number): JsonValue {
    at++;
    const entries: [string, JsonValue][] = [];
    for (;;) {
      const next = skip();
      if (next === '}') break;
      const name = next === '"' || next === "'" ? readText(next) : take(bareName);
      if (name === undefined)
        fail(entries.length === 0 ? 'Expected an object key or }.' : 'Expected an object key.');
      if (skip() !== ':') fail('Expected : between key:value pair.');
      at++;
      entries.push([name, readValue(depth)]);
      const end = skip();
      if (end === '}') break;
      if (end !== ',') fail('Expected , or } after key:value pair.');
      at++;
    }
    at++;
    return mapOf(entries);
  }

  function readList(depth: number): JsonValue {
    at++;
    const values: JsonValue[] = [];
    for (;;) {
      if (skip() === ']') break;
      values.push(readValue(depth));
      const end = skip();
      if (end === ']') break;
      if (end !== ',') fail('Expected , or ] after array value.');
      at++;
    }
    at++;
    return values;
  }

  function readValue(depth: number): JsonValue {
    const next = skip();
    if (depth > deepest) fail('Message too deep.');
    if (next === '{') return readMap(depth + 1);
    if (next === '[') return readList(depth + 1);
    if (next === '"' || next === "'") return readText(next);
    if (next === '-' || (next >= '0' && next <= '9')) return readNumber();
    const start = at;
    const word = take(bareName);
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    at = start;
    return fail(word === undefined && !/[,:\]}]/.test(next) ? 'Expected a value.' : 'Unexpected token.');
  }

  const value = readValue(0);
  skip();
  if (at < text.length) fail('Parsing terminated before end of input.');
  return value;
}

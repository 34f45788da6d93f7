import { canonicalJson } from '../lib/canonical.ts';
import { comparable } from '../lib/comparable.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { cut, redact } from '../lib/redact.ts';

/** One place where a value is not the expected one; undefined is no value. */
interface Difference {
  /** `$.city`, `$.items[0]["a key"]`. */
  readonly path: string;
  readonly expected: JsonValue | undefined;
  readonly received: JsonValue | undefined;
}

const step = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
const own = (map: { [key: string]: JsonValue }, key: string): JsonValue | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/**
 * Where a value differs from the expected one, in the order of the expected one. With `subset`, maps may have more keys
 * than the expected ones; lists and what is in them are compared as they are.
 */
export function* differences(
  expected: JsonValue | undefined,
  received: JsonValue | undefined,
  subset = false,
  path = '$',
): Generator<Difference> {
  if (isObject(expected) && isObject(received)) {
    for (const [key, value] of Object.entries(expected))
      yield* differences(value, own(received, key), subset, path + step(key));
    if (subset) return;
    for (const [key, value] of Object.entries(received))
      if (!Object.hasOwn(expected, key))
        yield { path: path + step(key), expected: undefined, received: value };
  } else if (Array.isArray(expected) && Array.isArray(received)) {
    for (let index = 0; index < Math.max(expected.length, received.length); index++)
      yield* differences(expected[index], received[index], false, `${path}[${index}]`);
  } else if (!isSame(expected, received)) yield { path, expected, received };
}

function isSame(expected: JsonValue | undefined, received: JsonValue | undefined): boolean {
  if (expected === undefined || received === undefined) return expected === received;
  if (typeof expected === 'string' && typeof received === 'string')
    return comparable(expected) === comparable(received);
  return canonicalJson(expected) === canonicalJson(received);
}

/** A value as JSON, cut: "3" is a text, 3 a number. */
export function asJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 120 ? `${cut(json, 119)}…` : json;
}

/** Two values as {@link asJson}; of long texts the part around their first difference. */
export function inJson(expected: JsonValue | undefined, received: JsonValue | undefined): [string, string] {
  if (typeof expected !== 'string' || typeof received !== 'string')
    return [asJson(expected), asJson(received)];
  // Hidden before it is cut: half of what must not be seen would no longer be known for it.
  const texts = [redact(expected), redact(received)] as const;
  const at = [...texts[0]].findIndex((character, index) => character !== texts[1][index]);
  const start = Math.max(...texts.map((text) => text.length)) > 100 && at > 60 ? at - 40 : 0;
  const around = (text: string): string => asJson(start > 0 ? `…${text.slice(start)}` : text);
  return [around(texts[0]), around(texts[1])];
}

/** The first differences in words: `$.city: expected "Oslo", received "Bergen"`. */
export function differencesInWords(found: Iterable<Difference>, most: number): string {
  const words: string[] = [];
  for (const { path, expected, received } of found) {
    if (words.length === most) return `${words.join('; ')}; …`;
    const [wanted, given] = inJson(expected, received);
    words.push(`${path}: expected ${wanted}, received ${given}`);
  }
  return words.join('; ');
}

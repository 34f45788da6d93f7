/** Holds the maps of a script to their keys, and says where a value does not fit. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';

/** What a value must be, in words and by an example of it. */
export interface Check {
  readonly holds: (value: JsonValue) => boolean;
  readonly words: string;
  readonly example: string;
}

const when = (holds: Check['holds'], words: string, example: string): Check => ({ holds, words, example });

/** The kinds of values that scripts hold. */
export const checks = {
  anything: when(() => true, 'anything', '{}'),
  text: when((value) => typeof value === 'string', 'a text', '"…"'),
  flag: when((value) => typeof value === 'boolean', 'true or false', 'true'),
  number: when((value) => typeof value === 'number', 'a number', '7'),
  amount: when((value) => typeof value === 'number' && value >= 0, 'a number of at least 0', '200'),
  positive: when((value) => typeof value === 'number' && value > 0, 'a number above 0', '60'),
  count: when((value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number of at least 1', '2'),
  share: when(
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
    'a number from 0 to 1',
    '0.1',
  ),
  code: when(
    (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599,
    'an HTTP status from 400 to 599',
    '503',
  ),
  duration: when(
    (value) => typeof value === 'string' && /^\d+(?:\.\d+)?s$/.test(value),
    'a duration in seconds, such as 2s or 0.5s',
    '2s',
  ),
  map: when(isObject, 'a map', '{ … }'),
  list: when(Array.isArray, 'a list', '[ … ]'),
  maps: when((value) => Array.isArray(value) && value.every(isObject), 'a list of maps', '[{ … }]'),
  textOrMap: when((value) => typeof value === 'string' || isObject(value), 'a text or a map', '"…"'),
  texts: when(
    (value) =>
      typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string')),
    'a text or a list of texts',
    '["…"]',
  ),
  ratings: when(
    (value) => isObject(value) || (Array.isArray(value) && value.every(isObject)),
    'a map of categories, or a list of ratings',
    '{ HARM_CATEGORY_HARASSMENT: LOW }',
  ),
};

/** Reports a fault at `container[key]`. */
export function complain(
  report: Report,
  code: string,
  message: string,
  container: object,
  key: string | number,
  help: string,
): void {
  const place = keyPlace(container, key) ?? valuePlace(container, key);
  report({
    severity: 'error',
    code,
    message,
    ...(place ? { place } : {}),
    help,
  });
}

/** Reports every key that a map may not have, and every value that does not fit its key. */
export function checkMap(
  map: JsonObject,
  what: string,
  keys: Readonly<Record<string, Check>>,
  report: Report,
): void {
  for (const [key, value] of Object.entries(map)) {
    const check = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (!check) {
      const near = nearest(key, Object.keys(keys));
      complain(
        report,
        'unknown-key',
        `unknown key ${JSON.stringify(key)} in a ${what}`,
        map,
        key,
        near === undefined
          ? `the keys are ${Object.keys(keys).join(', ')}`
          : `did you mean ${JSON.stringify(near)}?`,
      );
      continue;
    }
    if (check.holds(value)) continue;
    const shown = typeof value === 'object' ? `a ${typeName(value)}` : JSON.stringify(value);
    const help =
      typeof value === 'number' && check === checks.text
        ? `quote it: ${key}: "${value}"`
        : `for example ${key}: ${check.example}`;
    complain(report, 'wrong-type', `expected ${check.words}, received ${shown}`, map, key, help);
  }
}

/** Reports a value that is none of a closed set. */
export function checkChoice(
  map: JsonObject,
  key: string,
  what: string,
  choices: readonly string[],
  report: Report,
): void {
  const value = map[key];
  if (value === undefined || (typeof value === 'string' && choices.includes(value))) return;
  complain(
    report,
    'unknown-value',
    `unknown ${what} ${JSON.stringify(value)}`,
    map,
    key,
    `the ${what}s are ${choices.join(', ')}`,
  );
}

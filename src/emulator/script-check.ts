/** Holds the maps of a script to their keys, and says where a value does not fit. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';

/** What a value must be: undefined if it is, else the words for it. */
export type Check = (value: JsonValue) => string | undefined;

const when =
  (holds: (value: JsonValue) => boolean, words: string): Check =>
  (value) =>
    holds(value) ? undefined : words;

/** The kinds of values that scripts hold. */
export const checks = {
  anything: (): undefined => undefined,
  text: when((value) => typeof value === 'string', 'a text'),
  flag: when((value) => typeof value === 'boolean', 'true or false'),
  number: when((value) => typeof value === 'number', 'a number'),
  amount: when((value) => typeof value === 'number' && value >= 0, 'a number of at least 0'),
  positive: when((value) => typeof value === 'number' && value > 0, 'a number above 0'),
  count: when((value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number of at least 1'),
  share: when((value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'),
  code: when(
    (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599,
    'an HTTP status from 400 to 599',
  ),
  duration: when(
    (value) => typeof value === 'string' && /^\d+(?:\.\d+)?s$/.test(value),
    'a duration in seconds, such as 2s or 0.5s',
  ),
  map: when(isObject, 'a map'),
  list: when(Array.isArray, 'a list'),
  maps: when((value) => Array.isArray(value) && value.every(isObject), 'a list of maps'),
  textOrMap: when((value) => typeof value === 'string' || isObject(value), 'a text or a map'),
  texts: when(
    (value) =>
      typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string')),
    'a text or a list of texts',
  ),
  ratings: when(
    (value) => isObject(value) || (Array.isArray(value) && value.every(isObject)),
    'a map of categories, or a list of ratings',
  ),
};

/** Reports a fault at `container[key]`. */
export function complain(
  report: Report,
  code: string,
  message: string,
  container: object,
  key: string | number,
  help?: string,
): void {
  const place = keyPlace(container, key) ?? valuePlace(container, key);
  report({
    severity: 'error',
    code,
    message,
    ...(place ? { place } : {}),
    ...(help === undefined ? {} : { help }),
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
    const wanted = check(value);
    if (wanted === undefined) continue;
    const shown = typeof value === 'object' ? `a ${typeName(value)}` : JSON.stringify(value);
    complain(report, 'wrong-type', `expected ${wanted}, received ${shown}`, map, key);
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

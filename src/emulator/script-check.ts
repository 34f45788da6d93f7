/** Checks the keys and values of a script's maps, and reports errors with their place. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { enumValues } from './message.ts';

/** A test of a value, the words for what is expected, and an example. */
export interface Check {
  readonly holds: (value: JsonValue) => boolean;
  readonly words: string;
  readonly example: string;
}

const check = (holds: Check['holds'], words: string, example: string): Check => ({ holds, words, example });

/** The kinds of values in scripts. */
export const checks = {
  anything: check(() => true, 'anything', '{}'),
  text: check((value) => typeof value === 'string', 'a text', '"…"'),
  flag: check((value) => typeof value === 'boolean', 'true or false', 'true'),
  number: check((value) => typeof value === 'number', 'a number', '7'),
  amount: check((value) => typeof value === 'number' && value >= 0, 'a number of at least 0', '200'),
  positive: check((value) => typeof value === 'number' && value > 0, 'a number above 0', '60'),
  count: check((value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number of at least 1', '2'),
  share: check(
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
    'a number from 0 to 1',
    '0.1',
  ),
  code: check(
    (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599,
    'an HTTP status from 400 to 599',
    '503',
  ),
  duration: check(
    (value) => typeof value === 'string' && /^\d+(?:\.\d+)?s$/.test(value),
    'a duration in seconds, such as 2s or 0.5s',
    '2s',
  ),
  map: check(isObject, 'a map', '{ … }'),
  list: check(Array.isArray, 'a list', '[ … ]'),
  maps: check((value) => Array.isArray(value) && value.every(isObject), 'a list of maps', '[{ … }]'),
  textOrMap: check((value) => typeof value === 'string' || isObject(value), 'a text or a map', '"…"'),
  texts: check(
    (value) =>
      typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string')),
    'a text or a list of texts',
    '["…"]',
  ),
  ratings: check(
    (value) => isObject(value) || (Array.isArray(value) && value.every(isObject)),
    'a map of categories, or a list of ratings',
    '{ HARM_CATEGORY_HARASSMENT: LOW }',
  ),
};

/** Reports an error at `container[key]`. */
export function reportAt(
  report: Report,
  code: string,
  message: string,
  container: object,
  key: string | number,
  help: string,
): void {
  const place = keyPlace(container, key) ?? valuePlace(container, key);
  report({ severity: 'error', code, message, ...(place ? { place } : {}), help });
}

/** Reports unknown keys of a map, and values of the wrong type. */
export function checkMap(
  map: JsonObject,
  what: string,
  keys: Readonly<Record<string, Check>>,
  report: Report,
): void {
  for (const [key, value] of Object.entries(map)) {
    const expected = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (!expected) {
      const near = nearest(key, Object.keys(keys));
      reportAt(
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
    if (expected.holds(value)) continue;
    const received = typeof value === 'object' ? `a ${typeName(value)}` : JSON.stringify(value);
    const help =
      typeof value === 'number' && expected === checks.text
        ? `quote it: ${key}: "${value}"`
        : `for example ${key}: ${expected.example}`;
    reportAt(report, 'wrong-type', `expected ${expected.words}, received ${received}`, map, key, help);
  }
}

/** Reports a value that is not one of the choices. */
export function checkChoice(
  map: JsonObject,
  key: string,
  what: string,
  choices: readonly string[],
  report: Report,
): void {
  const value = map[key];
  if (value === undefined || (typeof value === 'string' && choices.includes(value))) return;
  reportAt(
    report,
    'unknown-value',
    `unknown ${what} ${JSON.stringify(value)}`,
    map,
    key,
    `the ${what}s are ${choices.join(', ')}`,
  );
}

/** The known values of fields of answers; requests do not have these enums. */
const known = {
  finishReason:
    'STOP MAX_TOKENS SAFETY RECITATION LANGUAGE OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_OTHER NO_IMAGE IMAGE_RECITATION UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS MISSING_THOUGHT_SIGNATURE MALFORMED_RESPONSE ESCALATION PUP_LIMITED_DISABLED CONTINUATION FINISH_REASON_UNSPECIFIED'.split(
      ' ',
    ),
  blockReason:
    'SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY MODEL_ARMOR JAILBREAK BLOCK_REASON_UNSPECIFIED'.split(
      ' ',
    ),
  category: enumValues.get('HarmCategory') ?? [],
  probability: 'NEGLIGIBLE LOW MEDIUM HIGH HARM_PROBABILITY_UNSPECIFIED'.split(' '),
  status:
    'CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED UNAUTHENTICATED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS'.split(
      ' ',
    ),
};

/** Reports a value that looks like a typing error of a known one. Any other is taken: a test may try new values. */
function checkEnum(
  value: JsonValue | undefined,
  what: keyof typeof known,
  map: JsonObject,
  key: string,
  report: Report,
): void {
  if (typeof value !== 'string' || known[what].includes(value)) return;
  const near = nearest(value, known[what], 2, 0.7);
  if (near === undefined) return;
  const message = `unknown ${what} ${JSON.stringify(value)}`;
  reportAt(report, 'unknown-value', message, map, key, `did you mean ${JSON.stringify(near)}?`);
}

/** Checks the API's enum values in the answer of a rule. */
export function checkEnums(rule: JsonObject, report: Report): void {
  const { reply, block, error } = rule;
  if (isObject(reply)) {
    checkEnum(reply.finishReason, 'finishReason', reply, 'finishReason', report);
    checkRatings(reply.safetyRatings, report);
  }
  if (isObject(block)) {
    checkEnum(block.blockReason, 'blockReason', block, 'blockReason', report);
    checkRatings(block.safetyRatings, report);
  } else checkEnum(block, 'blockReason', rule, 'block', report);
  if (isObject(error)) checkEnum(error.status, 'status', error, 'status', report);
}

function checkRatings(ratings: JsonValue | undefined, report: Report): void {
  if (Array.isArray(ratings)) {
    for (const rating of ratings.filter(isObject))
      for (const key of ['category', 'probability'] as const)
        checkEnum(rating[key], key, rating, key, report);
  } else if (isObject(ratings))
    for (const [category, probability] of Object.entries(ratings)) {
      checkEnum(category, 'category', ratings, category, report);
      checkEnum(probability, 'probability', ratings, category, report);
    }
}

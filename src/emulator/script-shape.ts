/** The keys of a script: what each may hold, the types that follow from it, and the errors of values that do not fit. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { isObject, ownValue, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { enumValues } from './message.ts';

/** A test of a value, the words for what is expected, and an example. `T` exists only for the type checker. */
interface Check<T> {
  readonly holds: (value: JsonValue) => boolean;
  readonly words: string;
  readonly example: string;
  /** The keys of a map. */
  readonly keys?: Keys;
  /** The values of a closed set. */
  readonly choices?: readonly string[];
  readonly type?: T;
}

type Keys = Readonly<Record<string, Check<unknown>>>;
type MapOf<K extends Keys> = { readonly [N in keyof K]?: K[N] extends Check<infer T> ? T : never };

const check = <T>(holds: (value: JsonValue) => boolean, words: string, example: string): Check<T> => ({
  holds,
  words,
  example,
});

const isText = (value: JsonValue): boolean => typeof value === 'string';
const isNumber = (value: JsonValue, least: number, most = Infinity): boolean =>
  typeof value === 'number' && value >= least && value <= most;
const isMaps = (value: JsonValue): boolean => Array.isArray(value) && value.every(isObject);

const anything = check<JsonValue>(() => true, 'anything', '{}');
const text = check<string>(isText, 'a text', '"…"');
const texts = check<string | string[]>(
  (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
  'a text or a list of texts',
  '["…"]',
);
const duration = check<string>(
  (value) => typeof value === 'string' && /^\d+(?:\.\d+)?s$/.test(value),
  'a duration in seconds, such as 2s or 0.5s',
  '2s',
);
const flag = check<boolean>((value) => typeof value === 'boolean', 'true or false', 'true');
const number = check<number>((value) => typeof value === 'number', 'a number', '7');
const amount = check<number>((value) => isNumber(value, 0), 'a number of at least 0', '200');
const positive = check<number>((value) => isNumber(value, 0) && value !== 0, 'a number above 0', '60');
const share = check<number>((value) => isNumber(value, 0, 1), 'a number from 0 to 1', '0.1');
const count = check<number>(
  (value) => isNumber(value, 1) && Number.isInteger(value),
  'a whole number of at least 1',
  '2',
);
const httpStatus = check<number>(
  (value) => isNumber(value, 400, 599) && Number.isInteger(value),
  'an HTTP status from 400 to 599',
  '503',
);
const list = check<JsonValue[]>(Array.isArray, 'a list', '[ … ]');
const map = check<JsonObject>(isObject, 'a map', '{ … }');
const maps = check<JsonObject[]>(isMaps, 'a list of maps', '[{ … }]');
const ratings = check<JsonObject | JsonObject[]>(
  (value) => isObject(value) || isMaps(value),
  'a map of categories, or a list of ratings',
  '{ HARM_CATEGORY_HARASSMENT: LOW }',
);

const mapWith = <K extends Keys>(keys: K): Check<MapOf<K>> => ({
  ...check(isObject, 'a map', '{ … }'),
  keys,
});
const textOrMapWith = <K extends Keys>(keys: K): Check<string | MapOf<K>> => ({
  ...check((value) => isText(value) || isObject(value), 'a text or a map', '"…"'),
  keys,
});
const oneOf = <T extends string>(...choices: readonly T[]): Check<T> => ({
  ...check((value) => choices.some((choice) => choice === value), 'one of a set', ''),
  choices,
});

const replyKeys = {
  text,
  thoughts: texts,
  parts: maps,
  functionCall: map,
  functionCalls: maps,
  finishReason: text,
  finishMessage: text,
  safetyRatings: ratings,
  usageMetadata: map,
  citationMetadata: map,
  groundingMetadata: map,
  urlContextMetadata: map,
  avgLogprobs: number,
  logprobsResult: map,
  tokenCount: amount,
  continuationToken: text,
  modelStatus: map,
  modelVersion: text,
  responseId: text,
};

const errorKeys = {
  code: httpStatus,
  status: text,
  message: text,
  reason: text,
  retryDelay: duration,
  quota: oneOf('perMinute', 'perDay', 'inputTokens', 'burst'),
  limit: amount,
  details: maps,
  /** Events of a stream that are sent first. */
  afterChunks: count,
  /** Sent as a `data:` event, as proxies do; the service writes it raw. */
  framed: flag,
};

const match = textOrMapWith({ contains: text, equals: text, matches: text });

const ruleKeys = {
  when: mapWith({ prompt: match, model: match, method: match }),
  times: count,
  probability: share,
  /** Milliseconds. */
  delay: amount,
  chunks: count,
  /** Milliseconds. */
  chunkDelay: amount,
  reply: mapWith(replyKeys),
  block: textOrMapWith({ blockReason: text, safetyRatings: maps, blockReasonMessage: text }),
  response: anything,
  error: mapWith(errorKeys),
  /** Failures of the network or of a proxy: see docs/emulator.md. */
  fault: oneOf('reset', 'hang', 'stall', 'cut', 'malformed', 'html', 'midStreamError', 'midStreamErrorEvent'),
};

const scriptKeys = {
  seed: number,
  jitter: amount,
  quota: mapWith({ rpm: positive, tpm: positive }),
  replies: list,
};

/** The keys of a script, for the help where it is not a map. */
export const scriptKeyNames = Object.keys(scriptKeys);

/** What a model answers; missing fields are the emulator's own. */
export type Reply = MapOf<typeof replyKeys>;
/** An error instead of an answer, or after some events of a stream. */
export type ScriptedError = MapOf<typeof errorKeys>;
/** A rule as it is written. */
export type WrittenRule = MapOf<typeof ruleKeys>;

/** Reports an error at `container[key]`. */
export function reportAt(
  report: Report,
  code: string,
  message: string,
  container: SourceNode,
  key: string | number,
  help: string,
): void {
  report({ severity: 'error', code, message, place: container.at(key).keyPlace, help });
}

/** Reports the errors of a script, but not those of its rules. */
export function checkScript(script: SourceNode<JsonObject>, report: Report): void {
  checkMap(script, 'script', scriptKeys, report);
}

/** Reports the errors of a rule. */
export function checkRule(rule: SourceNode<JsonObject>, report: Report): void {
  checkMap(rule, 'rule', ruleKeys, report);
  checkEnums(rule, report);
}

/** Reports unknown keys and values that do not fit, also of the maps inside; `what` is the map's name in errors. */
function checkMap(values: SourceNode<JsonObject>, what: string, keys: Keys, report: Report): void {
  for (const [key, value] of values.entries()) {
    const expected = ownValue(keys, key);
    if (!expected) {
      const near = nearest(key, Object.keys(keys));
      const help =
        near === undefined
          ? `the keys are ${Object.keys(keys).join(', ')}`
          : `did you mean ${JSON.stringify(near)}?`;
      const message = `unknown key ${JSON.stringify(key)} in a ${what}`;
      reportAt(report, 'unknown-key', message, values, key, help);
    } else if (!expected.holds(value.value)) reportMisfit(report, expected, values, key, value.value);
    else if (expected.keys && isMapNode(value)) checkMap(value, key, expected.keys, report);
  }
}

function reportMisfit(
  report: Report,
  { words, example, choices }: Check<unknown>,
  values: SourceNode,
  key: string,
  value: JsonValue,
): void {
  if (choices) {
    const message = `unknown ${key} ${JSON.stringify(value)}`;
    reportAt(report, 'unknown-value', message, values, key, `the ${key}s are ${choices.join(', ')}`);
    return;
  }
  const received = typeof value === 'object' ? `a ${typeName(value)}` : JSON.stringify(value);
  const help =
    typeof value === 'number' && words === text.words
      ? `quote it: ${key}: "${value}"`
      : `for example ${key}: ${example}`;
  reportAt(report, 'wrong-type', `expected ${words}, received ${received}`, values, key, help);
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
  value: JsonValue,
  what: keyof typeof known,
  container: SourceNode,
  key: string,
  report: Report,
): void {
  if (typeof value !== 'string' || known[what].includes(value)) return;
  const near = nearest(value, known[what], 2, 0.7);
  if (near === undefined) return;
  const message = `unknown ${what} ${JSON.stringify(value)}`;
  reportAt(report, 'unknown-value', message, container, key, `did you mean ${JSON.stringify(near)}?`);
}

/** Checks the API's enum values in the answer of a rule. */
function checkEnums(rule: SourceNode, report: Report): void {
  const [reply, block, error] = [rule.at('reply'), rule.at('block'), rule.at('error')];
  checkEnum(reply.at('finishReason').value, 'finishReason', reply, 'finishReason', report);
  checkRatings(reply.at('safetyRatings'), report);
  checkEnum(block.at('blockReason').value, 'blockReason', block, 'blockReason', report);
  checkRatings(block.at('safetyRatings'), report);
  checkEnum(block.value, 'blockReason', rule, 'block', report);
  checkEnum(error.at('status').value, 'status', error, 'status', report);
}

function checkRatings(given: SourceNode, report: Report): void {
  for (const rating of given.items())
    for (const key of ['category', 'probability'] as const)
      checkEnum(rating.at(key).value, key, rating, key, report);
  if (!isMapNode(given)) return;
  for (const [category, probability] of given.entries()) {
    checkEnum(category, 'category', given, category, report);
    checkEnum(probability.value, 'probability', given, category, report);
  }
}

/** Reads one rule of a script. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { compilePattern, PatternError } from '../lib/pattern.ts';
import type { Rule, TextMatch, When } from './rules.ts';
import { canAnswer, holds, methods } from './rules.ts';
import { checkChoice, checkMap, checks, complain } from './script-check.ts';
import { checkWords } from './script-words.ts';

/** How an answer can fail below the API: see docs/emulator.md. */
const faults = [
  'reset',
  'hang',
  'stall',
  'cut',
  'malformed',
  'html',
  'midStreamError',
  'midStreamErrorEvent',
];
const answers = ['reply', 'block', 'response', 'error', 'fault'];
const quotas = ['perMinute', 'perDay', 'inputTokens', 'burst'];

const ruleKeys = {
  when: checks.map,
  times: checks.count,
  probability: checks.share,
  delay: checks.amount,
  chunks: checks.count,
  chunkDelay: checks.amount,
  reply: checks.map,
  block: checks.textOrMap,
  response: checks.anything,
  error: checks.map,
  fault: checks.anything,
};
const whenKeys = { prompt: checks.textOrMap, model: checks.textOrMap, method: checks.textOrMap };
const matchKeys = { contains: checks.text, equals: checks.text, matches: checks.text };
const replyKeys = {
  text: checks.text,
  finishReason: checks.text,
  finishMessage: checks.text,
  thoughts: checks.texts,
  safetyRatings: checks.ratings,
  usageMetadata: checks.map,
  functionCall: checks.map,
  functionCalls: checks.maps,
  parts: checks.maps,
  citationMetadata: checks.map,
  groundingMetadata: checks.map,
  urlContextMetadata: checks.map,
  avgLogprobs: checks.number,
  logprobsResult: checks.map,
  tokenCount: checks.amount,
  continuationToken: checks.text,
  modelStatus: checks.map,
  modelVersion: checks.text,
  responseId: checks.text,
};
const errorKeys = {
  code: checks.code,
  status: checks.text,
  message: checks.text,
  reason: checks.text,
  retryDelay: checks.duration,
  quota: checks.anything,
  limit: checks.amount,
  details: checks.maps,
  afterChunks: checks.count,
  framed: checks.flag,
};
const blockKeys = { blockReason: checks.text, safetyRatings: checks.maps, blockReasonMessage: checks.text };

/** Reads the rule at `list[index]`; what is wrong with it is reported, and the rule then not used. */
export function readRule(rule: JsonObject, list: JsonValue[], index: number, report: Report): Rule {
  checkMap(rule, 'rule', ruleKeys, report);
  const given = answers.filter((key) => rule[key] !== undefined);
  if (given.length !== 1) {
    const key = given[1] ?? Object.keys(rule)[0];
    const message =
      given.length === 0
        ? 'the rule answers nothing'
        : `a rule has one answer, this one has ${given.join(', ')}`;
    const help = `give one of ${answers.join(', ')}`;
    if (key === undefined) complain(report, 'bad-rule', message, list, index, help);
    else complain(report, 'bad-rule', message, rule, key, help);
  }
  if (isObject(rule.reply)) checkMap(rule.reply, 'reply', replyKeys, report);
  if (isObject(rule.block)) checkMap(rule.block, 'block', blockKeys, report);
  if (isObject(rule.error)) {
    checkMap(rule.error, 'error', errorKeys, report);
    checkChoice(rule.error, 'quota', 'quota', quotas, report);
  }
  checkChoice(rule, 'fault', 'fault', faults, report);
  checkWords(rule, report);
  const { when, ...rest } = rule;
  // The keys have been held to their kinds above; a script with faults is never used.
  const read: Rule = {
    delay: 0,
    chunkDelay: 0,
    ...rest,
    when: isObject(when) ? readWhen(when, report) : {},
  };
  if (isObject(when)) checkMethod(when, read, report);
  return read;
}

/** A rule whose method is none, or gives no such answer, would never be used. */
function checkMethod(when: JsonObject, rule: Rule, report: Report): void {
  const { method } = rule.when;
  if (method === undefined) return;
  const meant = methods.filter((each) => holds(method, each));
  if (meant.length === 0) {
    const word = typeof when.method === 'string' ? when.method : (method.equals ?? method.contains);
    const near = word === undefined ? undefined : nearest(word, methods);
    const help =
      near === undefined ? `the methods are ${methods.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
    const name = word === undefined ? 'fits it' : `is ${JSON.stringify(word)}`;
    complain(report, 'unknown-value', `no method ${name}`, when, 'method', help);
  } else if (!meant.some((each) => canAnswer(rule, each)))
    complain(
      report,
      'misfit-answer',
      `${meant.join(' and ')} ${meant.length === 1 ? 'gives' : 'give'} no ${rule.reply === undefined ? 'block' : 'reply'}`,
      when,
      'method',
      'reply and block are answers of generateContent and streamGenerateContent; give response, error or fault',
    );
}

function readWhen(when: JsonObject, report: Report): When {
  checkMap(when, 'when', whenKeys, report);
  const read: Record<string, TextMatch> = {};
  for (const key of Object.keys(whenKeys)) {
    const match = readMatch(when[key], key, report);
    if (match) read[key] = match;
  }
  return read;
}

/** A plain text is found in a prompt, and equals a model or a method. */
function readMatch(value: JsonValue | undefined, key: string, report: Report): TextMatch | undefined {
  if (typeof value === 'string') {
    if (key === 'prompt') return { contains: value };
    // A rule for generateContent is meant for the streamed call as well.
    if (value === 'generateContent') return { matches: compilePattern('^(?:g|streamG)enerateContent$') };
    return { equals: value };
  }
  if (!isObject(value)) return undefined;
  checkMap(value, key, matchKeys, report);
  const { contains, equals, matches } = value;
  const read: { -readonly [K in keyof TextMatch]: TextMatch[K] } = {};
  if (typeof contains === 'string') read.contains = contains;
  if (typeof equals === 'string') read.equals = equals;
  if (typeof matches === 'string') {
    try {
      read.matches = compilePattern(matches);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const help = 'the syntax is RE2’s; a literal bracket is written \\(';
      complain(report, 'invalid-pattern', error.message, value, 'matches', help);
    }
  }
  return read;
}

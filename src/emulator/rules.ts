/** The rules of a script, and which of them answers a call. */
import type { Pattern } from '../lib/pattern.ts';
import { apiError, codeOf, quotaExceeded, type ApiError } from './errors.ts';
import { randomInt } from './random.ts';
import type { ScriptedError, WrittenRule } from './script-shape.ts';

/** Conditions on a text; all of them must hold. */
export interface TextMatch {
  readonly contains?: string;
  readonly equals?: string;
  readonly matches?: Pattern;
}

/** Which calls a rule is for. */
export interface When {
  readonly prompt?: TextMatch;
  readonly model?: TextMatch;
  readonly method?: TextMatch;
}

/** One rule; it has exactly one of reply, block, response, error and fault. */
export interface Rule extends Omit<WrittenRule, 'when'> {
  readonly when: When;
}

/** A call, as rules see it. */
export interface Call {
  readonly method: string;
  /** The bare id, as in the path. */
  readonly model: string;
  readonly prompt: string;
  /** The same for equal calls. */
  readonly key: string;
}

const generating = ['generateContent', 'streamGenerateContent'];

/** True for generateContent and streamGenerateContent. */
export const isGenerating = (method: string): boolean => generating.includes(method);

/** The methods that `when` can name. */
export const methods: readonly string[] = [
  ...generating,
  'countTokens',
  'embedContent',
  'batchEmbedContents',
  'models.get',
  'models.list',
];

/** Returns the function that finds the first rule that fits a call; it counts equal calls. */
export function createRules(rules: readonly Rule[], seed: number): (call: Call) => Rule | undefined {
  const used = new Map<string, number>();
  return (call) => {
    for (const [index, rule] of rules.entries()) {
      if (!fits(rule, call)) continue;
      if (rule.times === undefined && rule.probability === undefined) return rule;
      const key = `${index}\0${call.key}`;
      const times = used.get(key) ?? 0;
      if (rule.times !== undefined && times >= rule.times) continue;
      // Drawn by seed, call and count, so that the order of arrival does not matter.
      const happens =
        rule.probability === undefined ||
        randomInt(2 ** 32, String(seed), key, String(times)) / 2 ** 32 < rule.probability;
      used.set(key, times + 1);
      if (happens) return rule;
    }
    return undefined;
  };
}

function fits(rule: Rule, call: Call): boolean {
  if (!canAnswer(rule, call.method)) return false;
  const { prompt, model, method } = rule.when;
  return holds(method, call.method) && holds(model, call.model) && holds(prompt, call.prompt);
}

/** Whether a rule's answer makes sense for a method: only generating methods have a reply or a block. */
export function canAnswer(rule: Pick<Rule, 'reply' | 'block'>, method: string): boolean {
  return (rule.reply ?? rule.block) === undefined || isGenerating(method);
}

/** Whether a text meets all conditions. */
export function holds(match: TextMatch | undefined, text: string): boolean {
  if (!match) return true;
  return (
    (match.contains === undefined || text.includes(match.contains)) &&
    (match.equals === undefined || text.trim() === match.equals.trim()) &&
    (match.matches === undefined || match.matches.find(text))
  );
}

/** The error that a script asks for; `model` is named in quota errors. */
export function scriptedError(error: ScriptedError, model: string): ApiError {
  const { status, quota, limit, retryDelay = '1s', message } = error;
  const code = error.code ?? (quota !== undefined ? 429 : status === undefined ? 500 : codeOf(status));
  if (code === 429 && message === undefined && quota !== 'burst')
    return quotaExceeded({ model, kind: quota ?? 'perMinute', limit, retryDelay });
  return apiError(code, error);
}

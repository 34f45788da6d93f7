/** The rules of a script, and which of them answers a call. */
import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { Pattern } from '../lib/pattern.ts';
import type { ScriptedError } from './errors.ts';
import { randomInt } from './random.ts';

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

/** What a model answers; missing fields are the emulator's own. */
export interface Reply {
  readonly text?: string;
  readonly thoughts?: string | string[];
  readonly parts?: JsonObject[];
  readonly functionCall?: JsonObject;
  readonly functionCalls?: JsonObject[];
  readonly finishReason?: string;
  readonly finishMessage?: string;
  readonly safetyRatings?: JsonValue;
  readonly usageMetadata?: JsonObject;
  readonly citationMetadata?: JsonObject;
  readonly groundingMetadata?: JsonObject;
  readonly urlContextMetadata?: JsonObject;
  readonly avgLogprobs?: number;
  readonly logprobsResult?: JsonObject;
  readonly tokenCount?: number;
  readonly continuationToken?: string;
  readonly modelStatus?: JsonObject;
  readonly modelVersion?: string;
  readonly responseId?: string;
}

/** One rule; it has exactly one of reply, block, response, error and fault. */
export interface Rule {
  readonly when: When;
  readonly times?: number;
  readonly probability?: number;
  readonly delay: number;
  readonly chunks?: number;
  readonly chunkDelay: number;
  readonly reply?: Reply;
  readonly block?: JsonValue;
  readonly response?: JsonValue;
  readonly error?: ScriptedError;
  readonly fault?: string;
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

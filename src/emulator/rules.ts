/** Chooses the rule that answers a call. */
import { draw } from './chance.ts';
import type { Rule, TextMatch } from './rule.ts';

/** What a rule is held against. */
export interface Call {
  readonly method: string;
  /** The bare id, as in the path. */
  readonly model: string;
  readonly prompt: string;
  /** Equal calls, equal keys. */
  readonly key: string;
}

const generating = ['generateContent', 'streamGenerateContent'];

/** Every method that a rule may look at. */
export const methods: readonly string[] = [
  ...generating,
  'countTokens',
  'embedContent',
  'batchEmbedContents',
  'models.get',
  'models.list',
];

/** A chooser that counts equal calls: the first rule that fits answers. */
export function createRules(rules: readonly Rule[], seed: number): (call: Call) => Rule | undefined {
  const used = new Map<string, number>();
  return (call) => {
    for (const [index, rule] of rules.entries()) {
      if (!fits(rule, call)) continue;
      if (rule.times === undefined && rule.probability === undefined) return rule;
      const key = `${index}\0${call.key}`;
      const times = used.get(key) ?? 0;
      if (rule.times !== undefined && times >= rule.times) continue;
      // Drawn by seed, call and how often it came: never by the order of arrival. A rule with both counts its draws.
      const drawn =
        rule.probability === undefined ||
        draw(2 ** 32, String(seed), key, String(times)) / 2 ** 32 < rule.probability;
      used.set(key, times + 1);
      if (drawn) return rule;
    }
    return undefined;
  };
}

function fits(rule: Rule, call: Call): boolean {
  if (!canAnswer(rule, call.method)) return false;
  const { prompt, model, method } = rule.when;
  return holds(method, call.method) && holds(model, call.model) && holds(prompt, call.prompt);
}

/** What a model answers has a meaning only where a model is asked. */
export function canAnswer(rule: Pick<Rule, 'reply' | 'block'>, method: string): boolean {
  return (rule.reply ?? rule.block) === undefined || generating.includes(method);
}

/** Whether a text is as it must be. */
export function holds(match: TextMatch | undefined, text: string): boolean {
  if (!match) return true;
  return (
    (match.contains === undefined || text.includes(match.contains)) &&
    (match.equals === undefined || text.trim() === match.equals.trim()) &&
    (match.matches === undefined || match.matches.find(text))
  );
}

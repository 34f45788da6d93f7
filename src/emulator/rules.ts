import { digest } from './answer.ts';
import type { Rule } from './script.ts';

/** What a rule is held against. */
export interface Asked {
  readonly method: string;
  readonly model: string;
  readonly prompt: string;
  /** Equal requests, equal keys. */
  readonly key: string;
}

/** Chooses the first rule that fits, counting equal requests. */
export function createRules(
  rules: readonly Rule[],
  seed: number,
): { choose: (asked: Asked) => Rule | undefined; count: () => number } {
  const used = new Map<string, number>();
  let total = 0;
  return {
    count: () => total,
    choose: (asked) => {
      total++;
      for (const [index, rule] of rules.entries()) {
        if (!fits(rule, asked)) continue;
        const key = `${index}\0${asked.key}`;
        const times = used.get(key) ?? 0;
        if (rule.times !== undefined && times >= rule.times) continue;
        if (rule.probability !== undefined) {
          // Drawn by seed, request and how often it was asked: never by the order of arrival.
          used.set(key, times + 1);
          if (digest(String(seed), key, String(times)).readUInt32BE(0) / 2 ** 32 >= rule.probability)
            continue;
        } else used.set(key, times + 1);
        return rule;
      }
      return undefined;
    },
  };
}

function fits({ when: { prompt, model, method } }: Rule, asked: Asked): boolean {
  return (
    (model === undefined || model === asked.model) &&
    (method === undefined ||
      method === asked.method ||
      (method === 'generateContent' && asked.method === 'streamGenerateContent')) &&
    (prompt?.contains === undefined || asked.prompt.includes(prompt.contains)) &&
    (prompt?.equals === undefined || asked.prompt.trim() === prompt.equals.trim()) &&
    (prompt?.matches === undefined || prompt.matches.find(asked.prompt))
  );
}

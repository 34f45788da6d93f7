/** How long a model thinks over a request, and what its thoughts say. */
import { draw } from './chance.ts';
import type { EmulatedModel, Level } from './models.ts';
import type { GenerationConfig } from './request.ts';
import { topicOf } from './words.ts';

/** Least tokens of thought a level; as many again are drawn. */
const effort: Record<Level, number> = { MINIMAL: 0, LOW: 12, MEDIUM: 24, HIGH: 64, XHIGH: 128 };

/** Tokens of thought, drawn by `salt`, at most the budget; 0 where the model does not think. */
export function thoughtTokens({ thinking }: EmulatedModel, config: GenerationConfig, salt: string): number {
  const { thinkingBudget: budget, thinkingLevel } = config.thinkingConfig ?? {};
  if (!thinking || budget === 0) return 0;
  const asked = thinking.levels.find((level) => level === thinkingLevel);
  const level = asked ?? thinking.unasked ?? (budget === undefined ? 'MINIMAL' : 'MEDIUM');
  const least = effort[level];
  if (least === 0) return 0;
  const tokens = least + draw(least, 'thoughts', salt);
  return budget === undefined || budget < 0 ? tokens : Math.min(tokens, budget);
}

/** A summary of the thoughts on a prompt, as `includeThoughts` shows it. */
export function thoughtsOn(prompt: string): string {
  const topic = topicOf(prompt).slice(0, 4).join(', ') || 'nothing in particular';
  return `**Weighing the request**\n\nIt is about ${topic}. A short and direct answer fits best.\n\n`;
}

/** The opaque bytes a model wants to see again with its next turn. */
export function signatureOf(salt: string): string {
  return Buffer.from(`emulated-thought:${draw(2 ** 31, 'signature', salt)}`).toString('base64');
}

/** Rates texts by a small list of words, and says what the settings of a request block. */
import { ownValue } from '../lib/json.ts';
import type { GenerateRequest } from './request.ts';

/** A SafetyRating of the API. */
export type Rating = {
  readonly category: string;
  readonly probability: string;
  readonly blocked?: boolean;
};

const levels = ['NEGLIGIBLE', 'LOW', 'MEDIUM', 'HIGH'];
const rated: readonly (readonly [RegExp, category: string, probability: string])[] = [
  [/\bdangerous|\bweapon|\bexplosive/i, 'HARM_CATEGORY_DANGEROUS_CONTENT', 'MEDIUM'],
  [/\bidiot|\bharass/i, 'HARM_CATEGORY_HARASSMENT', 'MEDIUM'],
];
const categories = ['SEXUALLY_EXPLICIT', 'HATE_SPEECH', 'HARASSMENT', 'DANGEROUS_CONTENT'].map(
  (name) => `HARM_CATEGORY_${name}`,
);
const thresholds: Record<string, number> = {
  BLOCK_LOW_AND_ABOVE: 1,
  BLOCK_MEDIUM_AND_ABOVE: 2,
  BLOCK_ONLY_HIGH: 3,
};

/** The ratings of a text; undefined for ordinary texts, as in the API. */
export function rate(text: string, settings: GenerateRequest['safetySettings']): Rating[] | undefined {
  const found = rated.filter(([pattern]) => pattern.test(text));
  if (found.length === 0) return undefined;
  return categories.map((category) => {
    const probability = found.find(([, name]) => name === category)?.[2] ?? 'NEGLIGIBLE';
    const threshold = settings?.find((each) => each.category === category)?.threshold ?? 'OFF';
    const blocked = levels.indexOf(probability) >= (ownValue(thresholds, threshold) ?? levels.length);
    return { category, probability, ...(blocked ? { blocked } : {}) };
  });
}

/** Ratings of a prompt that is blocked for safety: one category is high. */
export function blockedRatings(text: string): Rating[] {
  const high = rated.find(([pattern]) => pattern.test(text))?.[1] ?? 'HARM_CATEGORY_DANGEROUS_CONTENT';
  return categories.map((category) => ({
    category,
    probability: category === high ? 'HIGH' : 'NEGLIGIBLE',
  }));
}

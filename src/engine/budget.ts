import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isBilled } from '../gemini/methods.ts';
import { priceOf } from '../gemini/prices.ts';
import type { Plan } from '../plan/case.ts';

/** What a run may use. */
export interface BudgetOptions {
  /** USD. */
  readonly maxCost?: number;
  /** Tokens in and out together. */
  readonly maxTokens?: number;
}

/** An error for each model that a run would pay for at an unknown price: with a budget it cannot count as free. */
export function unpricedModels(plans: readonly Plan[], { maxCost }: BudgetOptions, now: Date): Diagnostic[] {
  if (maxCost === undefined) return [];
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { suite, cases } of plans) {
    for (const ref of cases) {
      const { model } = ref;
      const key = `${suite.name}\0${model}`;
      if (model === undefined || ref.skip !== undefined || !isBilled(ref) || seen.has(key)) continue;
      seen.add(key);
      if (priceOf(model, now.toISOString(), suite.prices)) continue;
      found.push({
        severity: 'error',
        code: 'unpriced-model',
        message: `no price of ${model} is known, so --max-cost cannot bound the run`,
        place: ref.test.place,
        help: `give it in the suite, in USD for a million tokens: prices: { ${model}: { input: …, output: … } }`,
      });
    }
  }
  return found;
}

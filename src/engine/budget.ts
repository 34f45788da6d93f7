import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { systemClock } from '../execute/clock.ts';
import { createCounter } from '../execute/count.ts';
import { openPurse } from '../execute/purse.ts';
import type { Least } from '../execute/too-dear.ts';
import type { RunOptions } from '../execute/run.ts';
import { isBilled } from '../gemini/methods.ts';
import { priceOf } from '../gemini/prices.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Plan } from '../plan/case.ts';

/** The ceilings of a run. */
export interface BudgetOptions {
  /** USD. */
  readonly maxCost?: number;
  /** Tokens in and out together. */
  readonly maxTokens?: number;
}

/** An error for each model that a run would pay for at an unknown price: under a ceiling it cannot count as free. */
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

/** How a run opens its purse, with the ceilings of the flags. */
export function purseFor(
  { maxCost, maxTokens, retries }: BudgetOptions & { readonly retries: number },
  transport: Pick<Transport, 'call'>,
  onTooDear: (least: Least) => void,
): NonNullable<RunOptions['openPurse']> {
  return (stop) =>
    openPurse({
      clock: systemClock,
      stop,
      countTokens: createCounter({ transport, clock: systemClock, retries }),
      onTooDear,
      ...(maxCost === undefined ? {} : { maxUsd: maxCost }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    });
}

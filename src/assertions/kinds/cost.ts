import { answering } from '../../gemini/outcome.ts';
import { bareModel } from '../../gemini/paths.ts';
import { billedAs, costOf, priceOf } from '../../gemini/prices.ts';
import type { ReplyKind } from '../../gemini/methods.ts';
import { bounds, boundsInWords, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared } from '../evaluation.ts';
import type { Kind, TrialFacts } from '../kind.ts';
import { limitsAt } from '../limits.ts';

const fits: readonly ReplyKind[] = ['generation', 'embedding'];

export const cost: Kind<Bounds> = {
  name: 'cost',
  doc: 'The cost of the trial in USD (all calls of a conversation), at the prices of its day.',
  shape: bounds({ example: { max: 0.002 } }),
  example: { max: 0.002 },
  fits,
  limits: (args) => limitsAt(args),
  compile:
    (args) =>
    ({ trial }) => {
      const total = totalOf(trial);
      if (typeof total === 'string') return cannotTell(total);
      const holds = within(total, args);
      return compared(
        holds,
        `expected a cost of ${boundsInWords(args)} USD`,
        holds ? 'within the limits' : 'not within the limits',
        { figure: `${inDigits(total)} USD` },
      );
    },
};

/** USD of all calls, or why it is not known. */
function totalOf({ calls, model: requested, at, prices }: TrialFacts): number | string {
  let total = 0;
  for (const { usage, modelVersion, candidates } of calls) {
    const model = bareModel(billedAs(requested ?? '', modelVersion, prices));
    if (usage?.prompt === undefined) return 'no count of prompt tokens in the reply';
    // The API leaves a count of 0 out, which that of an answer is not.
    if (usage.candidates === undefined && candidates.some(({ outcome }) => answering.includes(outcome)))
      return 'no count of candidate tokens in the reply';
    if (!priceOf(model, at, prices)) return `no price of ${model} is known: give it under prices`;
    const paid = costOf(usage, model, at, prices);
    if (paid === undefined)
      return `the known price of ${model} does not cover what was used (its tier, output or cache): give it under prices`;
    total += paid;
  }
  return Number(total.toFixed(12));
}

/** Without an exponent, which nobody reads: 0.0000045. */
function inDigits(usd: number): string {
  return usd.toFixed(12).replace(/\.?0+$/, '');
}

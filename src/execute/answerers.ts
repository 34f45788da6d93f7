import type { CallResult } from '../gemini/call-result.ts';
import { modelFacts } from '../gemini/models.ts';
import { billedAs, priceOf, type PriceOverrides } from '../gemini/prices.ts';
import type { GeminiRequest } from '../gemini/request.ts';

/** Which models answer in the place of one that is asked, as far as replies have told. */
interface Answerers {
  /** The model itself, then those at whose price its calls were billed. */
  readonly models: Set<string>;
  /** True once a reply has told who answers. */
  told: boolean;
  /** True while the call that is to tell it is under way. */
  asking: boolean;
}

/** Opens what a run knows of them, by model and by the prices of a suite, which decide at whose price a call is billed. */
export function createAnswerers(): (model: string, prices: PriceOverrides | undefined) => Answerers {
  const known = new Map<PriceOverrides | undefined, Map<string, Answerers>>();
  return (model, prices) => {
    let byModel = known.get(prices);
    if (!byModel) known.set(prices, (byModel = new Map()));
    let found = byModel.get(model);
    if (!found) byModel.set(model, (found = { models: new Set([model]), told: false, asking: false }));
    return found;
  };
}

/** Takes from a reply which model answered; a refusal, or a reply that was lost, tells nothing. */
export function learn(
  answerers: Answerers,
  request: GeminiRequest,
  { reply, classification }: CallResult,
  date: string,
  prices: PriceOverrides | undefined,
): void {
  if (classification.kind !== 'ok') return;
  answerers.told = true;
  const billed = billedAs(request.model ?? '', reply.modelVersion, prices);
  const price = priceOf(billed, date, prices);
  const same = (other: string): boolean =>
    priceOf(other, date, prices) === price && modelFacts(other) === modelFacts(billed);
  // A name without a price bounds nothing, and servers may send any number of names for one model.
  if (price && ![...answerers.models].some(same)) answerers.models.add(billed);
}

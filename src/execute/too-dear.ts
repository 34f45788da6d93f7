import { worstCost, type Price } from '../gemini/prices.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import { boundOf, needsCount } from './bound.ts';
import { tokensOf, type Counted } from './count.ts';

/** An amount of what is bounded: USD to 12 decimals, tokens in and out together. */
export interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

/** The lowest ceiling under which a call can be made. */
export type Least = { readonly maxUsd: number } | { readonly maxTokens: number };

/** A call, and the most that it may use. */
interface Asked {
  readonly request: GeminiRequest;
  /** What the service made of the question for its input tokens; undefined if its bytes bound them. */
  readonly counted: Counted | undefined;
  readonly worst: Worst;
}

/** The most that a call can use, and of which model that is, at what price. */
export interface Worst extends Amount {
  readonly model: string;
  readonly price: Price | undefined;
}

/** What maxOutputTokens itself may add to a request, in bytes. */
const settingBytes = 60;

/** Why a call does not fit in what is left, what it may cost, and what would let it: a maxOutputTokens, or another ceiling. */
export function tooDear({ request, counted, worst }: Asked, left: Amount, ceiling: Amount): string {
  const { model = 'the model' } = request;
  const { price } = worst;
  const answered = worst.model === request.model ? '' : `, which ${worst.model} answers,`;
  const over = left.tokens < worst.tokens;
  const what = over
    ? `may use up to ${worst.tokens} tokens, and ${Math.max(0, left.tokens)} are left (--max-tokens)`
    : `may cost up to $${millionthsUp(worst.usd)}, and $${Math.max(0, left.usd).toFixed(6)} is left (--max-cost)`;
  const { input: own = 0, output = 0 } = boundOf(request, tokensOf(counted));
  const input = needsCount(request.body) ? own : own + settingBytes;
  const fitting = over ? left.tokens - input : outputFor(left.usd, input, price);
  const uncounted =
    counted && 'failed' in counted
      ? [`its media could not be counted, so the model's input limit stands for them: ${counted.failed}`]
      : [];
  const smaller =
    fitting >= 1 && fitting < output ? [`with maxOutputTokens: ${Math.floor(fitting)} it would fit`] : [];
  const least = leastOf(worst, ceiling);
  const raised = least ? [`as it is it needs ${optionOf(least).join(' ')} or more`] : [];
  return [`the next call of ${model}${answered} ${what}`, ...uncounted, ...smaller, ...raised].join('; ');
}

/** The lowest ceiling under which a call can be made; undefined where the one there is lets it, if nothing was spent. */
export function leastOf(worst: Amount, ceiling: Amount): Least | undefined {
  if (worst.tokens > ceiling.tokens) return { maxTokens: worst.tokens };
  if (worst.usd > ceiling.usd + 1e-12) return { maxUsd: Number(millionthsUp(worst.usd)) };
  return undefined;
}

/** The option of `assay run` that sets a ceiling, and its value. */
export function optionOf(least: Least): [option: string, value: string] {
  return 'maxUsd' in least
    ? ['--max-cost', least.maxUsd.toFixed(6)]
    : ['--max-tokens', String(least.maxTokens)];
}

/** Rounded up: to the nearest would now and then be too little. */
function millionthsUp(usd: number): string {
  return (Math.ceil(usd * 1e6 - 1e-6) / 1e6).toFixed(6);
}

function outputFor(usd: number, input: number, price: Price | undefined): number {
  const fixed = price && worstCost(input, 0, price);
  return fixed === undefined || !price?.output ? 0 : ((usd - fixed) / price.output) * 1_000_000;
}

import { worstCost, type Price } from '../gemini/prices.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import { countedTokens, type Counted } from './count-tokens.ts';
import { needsCount, tokenLimits } from '../gemini/request-tokens.ts';

/** USD, and tokens in and out together. */
export interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

/** The option of `assay run` that sets a budget, and the lowest value under which a call can be made. */
export interface MinimalBudget {
  readonly option: '--max-cost' | '--max-tokens';
  readonly value: string;
}

/** Undefined where a call fits into the whole budget. */
export function minimalBudget(worst: Amount, limits: Amount): MinimalBudget | undefined {
  if (worst.tokens > limits.tokens) return { option: '--max-tokens', value: String(worst.tokens) };
  if (worst.usd > limits.usd + 1e-12) return { option: '--max-cost', value: millionthsUp(worst.usd) };
  return undefined;
}

/** A call that does not fit, and the most that it may use. */
interface TooLarge {
  readonly request: GeminiRequest;
  /** Its input tokens by the service; undefined if its bytes limit them. */
  readonly counted: Counted | undefined;
  readonly worst: Amount;
  readonly price: Price | undefined;
}

/** What maxOutputTokens itself may add to a request, in bytes. */
const settingBytes = 60;

/** Why a call does not fit into what is left of the budget, and the maxOutputTokens with which it would. */
export function budgetMessage({ request, counted, worst, price }: TooLarge, left: Amount): string {
  const isTokens = left.tokens < worst.tokens;
  const parts = [
    `the next call of ${request.model ?? 'the model'} ${
      isTokens
        ? `may use up to ${worst.tokens} tokens, and ${Math.max(0, left.tokens)} are left (--max-tokens)`
        : `may cost up to $${millionthsUp(worst.usd)}, and $${Math.max(0, left.usd).toFixed(6)} is left (--max-cost)`
    }`,
  ];
  if (counted && 'failed' in counted)
    parts.push(`its media could not be counted, so the model's input limit was used: ${counted.failed}`);
  const { input = 0, output = 0 } = tokenLimits(request, countedTokens(counted));
  const withSetting = needsCount(request.body) ? input : input + settingBytes;
  const fitting = Math.floor(isTokens ? left.tokens - withSetting : outputFor(left.usd, withSetting, price));
  if (fitting >= 1 && fitting < output) parts.push(`with maxOutputTokens: ${fitting} it would fit`);
  return parts.join('; ');
}

/** Rounded up: rounded to the nearest it would now and then be too little. */
function millionthsUp(usd: number): string {
  return (Math.ceil(usd * 1e6 - 1e-6) / 1e6).toFixed(6);
}

function outputFor(usd: number, input: number, price: Price | undefined): number {
  const fixed = price && worstCost(input, 0, price);
  return fixed === undefined || !price?.output ? 0 : ((usd - fixed) / price.output) * 1_000_000;
}

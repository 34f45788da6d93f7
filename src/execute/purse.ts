import { decodeReply } from '../gemini/decode.ts';
import { classify } from '../gemini/errors.ts';
import { isLost } from '../gemini/lost.ts';
import { isBilled } from '../gemini/methods.ts';
import { costOf, priceOf, worstCost, type Price, type PriceOverrides } from '../gemini/prices.ts';
import type { Exchange, GeminiRequest } from '../gemini/request.ts';
import { boundOf, needsCount } from './bound.ts';
import type { Clock } from './clock.ts';
import { tokensOf, type CountTokens } from './count.ts';
import type { Stop } from './stop.ts';
import { leastOf, tooDear, type Amount, type Least } from './too-dear.ts';

/** What a call has been allowed to cost, until it is known what it did. */
interface Held {
  /** Replaces the worst case by what the reply says was used; the worst case stands where it does not say. */
  readonly settle: (exchange: Exchange) => void;
  /** The call was not made. */
  readonly release: () => void;
}

/** Money and tokens of a run, with a ceiling. */
export interface Purse {
  /**
   * Sets the worst case of a call aside, waiting for calls in flight to settle where that may make room. Undefined when
   * there is no room: the purse has then stopped the run.
   */
  readonly reserve: (
    request: GeminiRequest,
    prices: PriceOverrides | undefined,
    signal: AbortSignal,
  ) => Promise<Held | undefined>;
}

export interface PurseOptions {
  readonly maxUsd?: number;
  readonly maxTokens?: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly stop: Stop['stop'];
  /** Asks the service for the input tokens of a request that holds media. */
  readonly countTokens: CountTokens;
  /** Told of a call that no purse of this ceiling can pay for, not even a full one. */
  readonly onTooDear?: (least: Least) => void;
}

/**
 * Opens a purse. Before every call its worst case is set aside; never is more set aside and spent together than the
 * ceiling allows, so that whatever the replies cost, the run cannot pass it.
 */
export function openPurse(options: PurseOptions): Purse {
  const { maxUsd = Infinity, maxTokens = Infinity, clock, stop } = options;
  let spent: Amount = { usd: 0, tokens: 0 };
  let held: Amount = { usd: 0, tokens: 0 };
  let holders = 0;
  let wake: (() => void)[] = [];
  const fits = ({ usd, tokens }: Amount): boolean =>
    spent.usd + held.usd + usd <= maxUsd + 1e-12 && spent.tokens + held.tokens + tokens <= maxTokens;
  const free = (worst: Amount, paid: Amount): void => {
    held = { usd: held.usd - worst.usd, tokens: held.tokens - worst.tokens };
    spent = { usd: spent.usd + paid.usd, tokens: spent.tokens + paid.tokens };
    if (--holders === 0) held = { usd: 0, tokens: 0 };
    const waiting = wake;
    wake = [];
    for (const each of waiting) each();
  };
  const settled = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      wake.push(done);
      signal.addEventListener('abort', done);
    });

  return {
    reserve: async (request, prices, signal) => {
      const counted =
        isBilled(request) && needsCount(request.body)
          ? await options.countTokens(request, signal)
          : undefined;
      if (counted && 'fatal' in counted) {
        stop('stopped', counted.failed);
        return undefined;
      }
      const date = new Date(clock.now()).toISOString();
      const price = priceOf(request.model ?? '', date, prices);
      const worst = worstOf(request, tokensOf(counted), price, { money: maxUsd < Infinity });
      if (typeof worst === 'string') {
        stop('budget', worst);
        return undefined;
      }
      while (!fits(worst)) {
        if (signal.aborted) return undefined;
        if (holders === 0) {
          const asked = { request, counted, worst, price };
          const ceiling = { usd: maxUsd, tokens: maxTokens };
          const left = { usd: maxUsd - spent.usd, tokens: maxTokens - spent.tokens };
          stop('budget', tooDear(asked, left, ceiling));
          const least = leastOf(worst, ceiling);
          if (least) options.onTooDear?.(least);
          return undefined;
        }
        await settled(signal);
      }
      holders++;
      held = { usd: held.usd + worst.usd, tokens: held.tokens + worst.tokens };
      return {
        settle: (exchange) => free(worst, paidOf(request, exchange, worst, date, prices)),
        release: () => free(worst, { usd: 0, tokens: 0 }),
      };
    },
  };
}

/** The most that a call can use; words for one that nothing bounds. */
function worstOf(
  request: GeminiRequest,
  counted: number | undefined,
  price: Price | undefined,
  { money }: { money: boolean },
): Amount | string {
  const { input, output } = boundOf(request, counted);
  if (input === undefined || output === undefined)
    return `nothing bounds the ${input === undefined ? 'input' : 'output'} of a call to ${request.model ?? 'the model'}: its limits are not known; set maxOutputTokens, and leave media and tools out`;
  if (!isBilled(request)) return { usd: 0, tokens: 0 };
  const usd = price && worstCost(input, output, price);
  if (usd === undefined && money)
    return `no price of ${request.model ?? 'the model'} is known, so its cost has no bound: give it under prices in the suite`;
  return { usd: usd ?? 0, tokens: input + output };
}

/** What a call did use, as far as can be known; a refusal costs nothing, a reply that was lost may have cost all. */
function paidOf(
  request: GeminiRequest,
  exchange: Exchange,
  worst: Amount,
  date: string,
  prices: PriceOverrides | undefined,
): Amount {
  if (isLost(request, exchange)) return worst;
  if (!isBilled(request) || classify(exchange).kind !== 'ok') return { usd: 0, tokens: 0 };
  const { usage, modelVersion } = decodeReply(request.method, exchange);
  const model = request.model ?? '';
  const answered = modelVersion !== undefined && priceOf(modelVersion, date, prices) ? modelVersion : model;
  return { usd: costOf(usage, answered, date, prices) ?? worst.usd, tokens: usage?.total ?? worst.tokens };
}

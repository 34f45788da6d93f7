import type { CallResult } from '../gemini/call-result.ts';
import { isBilled } from '../gemini/methods.ts';
import { billedAs, costOf, priceOf, worstCost, type PriceOverrides } from '../gemini/prices.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import type { RunAbort } from './abort.ts';
import { budgetMessage, minimalBudget, type Amount, type MinimalBudget } from './budget-message.ts';
import type { Clock } from './clock.ts';
import { countedTokens, type CountTokens } from './count-tokens.ts';
import { needsCount, tokenLimits } from '../gemini/request-tokens.ts';

/** The part of the budget that a call may use, until it is known what it used. */
interface Reservation {
  /** Replaces the worst case by what the reply says was used; the worst case stays where it does not say. */
  readonly settle: (result: CallResult) => void;
  /** The call was not made. */
  readonly release: () => void;
}

export interface Budget {
  /**
   * Reserves the worst case of a call, waiting for calls in flight to settle if that may free budget. Undefined when
   * the budget is used up: it has then stopped the run.
   */
  readonly reserve: (
    request: GeminiRequest,
    prices: PriceOverrides | undefined,
    signal: AbortSignal,
  ) => Promise<Reservation | undefined>;
  /** Set when a call did not fit that would not fit in the whole budget either: what it takes. */
  readonly minimal: () => MinimalBudget | undefined;
}

/** What a run may use. */
export interface BudgetLimits {
  readonly maxUsd?: number | undefined;
  /** In and out together. */
  readonly maxTokens?: number | undefined;
}

export interface BudgetOptions extends BudgetLimits {
  readonly clock: Pick<Clock, 'now'>;
  readonly stop: RunAbort['stop'];
  /** Counts the input tokens of a request with media. */
  readonly countTokens: CountTokens;
}

const nothing: Amount = { usd: 0, tokens: 0 };
const unlimited: Reservation = { settle: () => undefined, release: () => undefined };

/**
 * Never are more reserved and spent together than the limits allow, so that the run cannot pass them, whatever the
 * replies use. One exception: calls that a dearer model answers than the one that was named.
 */
export function createBudget(options: BudgetOptions): Budget {
  const { clock, stop, countTokens } = options;
  const limits: Amount = { usd: options.maxUsd ?? Infinity, tokens: options.maxTokens ?? Infinity };
  let spent = nothing;
  let reserved = nothing;
  let open = 0;
  let wake: (() => void)[] = [];
  let minimal: MinimalBudget | undefined;
  const left = (): Amount => ({ usd: limits.usd - spent.usd, tokens: limits.tokens - spent.tokens });
  const fits = ({ usd, tokens }: Amount): boolean =>
    reserved.usd + usd <= left().usd + 1e-12 && reserved.tokens + tokens <= left().tokens;

  function settle(worst: Amount, used: Amount): void {
    spent = { usd: spent.usd + used.usd, tokens: spent.tokens + used.tokens };
    // Sums of fractions leave a rest; without a reservation there is none.
    reserved =
      --open === 0 ? nothing : { usd: reserved.usd - worst.usd, tokens: reserved.tokens - worst.tokens };
    const waiting = wake;
    wake = [];
    for (const each of waiting) each();
  }

  const nextSettled = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      wake.push(done);
      signal.addEventListener('abort', done);
    });

  return {
    minimal: () => minimal,
    reserve: async (request, prices, signal) => {
      if (limits.usd === Infinity && limits.tokens === Infinity) return unlimited;
      const isMedia = isBilled(request) && needsCount(request.body);
      const counted = isMedia ? await countTokens(request, signal) : undefined;
      if (counted && 'fatal' in counted) {
        stop('stopped', counted.failed, counted.fatal?.cause);
        return undefined;
      }
      const date = new Date(clock.now()).toISOString();
      const price = priceOf(request.model ?? '', date, prices);
      const worst = worstOf(request, countedTokens(counted), price, limits.usd < Infinity);
      if (typeof worst === 'string') {
        stop('budget', worst);
        return undefined;
      }
      while (!fits(worst)) {
        if (signal.aborted) return undefined;
        if (open === 0) {
          minimal = minimalBudget(worst, limits);
          stop('budget', budgetMessage({ request, counted, worst, price }, left()));
          return undefined;
        }
        await nextSettled(signal);
      }
      open++;
      reserved = { usd: reserved.usd + worst.usd, tokens: reserved.tokens + worst.tokens };
      return {
        settle: (result) => settle(worst, usedBy(request, result, worst, date, prices)),
        release: () => settle(worst, nothing),
      };
    },
  };
}

/** The most that a call can use; a message where nothing limits it. */
function worstOf(
  request: GeminiRequest,
  counted: number | undefined,
  price: ReturnType<typeof priceOf>,
  inUsd: boolean,
): Amount | string {
  if (!isBilled(request)) return nothing;
  const model = request.model ?? 'the model';
  const { input, output } = tokenLimits(request, counted);
  if (input === undefined || output === undefined)
    return `nothing limits the ${input === undefined ? 'input' : 'output'} of a call to ${model}: its limits are not known; set maxOutputTokens, and leave media and tools out`;
  const usd = price && worstCost(input, output, price);
  if (usd === undefined && inUsd)
    return `no price of ${model} is known, so its cost has no limit: give it under prices in the suite`;
  return { usd: usd ?? 0, tokens: input + output };
}

/** What a call used, as far as can be known. A refusal costs nothing; a lost reply may have cost the worst. */
function usedBy(
  request: GeminiRequest,
  { reply, classification, costUnknown }: CallResult,
  worst: Amount,
  date: string,
  prices: PriceOverrides | undefined,
): Amount {
  if (!isBilled(request)) return nothing;
  if (costUnknown) return worst;
  if (classification.kind !== 'ok') return nothing;
  const { usage, modelVersion } = reply;
  const model = request.model ?? '';
  const answered = billedAs(model, modelVersion, prices);
  const billed = priceOf(answered, date, prices) ? answered : model;
  return { usd: costOf(usage, billed, date, prices) ?? worst.usd, tokens: usage?.total ?? worst.tokens };
}

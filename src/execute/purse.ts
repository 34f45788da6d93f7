import type { CallResult } from '../gemini/call-result.ts';
import { isBilled } from '../gemini/methods.ts';
import { billedAs, costOf, priceOf, worstCost, type PriceOverrides } from '../gemini/prices.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import { createAnswerers, learn } from './answerers.ts';
import { boundOf, needsCount } from './bound.ts';
import type { Clock } from './clock.ts';
import { tokensOf, type CountTokens } from './count.ts';
import type { Stop } from './stop.ts';
import { leastOf, tooDear, type Amount, type Least, type Worst } from './too-dear.ts';

/** What a call has been allowed to cost, until it is known what it did. */
interface Held {
  /** Replaces the worst case by what the reply says was used; the worst case stands where it does not say. */
  readonly settle: (result: CallResult) => void;
  /** The call was not made. */
  readonly release: () => void;
}

/** Money and tokens of a run, with a ceiling. */
export interface Purse {
  /**
   * Sets the worst case of a call aside, waiting for calls in flight to settle where that may make room, and for the first
   * of its model to be answered, which tells whose price is billed. Undefined when there is no room: the purse has then
   * stopped the run.
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
 * ceiling allows, so that whatever the replies cost, the run cannot pass it; but for calls that a dearer model answers
 * before a reply has told of it.
 */
export function openPurse(options: PurseOptions): Purse {
  const { maxUsd = Infinity, maxTokens = Infinity, clock, stop } = options;
  let spent: Amount = { usd: 0, tokens: 0 };
  let held: Amount = { usd: 0, tokens: 0 };
  let holders = 0;
  let wake: (() => void)[] = [];
  const answerersOf = createAnswerers();
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
        stop('stopped', counted.failed, counted.fatal?.cause);
        return undefined;
      }
      const date = new Date(clock.now()).toISOString();
      const answerers = answerersOf(request.model ?? '', prices);
      const bound = (): Worst | string =>
        worstOf(
          request,
          tokensOf(counted),
          { date, prices, answerers: answerers.models },
          { money: maxUsd < Infinity },
        );
      let considered = answerers.models.size;
      let worst = bound();
      for (;;) {
        if (considered < answerers.models.size) {
          considered = answerers.models.size;
          worst = bound();
        }
        if (typeof worst === 'string') {
          stop('budget', worst);
          return undefined;
        }
        const behind = isBilled(request) && answerers.asking;
        if (!behind && fits(worst)) break;
        if (signal.aborted) return undefined;
        if (holders === 0) {
          const ceiling = { usd: maxUsd, tokens: maxTokens };
          const left = { usd: maxUsd - spent.usd, tokens: maxTokens - spent.tokens };
          stop('budget', tooDear({ request, counted, worst }, left, ceiling));
          const least = leastOf(worst, ceiling);
          if (least) options.onTooDear?.(least);
          return undefined;
        }
        await settled(signal);
      }
      const reserved = worst;
      const first = isBilled(request) && !answerers.told;
      if (first) answerers.asking = true;
      holders++;
      held = { usd: held.usd + reserved.usd, tokens: held.tokens + reserved.tokens };
      const end = (paid: Amount): void => {
        if (first) answerers.asking = false;
        free(reserved, paid);
      };
      return {
        settle: (result) => {
          if (isBilled(request)) learn(answerers, request, result, date, prices);
          end(paidOf(request, result, reserved, date, prices));
        },
        release: () => end({ usd: 0, tokens: 0 }),
      };
    },
  };
}

interface Pricing {
  readonly date: string;
  readonly prices: PriceOverrides | undefined;
  /** The model that is asked, and those that answer in its place. */
  readonly answerers: ReadonlySet<string>;
}

/** The most that a call can use, whichever of the models answers; words for one that nothing bounds. */
function worstOf(
  request: GeminiRequest,
  counted: number | undefined,
  { date, prices, answerers }: Pricing,
  { money }: { money: boolean },
): Worst | string {
  const { model = '' } = request;
  const { input, output } = boundOf(request, counted);
  if (input === undefined || output === undefined)
    return `nothing bounds the ${input === undefined ? 'input' : 'output'} of a call to ${model || 'the model'}: its limits are not known; set maxOutputTokens, and leave media and tools out`;
  let worst: Worst = { usd: 0, tokens: 0, model, price: priceOf(model, date, prices) };
  if (!isBilled(request)) return worst;
  const own = worst.price && worstCost(input, output, worst.price);
  if (own === undefined && money)
    return `no price of ${model || 'the model'} is known, so its cost has no bound: give it under prices in the suite`;
  worst = { ...worst, usd: own ?? 0, tokens: input + output };
  for (const other of answerers) {
    const price = priceOf(other, date, prices);
    const bound = boundOf({ ...request, model: other }, counted);
    const ins = bound.input ?? input;
    const outs = bound.output ?? output;
    const usd = (price && worstCost(ins, outs, price)) ?? 0;
    const tokens = Math.max(worst.tokens, ins + outs);
    worst = usd > worst.usd ? { usd, tokens, model: other, price } : { ...worst, tokens };
  }
  return worst;
}

/** What a call did use, as far as can be known; a refusal costs nothing, a reply that was lost may have cost all. */
function paidOf(
  request: GeminiRequest,
  { reply, classification, costUnknown }: CallResult,
  worst: Amount,
  date: string,
  prices: PriceOverrides | undefined,
): Amount {
  if (costUnknown) return worst;
  if (!isBilled(request) || classification.kind !== 'ok') return { usd: 0, tokens: 0 };
  const { usage, modelVersion } = reply;
  const model = request.model ?? '';
  const answered = billedAs(model, modelVersion, prices);
  const billed = priceOf(answered, date, prices) ? answered : model;
  return { usd: costOf(usage, billed, date, prices) ?? worst.usd, tokens: usage?.total ?? worst.tokens };
}

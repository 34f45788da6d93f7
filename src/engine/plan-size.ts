import PQueue from 'p-queue';
import { estimateInput, tokenLimits } from '../gemini/request-tokens.ts';
import { isBilled } from '../gemini/methods.ts';
import { priceOf, worstCost } from '../gemini/prices.ts';
import type { CountTokens } from '../execute/count-tokens.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import { callsOf } from '../gemini/request-facts.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';

/** What a run would ask and could cost. */
export interface PlanSize {
  readonly cases: number;
  readonly trials: number;
  /** HTTP calls without retries; a conversation makes several a trial. */
  readonly calls: number;
  /** Input tokens: counted by the service where `counted`, else about a quarter of the characters. */
  readonly inputTokens: number;
  readonly counted: boolean;
  /** What the service should have counted and did not: it is estimated. */
  readonly uncounted?: Uncounted;
  /** Upper bound of tokens, in and out, without the unbounded models. */
  readonly mostTokens: number;
  /** Upper bound in USD, without the unbounded and the unpriced models. */
  readonly mostUsd: number;
  /** Models without a known price, and models without known limits. */
  readonly unpriced: readonly string[];
  readonly unbounded: readonly string[];
}

/** Requests whose tokens the service did not count. */
interface Uncounted {
  readonly requests: number;
  readonly asked: number;
  /** Why, of the first. */
  readonly reason: string;
  /** Set where the service refuses every call: no more were sent. */
  readonly fatal?: true;
}

/** The input tokens of one case. */
export interface CaseTokens {
  readonly inputTokens: number;
  readonly counted: boolean;
}

const countsInFlight = 8;

/** Adds up a plan; with `count`, asks the service for the input tokens of each case. */
export async function sizeOf(
  plans: readonly Plan[],
  now: Date,
  count?: CountTokens,
  onCase?: (ref: CaseRef, tokens: CaseTokens) => void,
): Promise<PlanSize> {
  const sum = { cases: 0, trials: 0, calls: 0, inputTokens: 0 };
  let mostTokens = 0;
  let mostUsd = 0;
  const unpriced = new Set<string>();
  const unbounded = new Set<string>();
  const queue = new PQueue({ concurrency: countsInFlight });
  const refused = new AbortController();
  const uncounted = { requests: 0, asked: 0 };
  let why: { reason: string; fatal?: true } | undefined;

  async function countOf({ request, judgesErrors }: Case): Promise<number | undefined> {
    if (!count || !isBilled(request)) return undefined;
    const counted = await count(request, refused.signal);
    if (refused.signal.aborted) return undefined;
    uncounted.asked++;
    if ('tokens' in counted) return counted.tokens;
    // What is sent in order to be refused uses nothing.
    if (judgesErrors && counted.refused) return 0;
    uncounted.requests++;
    if (!why || counted.fatal) why = { reason: counted.failed, ...(counted.fatal ? { fatal: true } : {}) };
    if (counted.fatal) refused.abort();
    return undefined;
  }

  async function add(testCase: Case, ref: CaseRef): Promise<void> {
    const { request, repeats, suite, model = '' } = testCase;
    const single: GeminiRequest = request;
    const counted = await countOf(testCase);
    const calls = callsOf(testCase);
    const input = counted ?? (isBilled(single) ? estimateInput(single.body ?? null) : 0);
    onCase?.(ref, { inputTokens: input, counted: counted !== undefined || !isBilled(single) });
    sum.calls += calls * repeats;
    sum.inputTokens += input * repeats;
    const bound = tokenLimits(single, counted || undefined);
    if (bound.input === undefined || bound.output === undefined) {
      unbounded.add(model);
      return;
    }
    // A later call of a conversation takes in what the earlier ones gave out.
    const ins = calls * bound.input + ((calls * (calls - 1)) / 2) * bound.output;
    const outs = calls * bound.output;
    mostTokens += (ins + outs) * repeats;
    if (ins + outs === 0) return;
    const price = priceOf(model, now.toISOString(), suite.prices);
    const usd = price && worstCost(ins, outs, price);
    if (usd === undefined) unpriced.add(model);
    else mostUsd += usd * repeats;
  }

  for (const plan of plans) {
    for (const ref of plan.cases) {
      sum.cases++;
      if (ref.skip !== undefined) continue;
      sum.trials += ref.repeats;
      if (!count) await add(plan.materialize(ref), ref);
      else if (!refused.signal.aborted) {
        await queue.onSizeLessThan(countsInFlight);
        void queue.add(() => add(plan.materialize(ref), ref));
      }
    }
  }
  await queue.onIdle();
  return {
    ...sum,
    counted: count !== undefined && !why,
    ...(why ? { uncounted: { ...uncounted, ...why } } : {}),
    mostTokens,
    mostUsd,
    unpriced: [...unpriced],
    unbounded: [...unbounded],
  };
}

import { readExchange, type CallResult } from '../gemini/call-result.ts';
import { modelTurn } from '../gemini/decode.ts';
import { toldQuota } from '../gemini/errors.ts';
import { asksTooLong } from '../gemini/long-wait.ts';
import type { PriceOverrides } from '../gemini/prices.ts';
import type { FunctionCall } from '../gemini/reply.ts';
import type { Body, BodyValue, Exchange, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Attempt, TrialRecord, TurnRecord } from '../journal/record.ts';
import { isObject } from '../lib/json.ts';
import { alteredIn } from '../lib/written-number.ts';
import { whyNoAnswer } from '../plan/answer.ts';
import { callsOf, stopsOf } from '../gemini/request-facts.ts';
import type { Case } from '../plan/case.ts';
import { isoOf, type Clock } from './clock.ts';
import type { ModelThrottle } from './model-throttle.ts';
import { waitBefore, type RetryBudget } from './retry.ts';
import type { Budget } from './budget.ts';
import type { Semaphore } from './semaphore.ts';
import { estimateTokens } from './estimate.ts';
import { trialRecord } from './trial-record.ts';

/** What a trial needs of its run. */
export interface TrialTools {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly retries: number;
  readonly retryBudget: RetryBudget;
  readonly throttleOf: (model: string | undefined) => ModelThrottle;
  /** Places for calls in flight. */
  readonly permits: Semaphore;
  readonly budget: Budget;
  /** The suite's own prices. */
  readonly prices?: PriceOverrides;
  /** Aborted when calls in flight must end. */
  readonly kill: AbortSignal;
  /** Told of a call after which no other can succeed, or not within the run, before another one may start. */
  readonly onFatal?: (asked: Case, result: CallResult) => void;
  /** Told of every attempt, for pacing and for the curious. */
  readonly onAttempt?: (request: GeminiRequest, result: CallResult) => void;
  /** Told of calls that were sent, and whose trial does not settle: what they cost is not known. */
  readonly onLost?: (calls: number) => void;
  /** Told of every call of a conversation but its last, so that what was paid for outlives the run. */
  readonly onTurn?: (call: number, exchange: Exchange, attempts: readonly Attempt[]) => Promise<void>;
}

/** A call of a conversation that was made before the run broke off. */
export type BegunCall = Pick<TurnRecord, 'exchange' | 'attempts'>;

/** A trial that settled: what the journal keeps of it, and the results of its calls. */
export interface Trial {
  readonly record: TrialRecord;
  readonly results: readonly CallResult[];
}

/**
 * Makes one trial: one call, or all calls of a conversation. `begun` holds the calls of a conversation that an
 * earlier run had made when it ended. Undefined if the run stopped before the trial settled.
 */
export async function makeTrial(
  asked: Case,
  trial: number,
  tools: TrialTools,
  begun: readonly BegunCall[] = [],
): Promise<Trial | undefined> {
  const at = isoOf(tools.clock.now());
  const attempts: Attempt[] = [];
  const results: CallResult[] = [];
  const { request } = asked;
  const stops = stopsOf(request);
  const contents = stops.length > 0 ? [request.body?.contents ?? []].flat() : undefined;
  const calls = callsOf(asked);
  for (let call = 0; call < calls; call++) {
    const stop = stops[call];
    const body =
      contents && stop !== undefined
        ? ({ ...request.body, contents: contents.slice(0, stop) } as Body)
        : request.body;
    const single: GeminiRequest = { ...request, ...(body === undefined ? {} : { body }) };
    const made = begun[call];
    if (made) attempts.push(...made.attempts);
    const result = made
      ? readExchange(request.method, made.exchange)
      : await callWithRetries(asked, single, call, attempts, tools);
    if (!result) {
      // Those of earlier calls stand in their turns' records.
      tools.onLost?.(attempts.filter((each) => each.call === call && each.lost).length);
      return undefined;
    }
    results.push(result);
    if (contents === undefined || stop === undefined || call === calls - 1) break;
    const { reply } = result;
    const turn = whyNoAnswer(asked, call, result) ? undefined : modelTurn(reply);
    if (turn === undefined) break;
    const number = alteredIn(turn);
    if (number !== undefined) {
      results.push(readExchange(request.method, notSentBack(number)));
      break;
    }
    contents[stop] = turn as BodyValue;
    const next = contents[stop + 1];
    if (next !== undefined) contents[stop + 1] = withCallIds(next, reply.candidates[0]?.functionCalls ?? []);
    if (!made)
      await tools.onTurn?.(
        call,
        result.exchange,
        attempts.filter((each) => each.call === call),
      );
  }
  const exchanges = results.map(({ exchange }) => exchange);
  return { record: trialRecord(asked, trial, { at, exchanges, attempts }), results };
}

/** A turn whose function responses have the ids of the calls that they respond to, by name and in order; an id that is written stays. */
function withCallIds(turn: BodyValue, calls: readonly FunctionCall[]): BodyValue {
  if (!isObject(turn) || !Array.isArray(turn.parts)) return turn;
  const left = [...calls];
  const parts = turn.parts.map((part) => {
    if (!isObject(part) || !isObject(part.functionResponse)) return part;
    const response = part.functionResponse;
    const at = left.findIndex(({ name }) => name === response.name);
    const [called] = at < 0 ? [] : left.splice(at, 1);
    return called?.id === undefined ? part : { ...part, functionResponse: { id: called.id, ...response } };
  });
  return { ...turn, parts };
}

/** What becomes of a call whose history would hold another number than the model wrote: it is not made. */
function notSentBack(number: string): Exchange {
  const message = `the model's turn holds the number ${number}, which has more digits than a double keeps: sent back, it would be another`;
  return { failure: { kind: 'inexact-number', message, unsent: true }, totalMs: 0 };
}

async function callWithRetries(
  asked: Case,
  request: GeminiRequest,
  call: number,
  attempts: Attempt[],
  tools: TrialTools,
): Promise<CallResult | undefined> {
  const { clock, retries, retryBudget } = tools;
  const { closed } = tools.throttleOf(request.model);
  for (let tried = 0; ; tried++) {
    const started = await attempt(asked, request, tried > 0, tools);
    if (!started) return undefined;
    const { result, at } = started;
    const { exchange, classification, costUnknown } = result;
    const { kind, reason, retryAfterMs } = classification;
    if (kind === 'ok') retryBudget.earn();
    // A wait that the service told loads it no further, and is not drawn from what all trials share.
    const again =
      kind === 'transient' &&
      tried < retries &&
      !asksTooLong(classification) &&
      (retryAfterMs !== undefined || retryBudget.take());
    const waitedMs = again ? waitBefore(tried, retryAfterMs, clock.random()) : 0;
    attempts.push({
      call,
      at: isoOf(at),
      ms: exchange.totalMs,
      ...(exchange.status === undefined ? {} : { status: exchange.status }),
      ...(kind === 'ok' ? {} : { failed: reason ?? kind }),
      ...(costUnknown ? { lost: true } : {}),
      ...(again ? { waitedMs } : {}),
    });
    if (!again) return result;
    await clock.sleep(waitedMs, closed);
    // A failure that would have been tried again is not this trial's answer.
    if (closed.aborted) return undefined;
  }
}

/** One HTTP try, when its turn has come; undefined if none may be made any more. */
async function attempt(
  asked: Case,
  request: GeminiRequest,
  again: boolean,
  tools: TrialTools,
): Promise<{ result: CallResult; at: number } | undefined> {
  const { clock, permits, budget } = tools;
  const throttle = tools.throttleOf(request.model);
  const taken = throttle.limitsTokens() ? estimateTokens(request) : undefined;
  const reservation = await budget.reserve(request, tools.prices, throttle.closed);
  if (!reservation) return undefined;
  const since = clock.now();
  const entering = throttle.enter(taken ?? 0, again);
  if (entering) await entering;
  // Who waits for his quota takes no place from calls of other models.
  const taking = permits.acquire(entering !== undefined && clock.now() > since);
  if (taking) await taking;
  if (throttle.closed.aborted) {
    permits.release();
    throttle.cancel();
    reservation.release();
    return undefined;
  }
  try {
    const at = clock.now();
    const result = readExchange(request.method, await tools.transport.call(request, tools.kill));
    reservation.settle(result);
    if (result.exchange.failure?.kind === 'cancelled') {
      throttle.cancel();
      if (result.costUnknown) tools.onLost?.(1);
      return undefined;
    }
    const { classification } = result;
    if (classification.kind === 'fatal' || asksTooLong(classification)) tools.onFatal?.(asked, result);
    if (leave(throttle, result, taken)) tools.onFatal?.(asked, result);
    tools.onAttempt?.(request, result);
    return { result, at };
  } finally {
    permits.release();
  }
}

/** Tells the throttle how a call ended; `taken` tokens were set aside for it, if any are counted. True if the throttle has given up. */
function leave(
  throttle: ModelThrottle,
  { exchange, reply, classification }: CallResult,
  taken: number | undefined,
): boolean {
  // A wait that is not sat out holds nobody: the model was stopped, or the case is about failing.
  const refused = classification.quota === true && !asksTooLong(classification);
  return throttle.leave({
    refused,
    retryAfterMs: classification.retryAfterMs,
    reservedTokens: taken ?? 0,
    ...(refused ? { limits: toldQuota(exchange) } : {}),
    usedTokens: taken !== undefined && classification.kind === 'ok' ? reply.usage?.prompt : undefined,
  });
}

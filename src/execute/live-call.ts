import { readExchange, type CallResult } from '../gemini/call-result.ts';
import { toldQuota } from '../gemini/errors.ts';
import { asksTooLong } from '../gemini/retry-hints.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Attempt } from '../journal/record.ts';
import type { Case } from '../plan/case.ts';
import type { Budget } from './budget.ts';
import { isoOf, type Clock } from './clock.ts';
import { estimateTokens } from '../gemini/request-tokens.ts';
import type { ModelThrottle } from './model-throttle.ts';
import { waitBefore, type RetryBudget } from './retry.ts';
import type { Semaphore } from './semaphore.ts';

export interface LiveCallOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Further attempts of one call after a failure that may pass. */
  readonly retries: number;
  readonly retryBudget: RetryBudget;
  readonly throttleOf: (model: string | undefined) => ModelThrottle;
  /** One for each call in flight. */
  readonly permits: Semaphore;
  readonly budget: Budget;
  /** Aborted when calls in flight must end. */
  readonly kill: AbortSignal;
  /** No further call can succeed, or not within the run. Called before another one may start. */
  readonly onFatal: (testCase: Case, result: CallResult) => void;
  readonly onAttempt: (request: GeminiRequest, result: CallResult) => void;
}

/** A call with its retries; `result` is absent if the run stopped before it settled. */
interface SettledCall {
  readonly result?: CallResult;
  /** All HTTP tries, without their place in the conversation. */
  readonly attempts: readonly Omit<Attempt, 'call'>[];
}

export type LiveCall = (testCase: Case, request: GeminiRequest) => Promise<SettledCall>;

/** Makes calls to the service, each when the quota of its model, the calls in flight and the budget allow it. */
export function createLiveCall(options: LiveCallOptions): LiveCall {
  const { clock, retries, retryBudget, permits, budget } = options;

  /** One HTTP try; undefined if none may be made any more. */
  async function attempt(
    testCase: Case,
    request: GeminiRequest,
    isRetry: boolean,
  ): Promise<{ result: CallResult; at: number } | undefined> {
    const throttle = options.throttleOf(request.model);
    const reservedTokens = throttle.limitsTokens() ? estimateTokens(request) : undefined;
    const reservation = await budget.reserve(request, testCase.suite.prices, throttle.closed);
    if (!reservation) return undefined;
    const since = clock.now();
    const entering = throttle.enter(reservedTokens ?? 0, isRetry);
    if (entering) await entering;
    // A call that waits for its quota takes no permit from other models.
    const acquiring = permits.acquire(entering !== undefined && clock.now() > since);
    if (acquiring) await acquiring;
    if (throttle.closed.aborted) {
      permits.release();
      throttle.cancel();
      reservation.release();
      return undefined;
    }
    try {
      const at = clock.now();
      const result = readExchange(request.method, await options.transport.call(request, options.kill));
      reservation.settle(result);
      if (isCancelled(result)) {
        throttle.cancel();
        return { result, at };
      }
      const { classification } = result;
      const isHopeless = leave(throttle, result, reservedTokens);
      if (classification.kind === 'fatal' || asksTooLong(classification) || isHopeless)
        options.onFatal(testCase, result);
      options.onAttempt(request, result);
      return { result, at };
    } finally {
      permits.release();
    }
  }

  return async (testCase, request) => {
    const { closed } = options.throttleOf(request.model);
    const attempts: Omit<Attempt, 'call'>[] = [];
    for (let tried = 0; ; tried++) {
      const settled = await attempt(testCase, request, tried > 0);
      if (!settled) return { attempts };
      const { result, at } = settled;
      const { exchange, classification, costUnknown } = result;
      const { kind, reason, retryAfterMs } = classification;
      if (kind === 'ok') retryBudget.earn();
      const isCut = isCancelled(result);
      // A wait that the service asked for adds no load, and is not taken from the retries that all trials share.
      const again =
        !isCut &&
        kind === 'transient' &&
        tried < retries &&
        !asksTooLong(classification) &&
        (retryAfterMs !== undefined || retryBudget.take());
      const waitedMs = again ? waitBefore(tried, retryAfterMs, clock.random()) : 0;
      attempts.push({
        at: isoOf(at),
        ms: exchange.totalMs,
        ...(exchange.status === undefined ? {} : { status: exchange.status }),
        ...(kind === 'ok' ? {} : { failed: reason ?? kind }),
        ...(costUnknown ? { lost: true } : {}),
        ...(again ? { waitedMs } : {}),
      });
      if (isCut) return { attempts };
      if (!again) return { result, attempts };
      await clock.sleep(waitedMs, closed);
      // A failure that would have been retried is no result.
      if (closed.aborted) return { attempts };
    }
  };
}

function isCancelled({ exchange }: CallResult): boolean {
  return exchange.failure?.kind === 'cancelled';
}

/** Tells the throttle how a call ended; true if it has given up on the model. */
function leave(
  throttle: ModelThrottle,
  { exchange, reply, classification }: CallResult,
  reservedTokens: number | undefined,
): boolean {
  // Too long a wait is not waited for: the model was stopped, or the case is about failing.
  const refused = classification.quota === true && !asksTooLong(classification);
  return throttle.leave({
    refused,
    retryAfterMs: classification.retryAfterMs,
    reservedTokens: reservedTokens ?? 0,
    ...(refused ? { limits: toldQuota(exchange) } : {}),
    usedTokens:
      reservedTokens !== undefined && classification.kind === 'ok' ? reply.usage?.prompt : undefined,
  });
}

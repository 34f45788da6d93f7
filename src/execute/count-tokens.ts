import { readExchange, type CallResult } from '../gemini/call-result.ts';
import type { Cause } from '../gemini/cause.ts';
import { asksTooLong } from '../gemini/retry-hints.ts';
import { countRequest } from '../gemini/request-tokens.ts';
import type { GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Clock } from './clock.ts';
import { refusalOf } from './refusal.ts';
import { createRetryBudget, waitBefore } from './retry.ts';

/** What came of a request to count tokens. */
export type Counted =
  | { readonly tokens: number }
  /** Why it did not count them; `fatal` where it refuses every call, `refused` where it will never take this one. */
  | { readonly failed: string; readonly fatal?: { readonly cause?: Cause }; readonly refused?: true };

/** The tokens, where they were counted. */
export function countedTokens(counted: Counted | undefined): number | undefined {
  return counted && 'tokens' in counted ? counted.tokens : undefined;
}

/** Asks the service for the input tokens of a request. */
export type CountTokens = (request: GeminiRequest, signal: AbortSignal) => Promise<Counted>;

interface CountOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Further attempts after a transient failure. */
  readonly retries: number;
}

/** Retries before the first success, for each of the retries of one count. */
const floorPerRetry = 8;
/** A count is answered at once or not at all: timeouts are retried less often than those of a run. */
const mostTimeouts = 1;
/** After so many failures in a row nothing more is counted: in an outage each count would wait. */
const mostInARow = 8;

/** Counts by countTokens, which costs nothing; retries as a run does. */
export function createTokenCounter({ transport, clock, retries }: CountOptions): CountTokens {
  const budget = createRetryBudget(retries * floorPerRetry);
  const gone = new Map<string, Counted>();
  let inARow = 0;
  let last: Counted | undefined;

  async function send(request: GeminiRequest, signal: AbortSignal): Promise<CallResult> {
    for (let tried = 0; ; tried++) {
      const result = readExchange(request.method, await transport.call(request, signal));
      const found = result.classification;
      const { kind, reason, retryAfterMs } = found;
      if (kind === 'ok') budget.earn();
      const again =
        kind === 'transient' &&
        tried < (reason === 'timeout' ? Math.min(mostTimeouts, retries) : retries) &&
        !asksTooLong(found) &&
        (retryAfterMs !== undefined || budget.take());
      if (!again || signal.aborted) return result;
      await clock.sleep(waitBefore(tried, retryAfterMs, clock.random()), signal);
    }
  }

  return async (request, signal) => {
    const { model = '' } = request;
    const known = gone.get(model) ?? (inARow >= mostInARow ? last : undefined);
    if (known) return known;
    const result = await send(countRequest(request), signal);
    const counted = read(result);
    const found = result.classification;
    inARow = found.kind === 'transient' ? inARow + 1 : 0;
    last = counted;
    if (found.scope !== undefined || asksTooLong(found)) gone.set(model, counted);
    return counted;
  };
}

function read(result: CallResult): Counted {
  const { usage, problem } = result.reply;
  const { kind, reason, scope, cause } = result.classification;
  if (kind === 'ok' && usage?.total !== undefined) return { tokens: usage.total };
  return {
    failed: refusalOf(result, problem),
    ...(scope === 'run' ? { fatal: cause ? { cause } : {} } : {}),
    ...(kind === 'permanent' || reason === 'NOT_FOUND' ? { refused: true } : {}),
  };
}

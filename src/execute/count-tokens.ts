import { bareModel } from '../gemini/paths.ts';
import { readExchange, type CallResult } from '../gemini/call-result.ts';
import type { Cause } from '../gemini/cause.ts';
import { asksTooLong } from '../gemini/long-wait.ts';
import type { Method } from '../gemini/methods.ts';
import type { Body, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import { isObject } from '../lib/json.ts';
import type { Clock } from './clock.ts';
import { refusalOf } from './refusal.ts';
import { createRetryBudget, waitBefore } from './retry.ts';

/** What the service made of a question for the tokens of a request. */
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

/** Retries that may be made before anything was counted, for each of the retries of one count. */
const floorPerRetry = 8;
/** A count is answered at once or not at all: one that hung is not waited for as often as an answer. */
const mostTimeouts = 1;
/** So many counts in a row that failed: others are not asked for any more, or an outage would be waited for at each. */
const mostInARow = 8;

/** Counts by the service's countTokens, which costs nothing; failures that pass are tried again as those of a run are. */
export function createTokenCounter({ transport, clock, retries }: CountOptions): CountTokens {
  const budget = createRetryBudget(retries * floorPerRetry);
  const gone = new Map<string, Counted>();
  let inARow = 0;
  let last: Counted | undefined;

  async function ask(request: GeminiRequest, signal: AbortSignal): Promise<CallResult> {
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
    const result = await ask(countOf(request), signal);
    const counted = read(result);
    const found = result.classification;
    inARow = found.kind === 'transient' ? inARow + 1 : 0;
    last = counted;
    if (found.scope !== undefined || asksTooLong(found)) gone.set(model, counted);
    return counted;
  };
}

/** The request that has the tokens of another counted. */
function countOf({ method, model = '', body = {} }: GeminiRequest): GeminiRequest {
  return {
    method: 'countTokens',
    model,
    body: countBody(method, `models/${bareModel(model)}`, body),
  };
}

function countBody(method: Method, model: string, body: Body): Body {
  // What is embedded stands in other fields, and is counted as plain contents.
  if (method === 'embedContent') return { contents: [body.content ?? {}] };
  if (method === 'batchEmbedContents') {
    const requests = Array.isArray(body.requests) ? body.requests : [];
    return { contents: requests.flatMap((each) => (isObject(each) && each.content ? [each.content] : [])) };
  }
  const { contents } = body;
  // Turns of a conversation that the model is yet to fill have no parts, which the API refuses.
  const filled = Array.isArray(contents)
    ? { contents: contents.filter((turn) => !isObject(turn) || turn.parts !== undefined) }
    : {};
  return { generateContentRequest: { model, ...body, ...filled } };
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

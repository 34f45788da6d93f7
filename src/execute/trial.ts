import { classify } from '../gemini/errors.ts';
import { decodeReply, modelTurn } from '../gemini/decode.ts';
import type { Body, BodyValue, Exchange, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { Attempt, TrialRecord } from '../journal/record.ts';
import type { Case } from '../plan/case.ts';
import type { Clock } from './clock.ts';
import type { Pacer } from './pace.ts';

/** What a trial needs of its run. */
export interface TrialTools {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly retries: number;
  readonly pacer: (model: string | undefined) => Pacer | undefined;
  /** Aborted when no new call may start. */
  readonly stopping: AbortSignal;
  /** Aborted when calls in flight must end. */
  readonly ending: AbortSignal;
}

const backoffBaseMs = 500;
const backoffCapMs = 30_000;

/** Makes one trial: one call, or all calls of a conversation. Undefined if the run stopped before it settled. */
export async function makeTrial(
  asked: Case,
  trial: number,
  tools: TrialTools,
): Promise<TrialRecord | undefined> {
  const at = new Date(tools.clock.now()).toISOString();
  const attempts: Attempt[] = [];
  const exchanges: Exchange[] = [];
  const { request } = asked;
  const contents =
    request.asks.length > 0 && Array.isArray(request.body?.contents) ? [...request.body.contents] : undefined;
  const stops = contents ? [...request.asks] : [];
  if (contents && stops.at(-1) !== contents.length - 1) stops.push(contents.length);
  for (let call = 0; call < Math.max(1, stops.length); call++) {
    const stop = stops[call];
    const body =
      contents && stop !== undefined
        ? ({ ...request.body, contents: contents.slice(0, stop) } as Body)
        : request.body;
    const single: GeminiRequest = { ...request, ...(body === undefined ? {} : { body }) };
    const exchange = await callWithRetries(single, call, attempts, tools);
    if (!exchange) return undefined;
    exchanges.push(exchange);
    if (contents === undefined || stop === undefined || stop >= contents.length) continue;
    const turn = modelTurn(decodeReply(request.method, exchange));
    if (turn === undefined) break;
    contents[stop] = turn as BodyValue;
  }
  return {
    v: 1,
    type: 'trial',
    suite: asked.suite.name,
    case: asked.id,
    trial,
    fingerprint: asked.fingerprint,
    at,
    exchanges,
    attempts,
  };
}

async function callWithRetries(
  request: GeminiRequest,
  call: number,
  attempts: Attempt[],
  tools: TrialTools,
): Promise<Exchange | undefined> {
  const { clock, retries, transport, stopping, ending } = tools;
  const pacer = tools.pacer(request.model);
  const estimated = pacer ? Math.ceil(JSON.stringify(request.body ?? null).length / 4) : 0;
  for (let tried = 0; ; tried++) {
    await pacer?.take(estimated, stopping);
    if (stopping.aborted) return undefined;
    const started = clock.now();
    const exchange = await transport.call(request, ending);
    if (exchange.failure?.kind === 'cancelled') return undefined;
    const { kind, reason, retryAfterMs } = classify(exchange);
    if (pacer && kind === 'ok')
      pacer.settle(estimated, decodeReply(request.method, exchange).usage?.prompt ?? estimated);
    const again = kind === 'transient' && tried < retries;
    const cap = Math.min(backoffCapMs, backoffBaseMs * 2 ** tried);
    const waitedMs = again ? Math.round((retryAfterMs ?? 0) + clock.random() * cap) : 0;
    attempts.push({
      call,
      at: new Date(started).toISOString(),
      ms: exchange.totalMs,
      ...(exchange.status === undefined ? {} : { status: exchange.status }),
      ...(kind === 'ok' ? {} : { failed: reason ?? kind }),
      ...(again ? { waitedMs } : {}),
    });
    if (!again) return exchange;
    await clock.sleep(waitedMs, stopping);
    // A failure that would have been tried again is not this trial's answer.
    if (stopping.aborted) return undefined;
  }
}

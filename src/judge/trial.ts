import { judgesEnd, judgesMalformed } from '../assertions/compile.ts';
import type { Subject, TrialFacts } from '../assertions/kind.ts';
import { decodeReply } from '../gemini/decode.ts';
import { classify } from '../gemini/errors.ts';
import { isLost } from '../gemini/lost.ts';
import { withLongWait } from '../gemini/long-wait.ts';
import { isBilled } from '../gemini/methods.ts';
import { tokenCounts, type ApiError, type Candidate, type Reply, type TokenCounts } from '../gemini/reply.ts';
import { spentOn } from '../gemini/prices.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { asStored } from '../lib/redact.ts';
import type { TrialRecord } from '../journal/record.ts';
import { callsOf } from '../plan/calls.ts';
import type { Case } from '../plan/case.ts';
import { judgeAssertion } from './assertion.ts';
import type { AssertionResult, CandidateResult, TrialResult, TurnResult } from './results.ts';

/** Judges one trial of a case. */
export async function judgeRecord(asked: Case, record: TrialRecord): Promise<TrialResult> {
  const replies = record.exchanges.map((exchange) => decodeReply(asked.method, exchange));
  const reply = replies.at(-1);
  if (!reply) throw new Error(`the journal holds a trial of ${asked.id} without an exchange`);
  const judged = replies.length === 1 ? reply : withWholeLatency(reply, replies);
  const infrastructure = isInfrastructure(asked, judged);
  let assertions: AssertionResult[] = [];
  const trial = factsOf(asked, record, replies);
  const subjects: readonly Subject[] =
    judged.candidates.length > 0
      ? judged.candidates.map((candidate) => ({ reply: judged, candidate, trial }))
      : [{ reply: judged, trial }];
  if (!infrastructure)
    for (const assertion of asked.assertions) {
      const came = judgeAssertion(assertion, subjects);
      assertions.push(came instanceof Promise ? await came : came);
    }
  const failed = assertions.some(({ verdict, severity }) => verdict !== 'passed' && severity === 'error');
  // What nothing demands anything of must at least have been answered.
  const unanswered =
    asked.assertions.every(({ severity }) => severity === 'warn') &&
    !['answered', 'calledTool'].includes(judged.outcome);
  const early = infrastructure || failed ? undefined : whereBrokenOff(asked, judged, replies.length);
  const missed = failed || unanswered || early !== undefined;
  const unjudged = infrastructure || (missed && isOfTheMoment(record, judged));
  if (unjudged) assertions = [];
  return {
    verdict: unjudged ? 'errored' : missed ? 'failed' : 'passed',
    outcome: judged.outcome,
    candidates: judged.candidates.map(candidateResult),
    assertions,
    volatile: {
      trial: record.trial,
      at: record.at,
      totalMs: judged.latency.totalMs,
      attempts: record.attempts.length,
      waitedMs: record.attempts.reduce((sum, { waitedMs = 0 }) => sum + waitedMs, 0),
      retried: retriesIn(record),
      firstTokenMs: judged.latency.firstTokenMs,
      chunks: judged.chunks,
      responseId: judged.responseId,
      from: record.from,
      usd: spentOnTrial(asked, record, replies),
      lost: lostIn(record),
    },
    error: judged.error && unjudged ? withWait(judged.error, record) : judged.error,
    problem: judged.problem ?? (unjudged ? undefined : early),
    blockReason: judged.blockReason,
    promptSafety: judged.promptSafetyRatings,
    modelVersion: judged.modelVersion,
    usage: sumUsage(replies),
    response: digestOf(judged),
    turns: callsOf(asked) > 1 ? replies.map(turnResult) : undefined,
  };
}

/** The error of a trial that was given up, with the wait for which it was. */
function withWait(error: ApiError, { exchanges }: TrialRecord): ApiError {
  const exchange = exchanges.at(-1);
  return exchange ? { ...error, message: withLongWait(error.message, exchange) } : error;
}

/** The last reply of a conversation, which took as long as all its calls together. */
function withWholeLatency(last: Reply, replies: readonly Reply[]): Reply {
  const totalMs = replies.reduce((sum, { latency }) => sum + latency.totalMs, 0);
  return { ...last, latency: { ...last.latency, totalMs } };
}

/**
 * USD of the replies that a trial got: nothing where nothing was asked, or what was asked is free; undefined where it is
 * not known. Lost ones are counted apart.
 */
function spentOnTrial(
  asked: Case,
  { at, from, exchanges }: TrialRecord,
  replies: readonly Reply[],
): number | undefined {
  if (from !== undefined || !isBilled(asked)) return 0;
  // A refusal costs nothing, and says nothing of usage; nor does a call that reached nobody.
  const paid = replies.filter((reply, call) => {
    const exchange = exchanges[call];
    return reply.error === undefined && exchange !== undefined && !isLost(asked, exchange);
  });
  return spentOn(paid, asked.model ?? '', at, asked.suite.prices);
}

function factsOf(asked: Case, { at }: TrialRecord, calls: readonly Reply[]): TrialFacts {
  const { suite, model, id } = asked;
  const approved = suite.snapshots?.get(asStored(id))?.texts;
  return {
    at,
    calls,
    root: suite.root,
    ...(approved ? { approved } : {}),
    ...(model === undefined ? {} : { model }),
    ...(suite.prices ? { prices: suite.prices } : {}),
  };
}

/** How many of a trial's calls were sent and got no whole reply. */
function lostIn({ attempts }: TrialRecord): number | undefined {
  const lost = attempts.filter((each) => each.lost).length;
  return lost > 0 ? lost : undefined;
}

/** What a trial's retries were for, and how long each was waited for. */
function retriesIn({ attempts }: TrialRecord): TrialResult['volatile']['retried'] {
  const retried = attempts.filter(({ waitedMs }) => waitedMs !== undefined);
  return retried.length === 0 ? undefined : retried.map(({ at: _at, ...told }) => told);
}

/** A failed or malformed reply says nothing of the prompt, unless the case asks about just that. */
function isInfrastructure(asked: Case, { outcome }: Reply): boolean {
  if (outcome === 'apiError') return !asked.judgesErrors;
  return outcome === 'malformed' && !asked.assertions.some(({ args, kind }) => judgesMalformed(kind, args));
}

/**
 * A failed call that may go well at another time, or with another key, says nothing of the prompt either, whatever its case
 * asserts of errors: it may be just what is asserted, but it can't be a failure.
 */
function isOfTheMoment({ exchanges }: TrialRecord, { error }: Reply): boolean {
  const last = exchanges.at(-1);
  if (!last) return false;
  // UNAUTHENTICATED is about the caller, as the reasons of a key are.
  return (
    last.failure !== undefined || error?.code === 401 || ['transient', 'fatal'].includes(classify(last).kind)
  );
}

/** Where a conversation ended before its last turn was asked, unless an assertion is about just that. */
function whereBrokenOff(asked: Case, { outcome, candidates }: Reply, made: number): string | undefined {
  const calls = asked.request.asks.length === 0 ? 1 : callsOf(asked);
  if (made >= calls) return undefined;
  const finishReason = candidates[0]?.finishReason;
  const isAsserted = asked.assertions.some(
    ({ kind, args, severity }) => severity === 'error' && judgesEnd(kind, args, finishReason),
  );
  return isAsserted ? undefined : `the conversation ended with call ${made} of ${calls}: ${outcome}`;
}

function candidateResult({
  finishReason,
  finishMessage,
  text,
  thoughts,
  functionCalls,
  safetyRatings,
}: Candidate): CandidateResult {
  return {
    finishReason,
    finishMessage,
    text,
    thoughts,
    functionCalls:
      functionCalls.length === 0 ? undefined : functionCalls.map(({ name, args }) => ({ name, args })),
    safety: safetyRatings,
  };
}

function turnResult(reply: Reply): TurnResult {
  const [candidate] = reply.candidates;
  return {
    outcome: reply.outcome,
    ...(candidate ? candidateResult(candidate) : {}),
    blockReason: reply.blockReason,
    usage: sumUsage([reply]),
  };
}

/** The counts of all calls together, always in the same order: the calls of a conversation may give different ones. */
function sumUsage(replies: readonly Reply[]): TokenCounts | undefined {
  const sums: { -readonly [Name in keyof TokenCounts]: TokenCounts[Name] } = {};
  let any = false;
  for (const name of tokenCounts)
    for (const { usage } of replies) {
      const given = usage?.[name];
      if (given === undefined) continue;
      sums[name] = (sums[name] ?? 0) + given;
      any = true;
    }
  return any ? sums : undefined;
}

/** What a reader wants of a reply without candidates, in stable words. */
function digestOf({ kind, raw, vectors, usage, error }: Reply): JsonValue | undefined {
  if (error || kind === 'generation') return undefined;
  if (kind === 'count') return usage?.total === undefined ? undefined : { totalTokens: usage.total };
  if (kind === 'embedding') {
    const norm = (vector: readonly number[]): number =>
      Number(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)).toPrecision(6));
    return (vectors ?? []).map((vector) => ({ dimensions: vector.length, norm: norm(vector) }));
  }
  if (kind === 'models')
    return { models: isObject(raw) && Array.isArray(raw.models) ? raw.models.length : 0 };
  if (!isObject(raw)) return undefined;
  const fields = ['name', 'displayName', 'inputTokenLimit', 'outputTokenLimit'].flatMap((field) =>
    raw[field] === undefined ? [] : [[field, raw[field]] as const],
  );
  return Object.fromEntries(fields) as JsonValue;
}

import type { TrialFacts } from '../assertions/kind.ts';
import { decodeReply } from '../gemini/decode.ts';
import { numberOf, textOf } from '../gemini/lenient.ts';
import { isLost } from '../gemini/lost.ts';
import { answering } from '../gemini/outcome.ts';
import { withLongWait } from '../gemini/long-wait.ts';
import { isBilled } from '../gemini/methods.ts';
import { tokenCounts, type ApiError, type Candidate, type Reply, type TokenCounts } from '../gemini/reply.ts';
import { spentOn } from '../gemini/prices.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { asStored } from '../lib/redact.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { whyNoAnswer, type NoAnswer } from '../plan/answer.ts';
import { callsOf } from '../plan/calls.ts';
import type { BoundAssertion, Case } from '../plan/case.ts';
import { judgeAssertion, type View } from './assertion.ts';
import { partResults } from './parts.ts';
import { isHeld } from './why.ts';
import type { AssertionResult, CandidateResult, CitationResult, TrialResult, TurnResult } from './results.ts';

/** Judges one trial of a case. */
export async function judgeRecord(asked: Case, record: TrialRecord): Promise<TrialResult> {
  const replies = record.exchanges.map((exchange) => decodeReply(asked.method, exchange));
  const reply = replies.at(-1);
  if (!reply) throw new Error(`the journal holds a trial of ${asked.id} without an exchange`);
  const judged = replies.length === 1 ? reply : withWholeLatency(reply, replies);
  const noAnswer = firstWithoutAnswer(asked, record, replies);
  // A failed or malformed reply says nothing of the prompt, unless the case is about just that.
  const unjudged = noAnswer?.outcome === 'apiError' || noAnswer?.outcome === 'malformed';
  const assertions: AssertionResult[] = [];
  if (noAnswer && !unjudged) assertions.push(answerResult(noAnswer, asked.test.place));
  if (!unjudged) {
    const views = createViews(asked, factsOf(asked, record, replies), replies, judged);
    for (const assertion of asked.assertions) {
      const came = judgeAssertion(assertion, views(assertion.turn));
      assertions.push(came instanceof Promise ? await came : came);
    }
  }
  return {
    verdict: unjudged ? 'errored' : assertions.every(isHeld) ? 'passed' : 'failed',
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
    problem: judged.problem,
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

/** The first call of a trial whose reply is no answer that its case allows. */
function firstWithoutAnswer(
  asked: Case,
  { exchanges }: TrialRecord,
  replies: readonly Reply[],
): NoAnswer | undefined {
  for (const [call, reply] of replies.entries()) {
    const exchange = exchanges[call];
    const found = exchange && whyNoAnswer(asked, call, exchange, reply);
    if (found) return found;
  }
  return undefined;
}

/** The assertion that every case has without writing it; results hold it only where it was missed. */
function answerResult({ message, expected, actual }: NoAnswer, place: Place): AssertionResult {
  return {
    assertion: 'answer',
    kind: 'answer',
    severity: 'error',
    guardrail: false,
    verdict: 'failed',
    message,
    expected,
    actual,
    place,
  };
}

/** What the assertions of a trial look at, by their turn; `whole` is the last reply with the latency of the whole trial. */
function createViews(
  asked: Case,
  facts: TrialFacts,
  replies: readonly Reply[],
  whole: Reply,
): (turn: BoundAssertion['turn']) => readonly View[] {
  const calls = callsOf(asked);
  const viewsOf = (number: number, which: string): View[] => {
    const reply = replies[number - 1];
    return reply
      ? viewsOfReply(reply, { ...facts, calls: [reply] }, which)
      : [{ which: '', unreached: unreached(number, replies) }];
  };
  const last =
    replies.length < calls
      ? [{ which: '', unreached: unreached(calls, replies) }]
      : viewsOfReply(whole, facts, '');
  return (turn) => {
    if (turn === undefined) return last;
    if (turn !== 'all') return viewsOf(turn, '');
    const numbers = Array.from({ length: calls }, (_, index) => index + 1);
    return numbers.flatMap((number) => viewsOf(number, calls > 1 ? `turn ${number}: ` : ''));
  };
}

function viewsOfReply(reply: Reply, trial: TrialFacts, which: string): View[] {
  const { candidates } = reply;
  if (candidates.length === 0) return [{ which, subject: { reply, trial } }];
  return candidates.map((candidate, index) => ({
    which: candidates.length > 1 ? `${which}candidate ${index}: ` : which,
    subject: { reply, candidate, trial },
  }));
}

function unreached(number: number, replies: readonly Reply[]): string {
  const outcome = replies.at(-1)?.outcome;
  const isAnswer = outcome !== undefined && answering.includes(outcome);
  const why = isAnswer
    ? `the conversation ended at turn ${replies.length}`
    : `turn ${replies.length} was ${outcome}`;
  return `turn ${number} was not reached: ${why}`;
}

function candidateResult(candidate: Candidate): CandidateResult {
  const { finishReason, finishMessage, text, thoughts, functionCalls, citations, grounding, safetyRatings } =
    candidate;
  return {
    finishReason,
    finishMessage,
    text,
    thoughts,
    functionCalls:
      functionCalls.length === 0 ? undefined : functionCalls.map(({ name, args }) => ({ name, args })),
    parts: partResults(candidate),
    citations: citations?.map(citationResult),
    grounding,
    safety: safetyRatings,
  };
}

function citationResult({ uri, title, license, startIndex, endIndex }: JsonObject): CitationResult {
  return {
    uri: textOf(uri),
    title: textOf(title),
    license: textOf(license),
    startIndex: numberOf(startIndex),
    endIndex: numberOf(endIndex),
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

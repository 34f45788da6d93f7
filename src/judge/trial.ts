import type { TrialFacts } from '../assertions/kind.ts';
import { readExchange, type CallResult } from '../gemini/call-result.ts';
import { answering } from '../gemini/outcome.ts';
import { withLongWait } from '../gemini/retry-hints.ts';
import { isBilled } from '../gemini/methods.ts';
import type { ApiError, Reply } from '../gemini/reply.ts';
import { spentOn } from '../gemini/prices.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { asStored } from '../lib/redact.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { sourceOf } from '../diagnostics/position.ts';
import { whyNoAnswer, type NoAnswer } from '../plan/answer.ts';
import { callsOf } from '../gemini/request-facts.ts';
import type { BoundAssertion, Case } from '../plan/case.ts';
import { candidateResult, sumUsage, turnResult } from './answer.ts';
import { createCompiler, judgeAssertion, type View } from './assertion.ts';
import type { JudgedAssertion, JudgedTrial, VolatileFacts } from './results.ts';
import { verdictOfTrial } from './verdict.ts';

/** Judges one trial of a case; `results` are those of its calls, where they have been read already. */
export async function judgeRecord(
  testCase: Case,
  record: TrialRecord,
  compiler = createCompiler(),
  results: readonly CallResult[] = record.exchanges.map((each) => readExchange(testCase.method, each)),
): Promise<JudgedTrial> {
  const replies = results.map((each) => each.reply);
  const last = replies.at(-1);
  if (!last) throw new Error(`the journal holds a trial of ${testCase.id} without an exchange`);
  const reply = replies.length === 1 ? last : withWholeLatency(last, replies);
  const noAnswer = firstWithoutAnswer(testCase, results);
  // A failed or malformed reply says nothing of the prompt, unless the case is about just that.
  const unjudged = noAnswer?.outcome === 'apiError' || noAnswer?.outcome === 'malformed';
  const judged: JudgedAssertion[] = [];
  if (noAnswer && !unjudged) judged.push(answerResult(noAnswer, testCase.test.place));
  if (!unjudged) {
    const views = createViews(testCase, factsOf(testCase, record, replies), replies, reply);
    for (const assertion of testCase.assertions) {
      const result = judgeAssertion(compiler, assertion, views(assertion.turn));
      judged.push(result instanceof Promise ? await result : result);
    }
  }
  const assertions = judged.map(({ result }) => result);
  return {
    result: {
      verdict: unjudged ? 'errored' : verdictOfTrial(assertions),
      outcome: reply.outcome,
      error: reply.error && unjudged ? withWait(reply.error, results) : reply.error,
      problem: reply.problem,
      blockReason: reply.blockReason,
      promptSafety: reply.promptSafetyRatings,
      modelVersion: reply.modelVersion,
      usage: sumUsage(replies),
      response: digestOf(reply),
      turns: callsOf(testCase) > 1 ? replies.map(turnResult) : undefined,
      candidates: reply.candidates.map(candidateResult),
      assertions,
    },
    volatile: volatileFacts(testCase, record, results, reply),
    details: judged.map(({ details }) => details),
  };
}

function volatileFacts(
  testCase: Case,
  record: TrialRecord,
  results: readonly CallResult[],
  { latency, chunks, responseId }: Reply,
): VolatileFacts {
  return {
    trial: record.trial,
    at: record.at,
    totalMs: latency.totalMs,
    attempts: record.attempts.length,
    waitedMs: record.attempts.reduce((sum, { waitedMs = 0 }) => sum + waitedMs, 0),
    retried: retriesIn(record),
    firstTokenMs: latency.firstTokenMs,
    chunks,
    responseId,
    from: record.from,
    usd: spentOnTrial(testCase, record, results),
    lost: lostIn(record),
  };
}

/** The error of a trial that was given up, with the wait for which it was. */
function withWait(error: ApiError, results: readonly CallResult[]): ApiError {
  const last = results.at(-1);
  return last ? { ...error, message: withLongWait(error.message, last.classification) } : error;
}

/** The last reply of a conversation, which took as long as all its calls together. */
function withWholeLatency(last: Reply, replies: readonly Reply[]): Reply {
  const totalMs = replies.reduce((sum, { latency }) => sum + latency.totalMs, 0);
  return { ...last, latency: { ...last.latency, totalMs } };
}

/**
 * USD of the replies that a trial got: 0 where nothing was sent, or the call is free; undefined where it is
 * not known. Lost ones are counted apart.
 */
function spentOnTrial(
  testCase: Case,
  { at, from }: TrialRecord,
  results: readonly CallResult[],
): number | undefined {
  if (from !== undefined || !isBilled(testCase)) return 0;
  // A refused call costs nothing, and so does one that did not reach the API.
  const paid = results.flatMap(({ reply, costUnknown }) => (reply.error || costUnknown ? [] : [reply]));
  return spentOn(paid, testCase.model ?? '', at, testCase.suite.prices);
}

function factsOf(testCase: Case, { at }: TrialRecord, calls: readonly Reply[]): TrialFacts {
  const { suite, model, id } = testCase;
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
function retriesIn({ attempts }: TrialRecord): VolatileFacts['retried'] {
  const retried = attempts.filter(({ waitedMs }) => waitedMs !== undefined);
  return retried.length === 0 ? undefined : retried.map(({ at: _at, ...facts }) => facts);
}

/** The first call of a trial whose reply is no answer that its case allows. */
function firstWithoutAnswer(testCase: Case, results: readonly CallResult[]): NoAnswer | undefined {
  for (const [call, result] of results.entries()) {
    const found = whyNoAnswer(testCase, call, result);
    if (found) return found;
  }
  return undefined;
}

/** The assertion that every case has implicitly; results list it only if it failed. */
function answerResult({ message, expected, actual }: NoAnswer, place: SourceRange): JudgedAssertion {
  return {
    result: {
      assertion: 'answer',
      kind: 'answer',
      verdict: 'failed',
      message,
      source: sourceOf(place),
    },
    details: { place, expected, actual },
  };
}

/** The replies for the assertions of a trial, by turn; `whole` is the last reply with the latency of the whole trial. */
function createViews(
  testCase: Case,
  facts: TrialFacts,
  replies: readonly Reply[],
  whole: Reply,
): (turn: BoundAssertion['turn']) => readonly View[] {
  const calls = callsOf(testCase);
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

import { readExchange, type CallResult } from '../gemini/call-result.ts';
import { openTurns } from '../gemini/conversation.ts';
import { modelTurn } from '../gemini/decode.ts';
import type { Exchange } from '../gemini/request.ts';
import { journalVersion, type Attempt, type TrialRecord, type TurnRecord } from '../journal/record.ts';
import { alteredIn } from '../lib/written-number.ts';
import { whyNoAnswer } from '../plan/answer.ts';
import { callsOf } from '../gemini/request-facts.ts';
import type { Case } from '../plan/case.ts';
import type { LiveCall } from './live-call.ts';

/** A call of a conversation that was made before the run broke off. */
export type BegunCall = Pick<TurnRecord, 'exchange' | 'attempts'>;

/** A trial that settled: what the journal keeps of it, and the results of its calls. */
export interface Trial {
  readonly record: TrialRecord;
  readonly results: readonly CallResult[];
}

export interface TrialOptions {
  /** When the trial began: ISO 8601, UTC. */
  readonly at: string;
  readonly liveCall: LiveCall;
  /** Calls of this conversation that an earlier run had made when it ended. */
  readonly begun: readonly BegunCall[] | undefined;
  /** Journals every call of a conversation but the last, so that what was paid for outlives the run. */
  readonly onTurn: (record: TurnRecord) => Promise<unknown>;
  /** Called with the number of calls that were sent and whose trial does not settle: their cost is not known. */
  readonly onLost: (calls: number) => void;
}

/** Makes one trial: one call, or all calls of a conversation. Undefined if the run stopped before it settled. */
export async function makeTrial(
  testCase: Case,
  trial: number,
  { at, liveCall, begun = [], onTurn, onLost }: TrialOptions,
): Promise<Trial | undefined> {
  const { request, suite, id, fingerprint } = testCase;
  const attempts: Attempt[] = [];
  const results: CallResult[] = [];
  const turns = openTurns(request);
  const calls = callsOf(testCase);
  for (let call = 0; call < calls; call++) {
    const earlier = begun[call];
    const made = earlier
      ? { result: readExchange(request.method, earlier.exchange), attempts: earlier.attempts }
      : await liveCall(testCase, turns.request(call));
    if (!made.result) {
      // The attempts of earlier calls are in the records of their turns.
      onLost(made.attempts.filter(({ lost }) => lost).length);
      return undefined;
    }
    const { result } = made;
    const ownAttempts = made.attempts.map((attempt) => ({ call, ...attempt }));
    attempts.push(...ownAttempts);
    results.push(result);
    if (call === calls - 1) break;
    const { exchange, reply } = result;
    const turn = whyNoAnswer(testCase, call, result) ? undefined : modelTurn(reply);
    if (turn === undefined) break;
    const number = alteredIn(turn);
    if (number !== undefined) {
      results.push(readExchange(request.method, notSentBack(number)));
      break;
    }
    turns.fill(call, reply);
    if (!earlier)
      await onTurn({
        v: journalVersion,
        type: 'turn',
        suite: suite.name,
        case: id,
        trial,
        fingerprint,
        call,
        exchange,
        attempts: ownAttempts,
      });
  }
  const exchanges = results.map(({ exchange }) => exchange);
  return { record: trialRecord(testCase, trial, { at, exchanges, attempts }), results };
}

/** The journal's record of a trial of a case. */
export function trialRecord(
  { suite, id, fingerprint }: Pick<Case, 'suite' | 'id' | 'fingerprint'>,
  trial: number,
  settled: Pick<TrialRecord, 'at' | 'exchanges' | 'attempts' | 'from'>,
): TrialRecord {
  return { v: journalVersion, type: 'trial', suite: suite.name, case: id, trial, fingerprint, ...settled };
}

/** What becomes of a call whose history would hold another number than the model wrote: it is not made. */
function notSentBack(number: string): Exchange {
  const message = `the model's turn holds the number ${number}, which has more digits than a double keeps: sent back, it would be another`;
  return { failure: { kind: 'inexact-number', message, unsent: true }, totalMs: 0 };
}

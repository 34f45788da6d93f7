import type { AssertionResult, CandidateResult, CaseRecord, TrialResult } from './case-record.ts';
import { isHeld, lostInWords } from './verdict.ts';

/** A reason why a case did not pass. May contain texts of a model. */
export interface Reason {
  /** The assertion's kind, the status of a failed call (`RESOURCE_EXHAUSTED`), or an outcome. */
  readonly type: string;
  readonly message: string;
  /** path:line:column of the assertion, else of the test. */
  readonly source: string;
  /** The assertion as written; absent where none was missed. */
  readonly assertion?: string;
  readonly guardrail: boolean;
  /** How the reply ended, in the API's words, where that is not just STOP and no message says it. */
  readonly ended?: string;
  /** Which trial of the record missed which of its assertions; absent where none was missed. */
  readonly at?: { readonly trial: number; readonly assertion: number };
}

/** Why a case did not pass, each reason once, in the order of the trials and assertions. */
export function reasonsOf(record: CaseRecord): Reason[] {
  const { source, trials } = record;
  const reasons: Reason[] = [];
  const other = (type: string, message: string): void =>
    void reasons.push({ type, message, source, guardrail: false });
  for (const [index, trial] of trials.entries()) {
    const { verdict, outcome, problem, assertions } = trial;
    if (verdict === 'errored') {
      const { type, message } = callError(trial);
      other(type, message);
    }
    const misses = [...assertions.entries()].filter(([, result]) => !isHeld(result));
    const ended = endsOf(trial)
      .filter((end) => !misses.some(([, { message }]) => message.includes(end)))
      .join('; ');
    for (const [nth, [number, result]] of misses.entries())
      reasons.push({
        ...miss(result, index, number),
        ...(nth === 0 && ended !== '' ? { ended } : {}),
      });
    // Version 1 failed a trial that got no answer without an assertion that says so.
    if (verdict === 'failed' && misses.length === 0) other(outcome, problem ?? `no answer: ${outcome}`);
  }
  const missing = lostInWords(record);
  if (missing !== undefined) other('notAsked', missing);
  return once(reasons);
}

/** The `severity: warn` assertions that a case missed, each once, as the last trial says it. */
export function warningReasonsOf({ trials }: CaseRecord): Reason[] {
  const warned = new Map<string, Reason>();
  for (const [index, { assertions }] of trials.entries())
    for (const [number, result] of assertions.entries())
      if (result.verdict !== 'passed' && result.severity === 'warn')
        warned.set(`${result.assertion}\0${result.source}`, miss(result, index, number));
  return [...warned.values()];
}

function once(reasons: readonly Reason[]): Reason[] {
  const found = new Map<string, Reason>();
  for (const reason of reasons) {
    const key = JSON.stringify([reason.assertion, reason.message, reason.source]);
    if (!found.has(key)) found.set(key, reason);
  }
  return [...found.values()];
}

function miss(
  { kind, assertion, message, source, guardrail }: AssertionResult,
  trial: number,
  number: number,
): Reason {
  return {
    type: kind,
    message,
    source,
    assertion,
    guardrail: guardrail === true,
    at: { trial, assertion: number },
  };
}

function callError({ error, problem, outcome }: TrialResult): Pick<Reason, 'type' | 'message'> {
  if (!error) return { type: outcome, message: problem ?? 'the reply could not be read' };
  const type = error.status ?? error.transport ?? 'error';
  return { type, message: `${type}: ${error.message}` };
}

/** `OTHER: the model stopped`: how a candidate ended, in the API's words; undefined where it says nothing but STOP. */
function endInWords({ finishReason, finishMessage }: CandidateResult): string | undefined {
  if ((finishReason ?? 'STOP') === 'STOP' && finishMessage === undefined) return undefined;
  return [finishReason ?? 'no finishReason', finishMessage].filter((each) => each !== undefined).join(': ');
}

/** How the candidates of a trial, and the turns before them, ended where that is not just STOP; each once. */
export function endsOf({ turns = [], candidates }: TrialResult): string[] {
  const earlier = turns.slice(0, -1).flatMap((turn, index) => {
    const end = endInWords(turn);
    return end === undefined ? [] : [`turn ${index + 1}: ${end}`];
  });
  return [...new Set([...earlier, ...candidates.flatMap((each) => endInWords(each) ?? [])])];
}

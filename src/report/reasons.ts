import type { Place } from '../diagnostics/diagnostic.ts';
import type { AssertionResult, CaseResult, TrialResult } from '../judge/results.ts';
import { isHeld, notMade } from '../judge/why.ts';
import { cut } from './cut.ts';
import { endsOf } from './parts.ts';
import { sourceOf } from './source-of.ts';

/** Characters of an expected or actual text that a report for machines shows. */
const mostCharacters = 4_000;

/** One thing that kept a case from passing. Texts may hold what a model wrote. */
export interface Reason {
  /** What kind of fault: the assertion's kind, the status of a failed call (`RESOURCE_EXHAUSTED`), or an outcome. */
  readonly type: string;
  readonly message: string;
  /** The line of YAML to look at: the assertion's, else the test's. */
  readonly place: Place;
  /** The assertion as written; absent where no assertion was at fault. */
  readonly assertion?: string;
  readonly guardrail: boolean;
  /** How the reply ended, in the API's words, where that is not just STOP and no message says it. */
  readonly ended?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** A figure that differs from run to run. */
  readonly figure?: string;
}

/** Why a case did not pass, each reason once, in the order in which the trials and assertions stand. */
export function reasonsOf(each: CaseResult): Reason[] {
  const reasons = new Map<string, Reason>();
  const add = (reason: Reason): void => {
    const key = JSON.stringify([reason.assertion, reason.message, sourceOf(reason.place)]);
    if (!reasons.has(key)) reasons.set(key, reason);
  };
  const { place, trials } = each;
  for (const trial of trials) {
    if (trial.verdict === 'errored') add({ ...callFault(trial), place, guardrail: false });
    const misses = trial.assertions.filter((result) => !isHeld(result));
    const ended = endsOf(trial)
      .filter((end) => !misses.some(({ message }) => message.includes(end)))
      .join('; ');
    for (const [index, result] of misses.entries())
      add({ ...missed(result), ...(index === 0 && ended !== '' ? { ended } : {}) });
  }
  const problem = notMade(each);
  if (problem !== undefined) add({ type: 'notAsked', message: problem, place, guardrail: false });
  return [...reasons.values()];
}

/** The `severity: warn` assertions that a case missed, each once. */
export function warningsOf({ trials }: CaseResult): Reason[] {
  const warned = new Map<string, Reason>();
  for (const { assertions } of trials)
    for (const result of assertions)
      if (result.verdict !== 'passed' && result.severity === 'warn')
        warned.set(`${result.assertion}\0${sourceOf(result.place)}`, missed(result));
  return [...warned.values()];
}

/** A reason in one line: `suites/a.yaml:12:5: contains: backpack: the text does not have it`. */
function reasonText({ place, assertion, message }: Reason): string {
  return [sourceOf(place), assertion, message].filter((part) => part !== undefined).join(': ');
}

/** A reason in {@link reasonText}'s line, and what was expected and found below it. */
export function reasonBlock(reason: Reason): string {
  const { expected, actual, ended } = reason;
  return [
    reasonText(reason),
    ...(ended === undefined ? [] : [`  finishReason: ${cut(ended, mostCharacters)}`]),
    ...(expected === undefined ? [] : [`  expected: ${cut(expected, mostCharacters)}`]),
    ...(actual === undefined ? [] : [`  actual: ${cut(actual, mostCharacters)}`]),
  ].join('\n');
}

function callFault({ error, problem, outcome }: TrialResult): Pick<Reason, 'type' | 'message'> {
  if (!error) return { type: outcome, message: problem ?? 'the reply could not be read' };
  const type = error.status ?? error.transport ?? 'error';
  return { type, message: `${type}: ${error.message}` };
}

function missed(result: AssertionResult): Reason {
  const { kind, assertion, message, place, guardrail, expected, actual, figure } = result;
  return {
    type: kind,
    message,
    place,
    assertion,
    guardrail,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    ...(figure === undefined ? {} : { figure }),
  };
}

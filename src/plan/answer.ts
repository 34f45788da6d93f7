import { admittedBy } from '../assertions/compile.ts';
import { outcomeOf } from '../assertions/evaluation.ts';
import { momentaryError, type CallResult } from '../gemini/call-result.ts';
import { answering } from '../gemini/outcome.ts';
import type { Outcome } from '../gemini/reply.ts';
import { callsOf, respondedTo } from '../gemini/request-facts.ts';
import type { BoundAssertion, Case } from './case.ts';

/** Why a reply is no answer that its case allows. */
export interface NoAnswer {
  readonly outcome: Outcome;
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Passing needs an answer: the outcome of every candidate is an answer, or one that the case's assertions admit. Of an
 * earlier turn of a conversation `calledTool` where function responses follow, else `answered`. Undefined where that
 * holds. `call` counts from 0.
 */
export function whyNoAnswer(
  testCase: Pick<Case, 'assertions' | 'request'>,
  call: number,
  result: CallResult,
): NoAnswer | undefined {
  const { reply } = result;
  const calls = callsOf(testCase);
  const isLast = call >= calls - 1;
  const responses = isLast ? undefined : respondedTo(testCase, call);
  const usual: readonly Outcome[] = isLast ? answering : [responses ? 'calledTool' : 'answered'];
  const allowed = new Set([...usual, ...admitted(testCase, call + 1, calls, result)]);
  const expected = [...allowed].join(' or ');
  const where = calls > 1 ? `turn ${call + 1} of ${calls}: ` : '';
  const candidates = reply.candidates.length > 0 ? reply.candidates : [undefined];
  for (const [index, candidate] of candidates.entries()) {
    const outcome = candidate?.outcome ?? reply.outcome;
    const at = candidates.length > 1 ? `${where}candidate ${index}: ` : where;
    const called = candidate?.functionCalls.map(({ name }) => name) ?? [];
    if (!allowed.has(outcome)) {
      const message = answering.includes(outcome)
        ? callsInWords(called, responses ?? [])
        : `no answer: ${outcomeOf({ reply, ...(candidate ? { candidate } : {}) })}`;
      return { outcome, message: at + message, expected, actual: outcome };
    }
    if (responses && outcome === 'calledTool' && !sameNames(called, responses))
      return {
        outcome,
        message: at + callsInWords(called, responses),
        expected: responses.join('\n'),
        actual: called.join('\n'),
      };
  }
  return undefined;
}

/** Whether an assertion admits failed calls at some turn, so that an error is the reply that is judged. */
export function judgesErrors(
  assertions: readonly Pick<BoundAssertion, 'kind' | 'args' | 'severity'>[],
): boolean {
  return assertions.some((each) => isDecisive(each) && admittedBy(each.kind, each.args).includes('apiError'));
}

/** True of an assertion that judges a turn, counted from 1; without a turn of its own it judges the last. */
function isAbout({ turn }: Pick<BoundAssertion, 'turn'>, number: number, calls: number): boolean {
  return turn === 'all' || (turn ?? calls) === number;
}

const isDecisive = ({ severity }: Pick<BoundAssertion, 'severity'>): boolean => severity === 'error';

function admitted(
  { assertions }: Pick<Case, 'assertions'>,
  turn: number,
  calls: number,
  result: CallResult,
): Outcome[] {
  const momentary = momentaryError(result);
  return assertions
    .filter((each) => isDecisive(each) && isAbout(each, turn, calls))
    .flatMap(({ kind, args }) => admittedBy(kind, args, momentary));
}

function callsInWords(called: readonly string[], responses: readonly string[]): string {
  const calls = called.length > 0 ? called.join(', ') : 'no function';
  return responses.length > 0
    ? `the model called ${calls}; the prompt responds to ${responses.join(', ')}`
    : `the model called ${calls}; the prompt has no function response`;
}

function sameNames(called: readonly string[], responses: readonly string[]): boolean {
  return called.toSorted().join('\0') === responses.toSorted().join('\0');
}

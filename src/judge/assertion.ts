import { compileEntry, labelOf } from '../assertions/compile.ts';
import { cannotTell } from '../assertions/evaluation.ts';
import type { Check, Evaluation, Subject } from '../assertions/kind.ts';
import type { JsonValue } from '../lib/json.ts';
import { scoped } from '../lib/scope.ts';
import { showUnseen } from '../lib/visible.ts';
import type { BoundAssertion } from '../plan/case.ts';
import type { AssertionResult } from './results.ts';

/** Checks of constant assertions, compiled once for all cases: by their arguments' identity, or their value. */
const byIdentity = new WeakMap<object, Map<string, Check>>();
const byValue = scoped(() => new Map<string, Check>());
const valueKey = (kind: string, args: JsonValue): string => `${kind}\0${JSON.stringify(args)}`;

function known({ kind, args, constant }: BoundAssertion): Check | undefined {
  if (!constant) return undefined;
  return typeof args === 'object' && args !== null
    ? byIdentity.get(args)?.get(kind)
    : byValue().get(valueKey(kind, args));
}

async function compile({ kind, args, constant }: BoundAssertion): Promise<Check> {
  const check = await compileEntry(kind, args, () => undefined);
  // Planning compiled every assertion: one that fails now is a programming error.
  if (!check) throw new Error(`the assertion ${labelOf(kind, args)} does not compile`);
  if (!constant) return check;
  if (typeof args !== 'object' || args === null) byValue().set(valueKey(kind, args), check);
  else {
    const kinds = byIdentity.get(args) ?? new Map<string, Check>();
    kinds.set(kind, check);
    byIdentity.set(args, kinds);
  }
  return check;
}

/** A reply that breaks one assertion must not take the run with it, nor what other cases were answered. */
function whyBroken(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (error instanceof RangeError || name.includes('Recursion'))
    return 'the answer is nested too deeply to be looked at, or the schema leads back to itself';
  return `the assertion broke off: ${error instanceof Error ? error.message : String(error)}`;
}

/** A reply, seen through one of its candidates, or why there is none to see; `which` begins what is said of it. */
export type View = { readonly which: string } & (
  | { readonly subject: Subject }
  | { readonly unreached: string }
);

/**
 * Judges one assertion of every view, the candidates of a reply or of several turns: the worst that comes of one is what comes of it. Most checks answer
 * at once, and so does this: a turn of the loop for each would be most of the time that judging takes.
 */
export function judgeAssertion(
  assertion: BoundAssertion,
  views: readonly View[],
): AssertionResult | Promise<AssertionResult> {
  const check = known(assertion);
  return check
    ? judgeBy(check, assertion, views)
    : compile(assertion).then((compiled) => judgeBy(compiled, assertion, views));
}

function judgeBy(
  check: Check,
  assertion: BoundAssertion,
  views: readonly View[],
): AssertionResult | Promise<AssertionResult> {
  const evaluations = views.map((view) =>
    'subject' in view ? evaluate(check, view.subject) : cannotTell(view.unreached),
  );
  return areThere(evaluations)
    ? resultOf(assertion, views, evaluations)
    : Promise.all(evaluations.map((each) => Promise.resolve(each))).then((all) =>
        resultOf(assertion, views, all),
      );
}

const areThere = (all: readonly (Evaluation | Promise<Evaluation>)[]): all is readonly Evaluation[] =>
  !all.some((each) => each instanceof Promise);

function evaluate(check: Check, subject: Subject): Evaluation | Promise<Evaluation> {
  const broken = (error: unknown): Evaluation => cannotTell(whyBroken(error));
  try {
    const checked = check(subject);
    return checked instanceof Promise ? checked.catch(broken) : checked;
  } catch (error) {
    return broken(error);
  }
}

const rank = { fails: 2, unknown: 1, holds: 0 } as const;

function resultOf(
  assertion: BoundAssertion,
  views: readonly View[],
  evaluations: readonly Evaluation[],
): AssertionResult {
  let worst: Evaluation | undefined;
  let near: string | undefined;
  let which = '';
  for (const [index, evaluation] of evaluations.entries()) {
    near ??= evaluation.near;
    if (worst && rank[evaluation.status] <= rank[worst.status]) continue;
    worst = evaluation;
    which = views[index]?.which ?? '';
  }
  if (!worst) throw new Error('an assertion looked at nothing');
  const { status, message, expected, actual, figure } = worst;
  return {
    assertion: assertion.label ?? shortWords(assertion),
    kind: assertion.kind,
    severity: assertion.severity,
    guardrail: assertion.guardrail,
    verdict: status === 'holds' ? 'passed' : status === 'fails' ? 'failed' : 'unknown',
    message: showUnseen(status === 'holds' ? message : `${which}${message}`),
    place: assertion.place,
    // Nobody compares them where it holds.
    expected: status === 'holds' ? expected : expected && showUnseen(expected),
    actual: status === 'holds' ? actual : actual && showUnseen(actual),
    near: status === 'holds' ? near : undefined,
    figure,
  };
}

const words = new WeakMap<BoundAssertion, string>();

/** An assertion in short words; those of one that many cases share are found once. */
function shortWords(assertion: BoundAssertion): string {
  const before = words.get(assertion);
  if (before !== undefined) return before;
  const { kind, args, turn } = assertion;
  const about = turn === undefined ? '' : turn === 'all' ? ' (every turn)' : ` (turn ${turn})`;
  const told = labelOf(kind, args) + about;
  if (assertion.constant) words.set(assertion, told);
  return told;
}

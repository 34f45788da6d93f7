import { compileEntry, labelOf } from '../assertions/compile.ts';
import { cannotTell } from '../assertions/evaluation.ts';
import type { Check, Evaluation, Subject } from '../assertions/kind.ts';
import { sourceOf } from '../diagnostics/position.ts';
import type { JsonValue } from '../lib/json.ts';
import { showUnseen } from '../lib/visible.ts';
import type { BoundAssertion } from '../plan/case.ts';
import type { JudgedAssertion } from './results.ts';

/** An assertion that can be evaluated, and its short words. */
interface Compiled {
  readonly check: Check;
  readonly label: string;
}

/** Compiles assertions; those without templates are compiled once for all cases. */
export type Compiler = (assertion: BoundAssertion) => Compiled | Promise<Compiled>;

export function createCompiler(): Compiler {
  /** By arguments (maps and lists by identity, scalars by value) and kind. */
  const known = new Map<JsonValue, Map<string, Compiled>>();
  return (assertion) => {
    const { kind, args, constant } = assertion;
    if (!constant) return compile(assertion);
    return (
      known.get(args)?.get(kind) ??
      compile(assertion).then((compiled) => {
        const kinds = known.get(args) ?? new Map<string, Compiled>();
        kinds.set(kind, compiled);
        known.set(args, kinds);
        return compiled;
      })
    );
  };
}

async function compile({ kind, args }: BoundAssertion): Promise<Compiled> {
  const check = await compileEntry(kind, args, () => undefined);
  const label = labelOf(kind, args);
  // Planning compiled every assertion: one that fails now is a programming error.
  if (!check) throw new Error(`the assertion ${label} does not compile`);
  return { check, label };
}

/** A reply, seen through one of its candidates, or why there is none to see; `which` begins what is said of it. */
export type View = { readonly which: string } & (
  | { readonly subject: Subject }
  | { readonly unreached: string }
);

/**
 * Judges one assertion of every view (the candidates of a reply, or of several turns): the worst result counts. Most checks
 * answer at once, and so does this: a turn of the event loop for each would be most of the time that judging takes.
 */
export function judgeAssertion(
  compiler: Compiler,
  assertion: BoundAssertion,
  views: readonly View[],
): JudgedAssertion | Promise<JudgedAssertion> {
  const compiled = compiler(assertion);
  return compiled instanceof Promise
    ? compiled.then((ready) => judgeViews(ready, assertion, views))
    : judgeViews(compiled, assertion, views);
}

function judgeViews(
  { check, label }: Compiled,
  assertion: BoundAssertion,
  views: readonly View[],
): JudgedAssertion | Promise<JudgedAssertion> {
  const evaluations = views.map((view) =>
    'subject' in view ? evaluate(check, view.subject) : cannotTell(view.unreached),
  );
  return areReady(evaluations)
    ? worstOf(label, assertion, views, evaluations)
    : Promise.all(evaluations.map((each) => Promise.resolve(each))).then((all) =>
        worstOf(label, assertion, views, all),
      );
}

const areReady = (all: readonly (Evaluation | Promise<Evaluation>)[]): all is readonly Evaluation[] =>
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

/** A reply that breaks one assertion must not end the run. */
function whyBroken(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (error instanceof RangeError || name.includes('Recursion'))
    return 'the answer is nested too deeply to be looked at, or the schema leads back to itself';
  return `the assertion broke off: ${error instanceof Error ? error.message : String(error)}`;
}

const rank = { fails: 2, unknown: 1, holds: 0 } as const;
const verdicts = { holds: 'passed', fails: 'failed', unknown: 'unknown' } as const;

function worstOf(
  label: string,
  assertion: BoundAssertion,
  views: readonly View[],
  evaluations: readonly Evaluation[],
): JudgedAssertion {
  let worst: Evaluation | undefined;
  let near: string | undefined;
  let which = '';
  for (const [index, evaluation] of evaluations.entries()) {
    near ??= evaluation.near;
    if (worst && rank[evaluation.status] <= rank[worst.status]) continue;
    worst = evaluation;
    which = views[index]?.which ?? '';
  }
  if (!worst) throw new Error('an assertion was judged without a reply');
  const { status, message, expected, actual, figure } = worst;
  const holds = status === 'holds';
  // If it passes, nobody compares the two sides.
  const visible = (text: string | undefined): string | undefined =>
    holds || text === undefined ? text : showUnseen(text);
  return {
    result: {
      assertion: assertion.label ?? label + turnInWords(assertion),
      kind: assertion.kind,
      verdict: verdicts[status],
      severity: assertion.severity === 'warn' ? 'warn' : undefined,
      guardrail: assertion.guardrail || undefined,
      message: showUnseen(holds ? message : `${which}${message}`),
      near: holds ? near : undefined,
      source: sourceOf(assertion.place),
    },
    details: { place: assertion.place, expected: visible(expected), actual: visible(actual), figure },
  };
}

const turnInWords = ({ turn }: BoundAssertion): string =>
  turn === undefined ? '' : turn === 'all' ? ' (every turn)' : ` (turn ${turn})`;

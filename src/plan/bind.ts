import {
  argumentsOf,
  coerceArgs,
  compileEntry,
  kindFits,
  kindsFitting,
  misfitOf,
  type Misfit,
} from '../assertions/compile.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { listNode, mapNode, SourceNode } from '../diagnostics/source-node.ts';
import type { Method } from '../gemini/methods.ts';
import { diagnosticOf } from '../suite/check-entry.ts';
import type { AssertionEntry, Test } from '../suite/suite.ts';
import { judgesErrors } from './answer.ts';
import { callsOfTurns } from '../gemini/request-facts.ts';
import type { BoundAssertion, Case, CaseRef } from './case.ts';
import { emptyArgument } from './empty-arguments.ts';
import type { Scope } from './lookup.ts';
import type { RenderedChecks } from './rendered-checks.ts';
import { renderNode, renderString } from './template.ts';

/** The entries that judge a case: the suite’s that fit its method and turns, its test’s, its row’s. */
export function entriesOf(ref: CaseRef): AssertionEntry[] {
  const own = ownOf(ref);
  return [...inherited(ref, own), ...own];
}

function ownOf({ test, row }: CaseRef): AssertionEntry[] {
  return [...test.assert, ...(row?.assert ?? [])];
}

/** The suite’s entries that fit a case: none where one of its own, rendered or not, admits errors. */
function inherited(
  { suite, test, method, prompt }: CaseRef,
  own: readonly Pick<AssertionEntry, 'kind' | 'args' | 'severity'>[],
): AssertionEntry[] {
  if (!test.inherit || judgesErrors(own)) return [];
  const calls = callsOfTurns(prompt?.turns ?? [], method);
  return suite.assert.filter((entry) => kindFits(entry.kind, entry.args, method) && !isPastEnd(entry, calls));
}

/** Whether an entry is about a turn that a conversation of so many calls does not have. */
export function isPastEnd({ turn }: Pick<AssertionEntry, 'turn'>, calls: number): boolean {
  return typeof turn === 'number' && turn > calls;
}

/** The assertions of tests whose cases all have the same, by the method they ask and how many calls they make. */
const shared = new WeakMap<Test, Map<string, readonly BoundAssertion[]>>();

/** The assertions of a case, rendered; where no template and no row makes them differ, one list for all cases of a test. */
export function assertionsOf(
  ref: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): readonly BoundAssertion[] {
  const { test, row, method, prompt } = ref;
  const own = (row?.assert.length ?? 0) > 0;
  const calls = callsOfTurns(prompt?.turns ?? [], method);
  const key = `${method} ${calls}`;
  const known = own ? undefined : shared.get(test)?.get(key);
  if (known) return known;
  const entries = ownOf(ref);
  const misfit = entries.flatMap((entry) => {
    const why = misfitOf(entry.kind, entry.args, method);
    return why ? [{ entry, why }] : [];
  });
  for (const { entry, why } of misfit) reportMisfit(entry, why, method, report);
  const pastEnd = entries.filter((entry) => isPastEnd(entry, calls));
  for (const entry of pastEnd) reportPastEnd(entry, calls, report);
  const boundOwn = entries.map((entry) => bind(entry, scope, checks, report));
  // Whether an outcome that a row names is that of a failed call is known once it is rendered.
  const above = inherited(ref, boundOwn);
  const bound = [...above.map((entry) => bind(entry, scope, checks, report)), ...boundOwn];
  const same = [...above, ...entries].every(
    ({ label }, index) => bound[index]?.constant && !label?.includes('{{'),
  );
  if (same && !own && misfit.length + pastEnd.length === 0) {
    const byKey = shared.get(test) ?? new Map<string, readonly BoundAssertion[]>();
    shared.set(test, byKey.set(key, bound));
  }
  return bound;
}

function reportMisfit(
  { kind: outer, place }: AssertionEntry,
  { kind, lack }: Misfit,
  method: Method,
  report: Report,
): void {
  const name = kind === outer ? kind : `${kind} (in ${outer})`;
  report({
    severity: 'error',
    code: 'misfit-kind',
    message: `${name} cannot judge a reply of ${method}${lack ? `, which never has ${lack.what}` : ''}`,
    place,
    help: lack?.help ?? `these can: ${kindsFitting(method).join(', ')}`,
  });
}

function reportPastEnd({ entry, turn }: AssertionEntry, calls: number, report: Report): void {
  report({
    severity: 'error',
    code: 'no-such-turn',
    message:
      calls === 1
        ? `there is no turn ${turn}: the prompt gets one reply`
        : `there is no turn ${turn}: the conversation has ${calls} replies`,
    place: entry.at('turn').place,
    help:
      calls === 1
        ? 'remove turn, or add an empty model turn for each earlier reply'
        : `write a turn from 1 to ${calls}, or all`,
  });
}

function bind(
  entry: AssertionEntry,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): BoundAssertion {
  const written = entry.entry.at(entry.kind).with(entry.args);
  const { source } = written;
  const found = renderNode(written, scope, report, argumentsOf(entry.kind));
  const { kind, severity, guardrail, label, turn } = entry;
  const constant = found.value === entry.args;
  const args = constant ? entry.args : coerceArgs(kind, found);
  if (!constant && checks) {
    const empty = emptyArgument(kind, written, found.value, scope);
    const asEntry = mapNode([[kind, found.with(args)]], written);
    if (empty) checks.refuse(empty, source);
    else checks.validate('assert', listNode([asEntry], written), source);
  }
  const labelAt = entry.entry.at('label').place;
  return {
    kind,
    args,
    place: entry.place,
    source,
    severity,
    guardrail,
    constant,
    ...(turn === undefined ? {} : { turn }),
    ...(label === undefined ? {} : { label: renderString(label, scope, { place: labelAt, report }) }),
  };
}

/** Whether some of a case's assertions have arguments that came from templates. */
export function hasRendered({ assertions }: Case): boolean {
  return assertions.some(({ constant }) => !constant);
}

/** Compiles assertions whose arguments came from templates, so that a bad pattern in a row is found before the first call. */
export async function checkRendered(testCase: Case, checks: RenderedChecks, report: Report): Promise<void> {
  for (const { kind, args, source, constant } of testCase.assertions) {
    // Arguments that do not fit the language were reported.
    if (constant || checks.isUnfit(source)) continue;
    const node = new SourceNode(args, source);
    await compileEntry(kind, args, (error) => report(diagnosticOf(error, node)));
  }
}

import path from 'node:path';
import { findStoredIfAny, refuseEmptied } from '../compare/sources.ts';
import type { CaseRecord } from '../judge/case-record.ts';
import { createDigester } from '../judge/digests.ts';
import { redact } from '../lib/redact.ts';
import type { CaseRef, Plan } from '../plan/case.ts';
import { filterPlan } from '../plan/select.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';

/** What chooses cases by the results they had. */
export interface SelectByResultsOptions {
  /** Only cases that did not pass the last time, or were not sent. */
  readonly lastFailed?: boolean;
  /** Only cases whose request or assertions differ from the last results. */
  readonly changed?: boolean;
  /** The folder of the last results. */
  readonly reports: string;
  /** Approved results, for `--changed`. */
  readonly baseline?: string;
}

/** Keeps the cases that did not pass the last time, those that have changed since, or those that are both. Throws a DiagnosticError where none is left. */
export async function selectByResults(
  context: Context,
  { lastFailed, changed, reports, baseline }: SelectByResultsOptions,
  plans: readonly Plan[],
): Promise<Plan[]> {
  let chosen = [...plans];
  if (lastFailed) {
    const failed = await recall(
      context,
      reports,
      plans,
      '--last-failed',
      (each) => isOpen(each) || undefined,
    );
    chosen = chosen.map((plan) => filterPlan(plan, (ref) => failed.has(keyOf(plan, ref.id))));
    refuseNone(chosen, `no case failed, errored or was not sent the last time (${reports})`);
  }
  if (changed) {
    const from = baseline ?? reports;
    const digest = createDigester();
    const known = await recall(context, from, plans, '--changed', (each) => essence(each));
    chosen = chosen.map((plan) =>
      filterPlan(plan, (ref) => essenceNow(plan, ref, digest) !== known.get(keyOf(plan, ref.id))),
    );
    refuseNone(chosen, `no case has changed since the results in ${from}`);
  }
  return chosen;
}

/** As results name a case: what must not be seen is hidden in its id. */
const keyOf = ({ suite }: Plan, id: string): string => redact(`${suite.name}\0${id}`);

/** Reads results and keeps, by suite and id, what `keep` makes of a case. */
async function recall<T>(
  { cwd }: Context,
  displayPath: string,
  plans: readonly Plan[],
  option: string,
  keep: (each: CaseRecord) => T | undefined,
): Promise<Map<string, T>> {
  const folders = option === '--changed' ? '--reports DIR, or --baseline DIR' : '--reports DIR';
  const folder = path.resolve(cwd, displayPath);
  const suites = await findStoredIfAny(folder, displayPath);
  const expected = plans.map(({ suite }) => suite.name);
  await refuseEmptied(suites, folder, displayPath, expected);
  if (suites.length === 0)
    throw usageError(
      'no-results',
      `${option} needs earlier results, and ${displayPath} has none`,
      `run without ${option} first, or name the folder of other results (${folders})`,
    );
  const kept = new Map<string, T>();
  for (const { suite, cases } of suites)
    for await (const each of cases()) {
      const value = keep(each);
      if (value !== undefined) kept.set(`${suite}\0${each.id}`, value);
    }
  return kept;
}

/** Whether a case has not passed: it failed or errored, statistics could not decide, or the run ended before it. */
function isOpen(each: CaseRecord): boolean {
  return each.verdict === 'skipped' ? didNotRun(each) : each.verdict !== 'passed';
}

const didNotRun = ({ skip }: CaseRecord): boolean => skip?.startsWith('not asked:') === true;

/** What a case sent, and by what it was judged; undefined where it got no reply. */
function essence(each: CaseRecord): string | undefined {
  const { trials, fingerprint, digests, repeats } = each;
  if (trials.length === 0) return didNotRun(each) ? undefined : 'skipped';
  return `${fingerprint} ${digests.assertions} ${repeats}`;
}

/** {@link essence} of a case as its suite has it now. */
function essenceNow({ materialize }: Plan, ref: CaseRef, digest: ReturnType<typeof createDigester>): string {
  if (ref.skip !== undefined) return 'skipped';
  const testCase = materialize(ref);
  return `${testCase.fingerprint} ${digest(testCase).assertions} ${ref.repeats}`;
}

function refuseNone(plans: readonly Plan[], why: string): void {
  if (plans.every(({ cases }) => cases.length === 0))
    throw usageError('empty-selection', why, 'leave the option out to run all cases');
}

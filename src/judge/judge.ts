import { canonicalJson } from '../lib/canonical.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import type { CaseResult, Summary, SuiteResults, TrialResult, Verdict } from './results.ts';
import { judgeRecord } from './trial.ts';

/** Judges trials as they come, live or read back from a journal, and folds them into results. */
export interface Judge {
  /** Judges one trial of the journal and keeps what came of it; undefined if no case of the plans asked it. */
  readonly add: (record: TrialRecord) => Promise<TrialResult['verdict'] | undefined>;
  /** The results of every suite: cases in order of their ids, whatever the order in which trials came. */
  readonly results: () => SuiteResults[];
}

/** Starts a judge of the cases of these plans. */
export function createJudge(plans: readonly Plan[]): Judge {
  const suites = new Map(
    plans.map((plan) => [plan.suite.name, { plan, refs: new Map(plan.cases.map((ref) => [ref.id, ref])) }]),
  );
  const trials = new Map<CaseRef, TrialResult[]>();
  return {
    add: async (record) => {
      const suite = suites.get(record.suite);
      const ref = suite?.refs.get(record.case);
      if (!suite || !ref) return undefined;
      const asked = suite.plan.materialize(ref);
      // Another question under the same name: its answer is not this case's.
      if (record.fingerprint !== asked.fingerprint) return undefined;
      const judged = await judgeRecord(asked, record);
      const others = trials.get(ref);
      if (others) others.push(judged);
      else trials.set(ref, [judged]);
      return judged.verdict;
    },
    results: () => plans.map((plan) => suiteResults(plan, trials)),
  };
}

function suiteResults(plan: Plan, trials: ReadonlyMap<CaseRef, TrialResult[]>): SuiteResults {
  const cases = plan.cases.map((ref) => caseResult(plan.materialize(ref), trials.get(ref) ?? []));
  cases.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const { suite } = plan;
  return {
    suite: suite.name,
    path: suite.file.path,
    summary: summarize(cases),
    cases: () => cases,
    ...(suite.description === undefined ? {} : { description: suite.description }),
  };
}

function caseResult(asked: Case, unordered: readonly TrialResult[]): CaseResult {
  const trials = unordered.length > 1 ? inOrderOfContent(unordered) : unordered;
  const { test, row, rowName, prompt, config, model, skip } = asked;
  return {
    id: asked.id,
    verdict: skip === undefined ? verdictOf(asked, trials) : 'skipped',
    place: test.place,
    test: test.name,
    method: asked.method,
    replyKind: asked.replyKind,
    tags: test.tags,
    fingerprint: asked.fingerprint,
    repeats: asked.repeats,
    passRate: asked.passRate,
    shown: asked.shown,
    warnings: skip === undefined ? warningsOf(asked, trials) : [],
    trials,
    ...(row && rowName !== undefined ? { row: rowName } : {}),
    ...(prompt ? { prompt: prompt.name } : {}),
    ...(config ? { config: config.name } : {}),
    ...(model === undefined ? {} : { model }),
    ...(skip === undefined ? {} : { skip }),
  };
}

/** Failed once passRate is out of reach; else errored if a trial errored or was never made; else passed. */
function verdictOf({ repeats, passRate }: CaseRef, trials: readonly TrialResult[]): Verdict {
  const failed = trials.filter(({ verdict }) => verdict === 'failed').length;
  // The epsilon keeps 0.3 of 10 at 3: a share written in decimals must not fail by a rounding.
  const needed = Math.ceil(passRate * repeats - 1e-9);
  if (repeats - failed < needed) return 'failed';
  return trials.length < repeats || trials.some(({ verdict }) => verdict === 'errored')
    ? 'errored'
    : 'passed';
}

function warningsOf(asked: Case, trials: readonly TrialResult[]): string[] {
  const warnings = asked.assertions.length === 0 ? ['no assertions'] : [];
  const missed = new Set<string>();
  for (const { assertions } of trials)
    for (const { severity, verdict, assertion } of assertions)
      if (severity === 'warn' && verdict !== 'passed') missed.add(assertion);
  return [...warnings, ...[...missed].sort()];
}

/** Equal requests get replies in any order: trials stand in an order of their content. */
function inOrderOfContent(trials: readonly TrialResult[]): TrialResult[] {
  const key = ({ volatile: _volatile, assertions, ...stable }: TrialResult): string =>
    canonicalJson({
      ...stable,
      assertions: assertions.map(({ assertion, verdict, message }) => ({ assertion, verdict, message })),
    });
  return trials
    .map((trial) => ({ trial, content: key(trial) }))
    .sort((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0))
    .map(({ trial }) => trial);
}

function summarize(cases: readonly CaseResult[]): Summary {
  const count = (verdict: Verdict): number => cases.filter((each) => each.verdict === verdict).length;
  return {
    cases: cases.length,
    passed: count('passed'),
    failed: count('failed'),
    errored: count('errored'),
    skipped: count('skipped'),
    inconclusive: count('inconclusive'),
    warnings: cases.reduce((sum, { warnings }) => sum + warnings.length, 0),
  };
}

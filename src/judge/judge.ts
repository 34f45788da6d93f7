import { canonicalJson } from '../lib/canonical.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import type { CaseResult, Summary, SuiteResults, TrialResult, Verdict } from './results.ts';
import { judgeRecord } from './trial.ts';

/** Judges one trial while a run goes on, for its progress and --bail. */
export async function judgeTrial(asked: Case, record: TrialRecord): Promise<TrialResult['verdict']> {
  return (await judgeRecord(asked, record)).verdict;
}

/** Judges and folds the trials of a suite's cases; a case's verdict never depends on the order of its trials. */
export async function judgeSuite(
  plan: Plan,
  trialsOf: (ref: CaseRef) => readonly TrialRecord[],
): Promise<SuiteResults> {
  const cases: CaseResult[] = [];
  for (const ref of plan.cases) cases.push(await judgeCase(plan.materialize(ref), trialsOf(ref)));
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

async function judgeCase(asked: Case, records: readonly TrialRecord[]): Promise<CaseResult> {
  const trials: TrialResult[] = [];
  for (const record of records)
    if (record.fingerprint === asked.fingerprint) trials.push(await judgeRecord(asked, record));
  trials.sort(byContent);
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
function byContent(a: TrialResult, b: TrialResult): number {
  const key = ({ volatile: _volatile, assertions, ...stable }: TrialResult): string =>
    canonicalJson({
      ...stable,
      assertions: assertions.map(({ assertion, verdict, message }) => ({ assertion, verdict, message })),
    });
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
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

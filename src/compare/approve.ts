import type { Summary } from '../judge/results.ts';
import { noCases, pairCases } from './pair.ts';
import type { CaseRecord, ResultsHead } from '../judge/case-record.ts';
import type { StoredSuite } from './read.ts';

/** What an approval takes over from the results of a suite. */
export interface Taking {
  /** Whether a case of the results is approved; the others stay as they were. */
  readonly selects: (each: CaseRecord) => boolean;
  /** What only the approved results have stays. */
  readonly keepsGone: boolean;
}

/** The approved results of a suite as they are to be, to be read as often as needed; cases in order of their ids. */
export async function approvedSuite(
  before: StoredSuite | undefined,
  now: StoredSuite,
  { selects, keepsGone }: Taking,
): Promise<StoredSuite & { readonly models: readonly string[] }> {
  async function* cases(): AsyncGenerator<CaseRecord> {
    for await (const pair of pairCases(before?.cases() ?? noCases(), now.cases())) {
      if (pair.after && selects(pair.after)) yield pair.after;
      else if (pair.before && (pair.after || keepsGone)) yield pair.before;
    }
  }
  const { summary, models } = await countCases(cases());
  const head: ResultsHead = {
    schema: now.schema,
    suite: now.suite,
    ...(now.description === undefined ? {} : { description: now.description }),
    path: now.path,
    summary,
  };
  return { ...head, models, cases };
}

/** The summary of some cases, as a run makes it, and the modelVersions that answered. */
async function countCases(
  cases: AsyncIterable<CaseRecord>,
): Promise<{ summary: Summary; models: readonly string[] }> {
  const summary = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  const models = new Set<string>();
  for await (const { verdict, warnings = [], trials } of cases) {
    summary.cases++;
    summary[verdict]++;
    summary.warnings += warnings.length;
    for (const { modelVersion } of trials) if (modelVersion !== undefined) models.add(modelVersion);
  }
  return { summary, models: [...models].toSorted() };
}

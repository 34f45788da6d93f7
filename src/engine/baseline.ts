import path from 'node:path';
import { readApprovals } from '../compare/approved.ts';
import { compareResults } from '../compare/compare.ts';
import type { Comparison } from '../compare/comparison.ts';
import { findStoredIfAny, refuseEmptied } from '../compare/sources.ts';
import { type CaseRecord, resultsFormat } from '../judge/case-record.ts';
import type { StoredSuite } from '../compare/read.ts';
import type { Approval } from '../compare/warnings.ts';
import type { Results, SuiteResults } from '../judge/results.ts';
import { redact } from '../lib/redact.ts';
import type { Plan } from '../plan/case.ts';
import type { Context } from './context.ts';
import { defaults } from './options.ts';

export interface BaselineOptions {
  /** The folder of approved results. */
  readonly baseline?: string;
  /** Days after which they are old: 90 where nothing is given. */
  readonly baselineAge?: number;
}

/** Approved results that a run is compared with. */
export interface Baseline {
  readonly name: string;
  readonly suites: readonly StoredSuite[];
  readonly approvals: ReadonlyMap<string, Approval>;
  readonly oldAfterDays: number;
}

/**
 * Reads the approved results through, so that an error in them is found before the first call. Undefined without
 * `--baseline`; a missing folder has none.
 */
export async function openBaseline(
  { cwd }: Context,
  { baseline: name, baselineAge = defaults.oldAfterDays }: BaselineOptions,
  plans: readonly Plan[],
): Promise<Baseline | undefined> {
  if (name === undefined) return undefined;
  const folder = path.resolve(cwd, name);
  const suites = await findStoredIfAny(folder, name);
  const approvals = await readApprovals(folder, name);
  const expected = [...approvals.keys(), ...plans.map(({ suite }) => suite.name)];
  await refuseEmptied(suites, folder, name, expected);
  for (const suite of suites) await readThrough(suite);
  return { name, suites, approvals, oldAfterDays: baselineAge };
}

async function readThrough({ cases }: StoredSuite): Promise<void> {
  const all = cases()[Symbol.asyncIterator]();
  // Reading finds what is wrong.
  for (let next = await all.next(); !next.done; next = await all.next());
}

/** Compares what a run came to with the approved results; what a narrowed run did not ask is only counted. */
export function compareWithBaseline(
  { name, suites, approvals, oldAfterDays }: Baseline,
  results: Results,
  reports: string,
): Promise<Comparison> {
  const isNarrowed = results.run.selection !== undefined;
  return compareResults(
    { name, suites },
    { name: reports, suites: results.suites.map(storedForm) },
    {
      // A run of some suites says nothing of the others.
      goneSuites: isNarrowed ? 'notAsked' : 'ignored',
      goneCases: isNarrowed ? 'notAsked' : 'removed',
      approvals,
      oldAfterDays,
      now: Date.now(),
      headroomOf: 'before',
    },
  );
}

/** Results of a run as its results file has them: approved ones came through the same door, and hide the same. */
function storedForm(suite: SuiteResults): StoredSuite {
  const { suite: name, path: source, summary } = suite;
  async function* cases(): AsyncGenerator<CaseRecord> {
    for await (const { record } of suite.cases())
      yield JSON.parse(redact(JSON.stringify(record))) as CaseRecord;
  }
  return { schema: resultsFormat, suite: name, path: source, summary, cases };
}

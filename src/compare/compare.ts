import { classify } from './classify.ts';
import {
  classes,
  noCounts,
  noneAffected,
  type ComparedCase,
  type Comparison,
  type SuiteComparison,
} from './comparison.ts';
import { noCases, pairCases, type Pair } from './pair.ts';
import { type CaseRecord, olderFormat } from '../judge/case-record.ts';
import type { StoredSuite } from './read.ts';
import { createWatcher, type Approval, type WatchOptions } from './warnings.ts';

/** A named set of results. */
export interface Results {
  /** As the user named it. */
  readonly name: string;
  readonly suites: readonly StoredSuite[];
}

/** What is on the approved side alone was removed, or a narrowed run did not ask it, or it is no matter of this comparison. */
type Gone = 'removed' | 'notAsked' | 'ignored';

export interface CompareOptions extends WatchOptions {
  /** Which cases count; absent: all. */
  readonly selects?: (each: CaseRecord) => boolean;
  /** What became of suites that only the approved results have; those that are ignored count nowhere. */
  readonly goneSuites: Gone;
  /** What became of cases that only the approved results have. */
  readonly goneCases: Gone;
  readonly approvals?: ReadonlyMap<string, Approval>;
}

/** Characters of differing texts that are kept; beyond it a comparison says which cases differ, not how. */
const mostText = 20_000_000;

/** Compares two sets of results, suite by suite and case by case. */
export async function compareResults(
  before: Results,
  after: Results,
  options: CompareOptions,
): Promise<Comparison> {
  const { selects = () => true, goneSuites, goneCases } = options;
  const approved = new Map(before.suites.map((suite) => [suite.suite, suite]));
  const now = new Map(after.suites.map((suite) => [suite.suite, suite]));
  const names = [
    ...new Set([...now.keys(), ...(goneSuites === 'ignored' ? [] : approved.keys())]),
  ].toSorted();
  const watch = createWatcher(before.name, options);
  for (const { name, suites } of [before, after]) watch.older(name, suites.filter(isOlder).length);
  const suites: SuiteComparison[] = [];
  const cases: ComparedCase[] = [];
  const counts = noCounts();
  const unaffected = noneAffected();
  let textLeft = mostText;
  let worse = 0;
  for (const name of names) {
    const was = approved.get(name);
    const own = noCounts();
    const older = isOlder(was) || isOlder(now.get(name));
    const pairs = pairCases(was?.cases() ?? noCases(), now.get(name)?.cases() ?? noCases());
    for await (const pair of pairs) {
      if (!counted(pair, selects, goneCases)) continue;
      if (!pair.after && goneCases === 'notAsked') {
        own.notAsked++;
        counts.notAsked++;
        continue;
      }
      watch.see(name, pair);
      const compared = classify(name, pair.before, pair.after, older);
      if (compared.class === 'unchanged') for (const each of compared.changes) unaffected[each]++;
      own[compared.class]++;
      counts[compared.class]++;
      if (compared.worse) worse++;
      if (compared.class === 'unchanged' && !byAnotherModel(compared)) continue;
      textLeft -= (compared.text?.before.length ?? 0) + (compared.text?.after.length ?? 0);
      cases.push(textLeft > 0 ? compared : withoutText(compared));
    }
    const total = classes.reduce((sum, each) => sum + own[each], 0);
    watch.close(name, was !== undefined, total, options.approvals?.get(name));
    suites.push({ suite: name, baseline: was !== undefined, counts: own });
  }
  return {
    before: before.name,
    after: after.name,
    suites,
    counts,
    unaffected,
    worse,
    cases: cases.toSorted(byWorst),
    warnings: watch.warnings(),
  };
}

const isOlder = (suite: StoredSuite | undefined): boolean => suite?.schema === olderFormat;

/** The reply is the same, and another model gave it: nothing else reports that. */
function byAnotherModel({ changes }: ComparedCase): boolean {
  return changes.includes('modelVersion') || changes.includes('model');
}

function counted({ before, after }: Pair, selects: (each: CaseRecord) => boolean, goneCases: Gone): boolean {
  const each = after ?? before;
  return each !== undefined && selects(each) && (after !== undefined || goneCases !== 'ignored');
}

function withoutText({ text: _text, ...compared }: ComparedCase): ComparedCase {
  return compared;
}

/** What fails now and did not comes first; then by class; then by suite and id. */
function byWorst(a: ComparedCase, b: ComparedCase): number {
  if (a.worse !== b.worse) return a.worse ? -1 : 1;
  if (a.class !== b.class) return classes.indexOf(a.class) - classes.indexOf(b.class);
  if (a.suite !== b.suite) return a.suite < b.suite ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readApprovals } from '../compare/approved.ts';
import { compareResults } from '../compare/compare.ts';
import type { Comparison } from '../compare/comparison.ts';
import { readRunFactsIfAny } from '../compare/run-facts.ts';
import { findStored, refuseEmptied } from '../compare/sources.ts';
import type { StoredFile } from '../compare/read.ts';
import { warningsOf, type Approval } from '../compare/warnings.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import { fits } from '../plan/select.ts';
import { emit, type Context } from './context.ts';
import { defaults, selectionOf, type SelectingOptions } from './options.ts';

export interface CompareOptions extends SelectingOptions {
  /** A reports or baselines folder, or a results file of a suite. */
  readonly before: string;
  /** What to compare with it. */
  readonly after: string;
  /** Days after which approved results are old: 90 where nothing is given. */
  readonly baselineAge?: number;
}

/** Two results, case by case. */
export interface ComparisonOutcome {
  readonly comparison: Comparison;
  /** What a command ends with: 3 if a case errored now, 1 if one fails now and did not, else 0. */
  readonly exitCode: 0 | 1 | 3;
}

/** Pairs two sets of results by suite and id. */
export async function compare(context: Context, options: CompareOptions): Promise<ComparisonOutcome> {
  const { before, after, baselineAge = defaults.oldAfterDays } = options;
  const [was, now] = await pairSets(context, before, after);
  const selection = selectionOf(options);
  const gone = (await wasNarrowed(context, after)) ? 'notAsked' : 'removed';
  const comparison = await compareResults(
    { name: before, suites: was },
    { name: after, suites: now },
    {
      selects: (each) => fits(selection, each),
      goneSuites: gone,
      goneCases: gone,
      approvals: await approvalsOf(context, before),
      oldAfterDays: baselineAge,
      now: Date.now(),
      headroomOf: 'before',
    },
  );
  refuseNothing(comparison);
  emit(context, warningsOf(comparison));
  return { comparison, exitCode: comparison.counts.erroredNow > 0 ? 3 : comparison.worse > 0 ? 1 : 0 };
}

/** Whether the run behind some results was about a part of its suites: then it did not ask what is not there. */
async function wasNarrowed({ cwd }: Context, displayPath: string): Promise<boolean> {
  const absolute = path.resolve(cwd, displayPath);
  const folder = (await stat(absolute)).isDirectory() ? absolute : path.dirname(absolute);
  return (await readRunFactsIfAny(folder))?.selection !== undefined;
}

/** When results were approved is said in their folder, also of a file that is named by itself. */
async function approvalsOf({ cwd }: Context, displayPath: string): Promise<Map<string, Approval>> {
  const absolute = path.resolve(cwd, displayPath);
  return (await stat(absolute)).isDirectory()
    ? readApprovals(absolute, displayPath)
    : readApprovals(path.dirname(absolute), path.dirname(displayPath));
}

/** Pairs a file with the file of the same suite in a folder; two files must be of one suite. */
async function pairSets(
  { cwd }: Context,
  before: string,
  after: string,
): Promise<[StoredFile[], StoredFile[]]> {
  const side = (displayPath: string) => ({ displayPath, absolute: path.resolve(cwd, displayPath) });
  const sides = [side(before), side(after)] as const;
  const [was = [], now = []] = await Promise.all(
    sides.map(({ displayPath, absolute }) => findStored(absolute, displayPath)),
  );
  for (const [{ absolute, displayPath }, found, other] of [
    [sides[0], was, now],
    [sides[1], now, was],
  ] as const)
    await refuseEmptied(
      found,
      absolute,
      displayPath,
      other.map(({ suite }) => suite),
    );
  const isFile = (set: readonly StoredFile[], index: number): boolean =>
    set[0]?.file === sides[index]?.absolute;
  const only = isFile(was, 0) ? was[0] : isFile(now, 1) ? now[0] : undefined;
  if (!only) return [was, now];
  const same = ({ suite }: StoredFile): boolean => suite === only.suite;
  if (!was.some(same) || !now.some(same)) {
    const other = isFile(was, 0) ? after : before;
    throw usageError(
      'different-suites',
      `${other} has no results of ${only.suite}`,
      'compare two results of one suite, or two folders',
    );
  }
  return [was.filter(same), now.filter(same)];
}

function refuseNothing({ suites, counts }: Comparison): void {
  if (Object.values(counts).some((count) => count > 0)) return;
  throw usageError(
    'empty-selection',
    `no case of ${suites.map(({ suite }) => suite).join(', ')} matches the options`,
    'leave the options out to compare all cases',
  );
}

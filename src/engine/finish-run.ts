import type { Comparison } from '../compare/comparison.ts';
import { warningsOf } from '../compare/warnings.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import { exitCodeOf } from '../judge/exit.ts';
import type { JudgedCase, Results } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';
import type { Baseline, BaselineOptions } from './baseline.ts';
import { emit, type Context } from './context.ts';
import { writeReports, type Chosen } from './reports.ts';
import { compareWithBaseline, openBaseline } from './baseline.ts';

interface Ending {
  /** Where the reports go, and what the user calls it. */
  readonly directory: string;
  readonly reports: string;
  readonly reporters: readonly Chosen[];
  readonly baseline: Baseline | undefined;
}

/** What came of a run, or of judging one again. */
export interface Outcome {
  /** They read the journal: until the session closes, or runs again into the same folder. */
  readonly results: Results;
  /** The first cases that failed or errored and are not known failures. */
  readonly failures: readonly JudgedCase[];
  /** Present where a baseline was named. */
  readonly comparison?: Comparison;
  /** What a command ends with: 0 all passed, 1 failed, 3 incomplete, 4 inconclusive, 130 interrupted. */
  readonly exitCode: 0 | 1 | 3 | 4 | 130;
}

/** The approved results that are named, read through; undefined where none are. */
export async function openBaselineIfNamed(
  context: Context,
  options: BaselineOptions,
  plans: readonly Plan[],
): Promise<Baseline | undefined> {
  if (options.baseline === undefined) {
    if (options.baselineAge === undefined) return undefined;
    throw usageError(
      'baseline-age-without-baseline',
      '--baseline-age needs --baseline DIR',
      'name the approved results, or leave --baseline-age out',
    );
  }
  return openBaseline(context, options, plans);
}

/** What follows when a run is judged: the comparison with its baseline, and the reports. */
export async function finishRun(
  context: Context,
  results: Results,
  { directory, reports, reporters, baseline }: Ending,
): Promise<Outcome> {
  const comparison = baseline && (await compareWithBaseline(baseline, results, reports));
  const { complete, failures } = await writeReports(context, results, directory, reporters, comparison);
  if (comparison) emit(context, warningsOf(comparison));
  const code = exitCodeOf(results, comparison?.worse);
  return {
    results,
    failures,
    ...(comparison ? { comparison } : {}),
    // A report that is missing leaves the run incomplete, unless it ended in something worse.
    exitCode: complete || code === 130 ? code : 3,
  };
}

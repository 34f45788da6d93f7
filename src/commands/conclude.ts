import { exitCodeOf } from '../judge/exit.ts';
import type { Results } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderSummary } from '../report/terminal/summary.ts';
import type { Baseline, BaselineFlags } from './baseline.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import { lookOf, printDiagnostics, type Context } from './context.ts';
import { writeReports, type Chosen } from './reports.ts';

interface Ending {
  /** Where the reports go, and what the user calls it. */
  readonly directory: string;
  readonly reports: string;
  readonly reporters: readonly Chosen[];
  readonly baseline: Baseline | undefined;
  readonly quiet?: boolean;
}

/** The approved results that `--baseline` names, read through; undefined without it. */
export async function openBaselineIfNamed(
  context: Context,
  flags: BaselineFlags,
  plans: readonly Plan[],
): Promise<Baseline | undefined> {
  if (flags.baseline === undefined) {
    if (flags.baselineAge === undefined) return undefined;
    throw usageError(
      'baseline-age-without-baseline',
      '--baseline-age needs --baseline DIR',
      'name the approved results, or leave --baseline-age out',
    );
  }
  return (await import('./baseline.ts')).openBaseline(context, flags, plans);
}

/** What follows when a run is judged: the comparison with its baseline, the reports, the summary. Resolves with the exit code. */
export async function conclude(
  context: Context,
  results: Results,
  { directory, reports, reporters, baseline, quiet }: Ending,
): Promise<number> {
  const comparison =
    baseline && (await (await import('./baseline.ts')).compareWithBaseline(baseline, results, reports));
  const complete = await writeReports(context, results, directory, reporters, comparison);
  if (comparison) {
    const { warningsOf } = await import('./compare.ts');
    await printDiagnostics(context, warningsOf(comparison));
  }
  if (!quiet) {
    const look = lookOf(context, context.out);
    const told = [await renderSummary(results, look, comparison)];
    if (comparison) {
      const { renderComparison } = await import('../report/compare/terminal.ts');
      told.push(renderComparison(comparison, look));
    }
    context.out.write(withoutCommands(`${told.join('\n\n')}\n`, context.env));
  }
  const code = exitCodeOf(results, comparison?.worse);
  // A report that is missing leaves the run incomplete, unless it ended in something worse.
  return complete || code === 130 ? code : 3;
}

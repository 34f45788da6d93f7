import { exitCodeOf } from '../judge/exit.ts';
import type { Results } from '../judge/results.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderSummary } from '../report/terminal/summary.ts';
import { compareWithBaseline, type Baseline } from './baseline.ts';
import { warningsOf } from './compare.ts';
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

/** What follows when a run is judged: the comparison with its baseline, the reports, the summary. Resolves with the exit code. */
export async function conclude(
  context: Context,
  results: Results,
  { directory, reports, reporters, baseline, quiet }: Ending,
): Promise<number> {
  const comparison = baseline && (await compareWithBaseline(baseline, results, reports));
  const complete = await writeReports(context, results, directory, reporters, comparison);
  if (comparison) await printDiagnostics(context, warningsOf(comparison));
  if (!quiet) {
    const look = lookOf(context, context.out);
    const told = [await renderSummary(results, look)];
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

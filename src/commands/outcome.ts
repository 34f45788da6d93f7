import type { Outcome } from '../engine/finish-run.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderSummary } from '../report/terminal/summary.ts';
import { renderOptions, type Context } from './context.ts';
import { renderComparison } from '../report/compare/terminal.ts';

/** Prints what came of a run, and of its comparison where there was one. */
export async function printOutcome(context: Context, outcome: Outcome): Promise<void> {
  const { comparison } = outcome;
  const options = renderOptions(context, context.out);
  const sections = [await renderSummary(outcome, options)];
  if (comparison) {
    sections.push(renderComparison(comparison, options));
  }
  context.out.write(withoutCommands(`${sections.join('\n\n')}\n`, context.env));
}

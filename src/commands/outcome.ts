import type { Outcome } from '../engine/finish-run.ts';
import { withoutCommands } from '../report/github/command.ts';
import { renderSummary } from '../report/terminal/summary.ts';
import { lookOf, type Context } from './context.ts';
import { renderComparison } from '../report/compare/terminal.ts';

/** Prints what came of a run, and of its comparison where there was one. */
export async function printOutcome(context: Context, outcome: Outcome): Promise<void> {
  const { comparison } = outcome;
  const look = lookOf(context, context.out);
  const shown = [await renderSummary(outcome, look)];
  if (comparison) {
    shown.push(renderComparison(comparison, look));
  }
  context.out.write(withoutCommands(`${shown.join('\n\n')}\n`, context.env));
}

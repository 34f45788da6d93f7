import type { Context } from './context.ts';
import { planCases, type PlanningFlags } from './narrow.ts';

/** `assay validate`: every check that needs no reply. */
export async function validate(
  context: Context,
  paths: readonly string[],
  flags: PlanningFlags & { readonly quiet?: boolean },
): Promise<number> {
  const planned = await planCases(context, paths, flags);
  if (!planned) return 2;
  if (!flags.quiet) {
    const { plans } = planned;
    const cases = plans.reduce((sum, plan) => sum + plan.cases.length, 0);
    context.out.write(`${count(plans.length, 'suite')}, ${count(cases, 'case')}: valid\n`);
  }
  return 0;
}

/** `1 case`, `2 cases`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

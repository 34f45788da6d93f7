import type { PlanOptions } from '../plan/case.ts';
import type { Context } from './context.ts';
import { loadPlans } from './load.ts';
import { selectionOf, type NarrowingFlags } from './options.ts';

/** `assay validate`: every check that needs no reply. */
export async function validate(
  context: Context,
  paths: readonly string[],
  flags: NarrowingFlags & { readonly quiet?: boolean },
): Promise<number> {
  const plans = await loadPlans(context, paths, planOptionsOf(context, flags));
  if (!plans) return 2;
  if (!flags.quiet) {
    const cases = plans.reduce((sum, plan) => sum + plan.cases.length, 0);
    context.out.write(`${count(plans.length, 'suite')}, ${count(cases, 'case')}: valid\n`);
  }
  return 0;
}

/** The plan options that narrowing flags ask for. */
export function planOptionsOf(context: Context, flags: NarrowingFlags): PlanOptions {
  return {
    selection: selectionOf(flags),
    env: context.env,
    ...(flags.useModel === undefined ? {} : { useModel: flags.useModel }),
    ...(flags.repeats === undefined ? {} : { repeats: flags.repeats }),
  };
}

/** `1 case`, `2 cases`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

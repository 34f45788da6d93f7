import type { RunRecord } from '../journal/record.ts';
import type { Plan } from '../plan/case.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import { loadPlans } from './load.ts';
import { onlyThese } from './select-cases.ts';
import { planOfShard } from './shard-plan.ts';

/** Plans the cases that a run was about, from the suites as they are now. */
export async function planAgain(
  context: Context,
  { paths, options, shard }: Pick<RunRecord, 'paths' | 'options' | 'shard'>,
): Promise<readonly Plan[]> {
  const { selection, useModel, repeats, cases } = options;
  const all = await loadPlans(context, paths, {
    selection,
    env: context.env,
    ...(useModel === undefined ? {} : { useModel }),
    ...(repeats === undefined ? {} : { repeats }),
  });
  const plans = cases ? onlyThese(all, cases) : all;
  return shard ? planOfShard(plans, shard).plans : plans;
}

/** A journal holds replies and no verdicts: judged by another suite it would tell of a run that never was. */
export function refuseChanged({ suites }: Pick<RunRecord, 'suites'>, plans: readonly Plan[]): void {
  for (const { name, path: shown, digest } of suites) {
    const now = plans.find(({ suite }) => suite.name === name);
    if (!now)
      throw usageError(
        'suite-gone',
        `the journal's suite ${name} (${shown}) is gone`,
        'bring it back, or run again',
      );
    if (now.suite.digest() !== digest)
      throw usageError(
        'suite-changed',
        `the suite ${name} (${shown}) has changed since the journal was written`,
        'assay judge applies it as it is now to the replies; or bring it back to that state, or run it again',
      );
  }
  const added = plans.find(({ suite }) => suites.every(({ name }) => name !== suite.name));
  if (added)
    throw usageError(
      'suite-added',
      `the suite ${added.suite.name} (${added.suite.file.path}) was no part of the run`,
      'assay judge tells of its cases as not asked; or run again',
    );
}

import path from 'node:path';
import { ownValue } from '../lib/json.ts';
import type { RunRecord, ShardRecord } from '../journal/record.ts';
import { reveal } from '../lib/redact.ts';
import type { Plan } from '../plan/case.ts';
import { filterPlan } from '../plan/select.ts';
import type { Shard } from '../plan/shard.ts';
import type { SelectByResultsOptions } from './select-by-results.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import { loadPlans } from './load.ts';
import { selectionOf, type SelectingOptions } from './options.ts';
import { selectByResults } from './select-by-results.ts';
import { planOfShard } from './shard-plan.ts';
import { isStillEmpty, readJournal } from '../journal/reader.ts';

/** What narrows or overrides a plan. */
export interface PlanningOptions extends SelectingOptions, SelectByResultsOptions {
  /** Everything runs on this model instead; case ids stay the same. */
  readonly useModel?: string;
  /** Trials per case, over what the suites say. */
  readonly repeats?: number;
  readonly shard?: Shard;
  /** Go on with the run whose journal is in the reports folder. */
  readonly resume?: boolean;
}

/** The cases that a command is about, and how a journal tells which they were. */
export interface Planned {
  readonly plans: readonly Plan[];
  readonly options: RunRecord['options'];
  readonly shard?: ShardRecord;
}

/** Reads suites and plans the cases that all narrowing options leave. */
export async function planCases(
  context: Context,
  paths: readonly string[],
  flags: PlanningOptions,
): Promise<Planned> {
  const { lastFailed, changed, reports, baseline, useModel, repeats } = flags;
  const selection = selectionOf(flags);
  const overrides = {
    ...(useModel === undefined ? {} : { useModel }),
    ...(repeats === undefined ? {} : { repeats }),
  };
  const all = await loadPlans(context, paths, { selection, env: context.env, ...overrides });
  const chooses = lastFailed === true || changed === true;
  const cases = chooses && flags.resume ? await casesOfRun(context, reports) : undefined;
  const plans = cases ? onlyThese(all, cases) : chooses ? await selectByResults(context, flags, all) : all;
  const share = flags.shard && planOfShard(plans, flags.shard);
  return {
    plans: share?.plans ?? plans,
    options: {
      selection: {
        ...selection,
        ...(lastFailed ? { lastFailed: [reports] } : {}),
        ...(changed ? { changed: [baseline ?? reports] } : {}),
      },
      ...overrides,
      ...(chooses ? { cases: idsOf(plans) } : {}),
    },
    ...(share ? { shard: share.record } : {}),
  };
}

/** An empty shard is no error: a machine of a matrix may have nothing to do. */
export function noteIfEmpty({ on }: Context, { plans, shard }: Planned): void {
  if (shard && plans.every(({ cases }) => cases.length === 0))
    on({
      type: 'note',
      text: `shard ${shard.index}/${shard.count} has none of the cases: there is nothing to ask`,
    });
}

type Ids = NonNullable<RunRecord['options']['cases']>;

function idsOf(plans: readonly Plan[]): Ids {
  return Object.fromEntries(plans.map(({ suite, cases }) => [suite.name, cases.map(({ id }) => id)]));
}

/** The cases of plans that a run had chosen. */
function onlyThese(plans: readonly Plan[], ids: Ids): Plan[] {
  // The record was read before its suites, which say what is hidden in it.
  const known = JSON.parse(reveal(JSON.stringify(ids))) as Ids;
  return plans.map((plan) => {
    const chosen = new Set(ownValue(known, plan.suite.name));
    return filterPlan(plan, ({ id }) => chosen.has(id));
  });
}

/**
 * What a broken-off run had chosen: its own reports have been written since, and would choose otherwise. Undefined where
 * there is no run to go on with.
 */
async function casesOfRun({ cwd }: Context, reports: string): Promise<Ids | undefined> {
  const journal = path.resolve(cwd, reports, 'journal.jsonl');
  if (await isStillEmpty(journal)) return undefined;
  const { run, resumed } = await readJournal(journal);
  const { cases } = (resumed ?? run).options;
  if (cases) return cases;
  throw usageError(
    'resume-chooses',
    `--last-failed and --changed choose what a run begins with, and the run in ${reports} began without them`,
    'leave them out to go on with it, or leave --resume out to begin another',
  );
}

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

import path from 'node:path';
import { ownValue } from '../lib/json.ts';
import type { RunRecord, ShardRecord } from '../journal/record.ts';
import { restore } from '../lib/redact.ts';
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

/** The cases of a command, and how a journal describes them. */
export interface Planned {
  readonly plans: readonly Plan[];
  readonly options: RunRecord['options'];
  readonly shard?: ShardRecord;
}

/** Reads suites and plans the selected cases. */
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

/** An empty shard is not an error: one machine of a CI matrix may have nothing to do. */
export function noteIfEmpty({ on }: Context, { plans, shard }: Planned): void {
  if (shard && plans.every(({ cases }) => cases.length === 0))
    on({
      type: 'note',
      text: `shard ${shard.index}/${shard.count} has no cases; nothing to send`,
    });
}

type Ids = NonNullable<RunRecord['options']['cases']>;

function idsOf(plans: readonly Plan[]): Ids {
  return Object.fromEntries(plans.map(({ suite, cases }) => [suite.name, cases.map(({ id }) => id)]));
}

/** The cases of plans that a run had chosen. */
function onlyThese(plans: readonly Plan[], ids: Ids): Plan[] {
  // The record was read before its suites, which say what is hidden in it.
  const known = JSON.parse(restore(JSON.stringify(ids))) as Ids;
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
    `--last-failed and --changed apply when a run begins, and the run in ${reports} began without them`,
    'leave them out to continue it, or leave --resume out to begin another run',
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

/** A journal has replies and no verdicts: with a changed suite its reports would describe a run that never happened. */
export function refuseChanged({ suites }: Pick<RunRecord, 'suites'>, plans: readonly Plan[]): void {
  for (const { name, path: displayPath, digest } of suites) {
    const now = plans.find(({ suite }) => suite.name === name);
    if (!now)
      throw usageError(
        'suite-gone',
        `the journal's suite ${name} (${displayPath}) is gone`,
        'restore it, or run again',
      );
    if (now.suite.digest() !== digest)
      throw usageError(
        'suite-changed',
        `the suite ${name} (${displayPath}) has changed since the run`,
        'assay judge checks the replies with the current suite; or restore the suite, or run again',
      );
  }
  const added = plans.find(({ suite }) => suites.every(({ name }) => name !== suite.name));
  if (added)
    throw usageError(
      'suite-added',
      `the suite ${added.suite.name} (${added.suite.file.path}) is not part of the run`,
      'assay judge lists its cases as missing; or run again',
    );
}

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Span } from '../journal/lines.ts';
import { lockFolder } from '../journal/lock.ts';
import { openTrials, readJournal } from '../journal/reader.ts';
import {
  journalVersion,
  type EndReason,
  type EndRecord,
  type RunRecord,
  type TrialRecord,
  type TurnRecord,
} from '../journal/record.ts';
import { openJournal, type JournalWriter } from '../journal/writer.ts';
import { createJudge, whyNotRun, type Judge } from '../judge/judge.ts';
import type { Plan } from '../plan/case.ts';
import type { BaselineOptions } from './baseline.ts';
import { finishRun, openBaselineIfNamed, type Outcome } from './finish-run.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import { resultsOf } from './judge-journal.ts';
import { defaults } from './options.ts';
import { readShards, type ShardJournal } from './shards.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';
import { archiveJournal } from './archive-journal.ts';
import { assignToShards, type ShardPlan } from './shard-plan.ts';
import { planAgain, refuseChanged } from './select-cases.ts';

export interface MergeOptions extends BaselineOptions {
  /** The reports folders of all shards, or their journals. */
  readonly shards: readonly string[];
  /** Where the merged run goes. */
  readonly reports?: string;
  readonly reporters?: readonly string[];
}

/** Makes one run of its shards, with the stable files that one machine would have written; sends nothing. */
export async function merge(context: Context, options: MergeOptions): Promise<Outcome> {
  const { reports = defaults.reports } = options;
  const reporters = await readReporters(context, options.reporters ?? defaults.reporters);
  const parts = await readShards(context, options.shards);
  const [first] = parts;
  if (!first) throw usageError('no-shard', 'there are no shards to merge', 'name the folders of all shards');
  // The whole plan: the share of one part is left out of its record.
  const { shard: _, ...whole } = first.last;
  const plans = await planAgain(context, whole);
  const baseline = await openBaselineIfNamed(context, options, plans);
  refuseChanged(whole, plans);
  const shardPlan = assignToShards(plans, parts.length);
  refuseOtherPlan(shardPlan, first);
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const journalPath = path.join(directory, 'journal.jsonl');
  await refuseOverwriting(journalPath, parts, reports);
  const lock = await lockFolder(directory, reports);
  try {
    const run = runOf(parts, plans);
    const end = endOf(parts);
    const judge = createJudge(plans);
    await archiveJournal(context, directory, reports);
    const journal = await openJournal(journalPath);
    try {
      await journal.append(run);
      for (const part of parts) await copyTrials(part, { plans, shardPlan, judge, journal });
      await journal.append(end);
    } finally {
      await journal.close();
    }
    const trials = openTrials(journalPath);
    context.atClose(trials.close);
    const results = resultsOf(judge.results(whyNotRun(end), trials.read), run, run, end);
    return await finishRun(context, results, { directory, reports, reporters, baseline });
  } finally {
    lock.release();
  }
}

/** The suites are the same, and their requests are not: the environment that templates read, or another Assay. */
function refuseOtherPlan({ digest }: ShardPlan, { shard }: ShardJournal): void {
  if (digest !== shard.plan)
    throw usageError(
      'plan-changed',
      'the suites are those of the shards, but their cases ask something else now',
      'set the environment variables that the suites read as they were, and use the version of Assay that ran the shards',
    );
}

/** Writing the merged journal would destroy what is to be merged. */
async function refuseOverwriting(
  journalPath: string,
  parts: readonly ShardJournal[],
  displayPath: string,
): Promise<void> {
  const target = await realpath(journalPath).catch(() => journalPath);
  for (const part of parts)
    if ((await realpath(part.journal)) === target)
      throw usageError(
        'merge-onto-part',
        `the merged run cannot be written to ${displayPath}: shard ${part.shard.index} is there`,
        'name another folder with --reports DIR',
      );
}

/** The first record of the merged journal: one run, from the first shard's beginning. */
function runOf(parts: readonly ShardJournal[], plans: readonly Plan[]): RunRecord {
  const [first] = parts;
  if (!first) throw new Error('nothing is merged');
  const { shard: _, ...last } = first.last;
  const cases = new Map(plans.map((plan) => [plan.suite.name, plan.cases.length]));
  return {
    ...last,
    type: 'run',
    startedAt: parts.map(({ run }) => run.startedAt).toSorted()[0] ?? last.startedAt,
    suites: last.suites.map((suite) => ({ ...suite, cases: cases.get(suite.name) ?? 0 })),
    shards: parts.length,
  };
}

interface Target {
  readonly plans: readonly Plan[];
  readonly shardPlan: ShardPlan;
  readonly judge: Judge;
  readonly journal: JournalWriter;
}

/** Records that wait for the disk together. */
const mostWaiting = 256;

/** Copies the trials of the shard.s own cases, without those that its journal has from an earlier plan. */
async function copyTrials(part: ShardJournal, { plans, shardPlan, judge, journal }: Target): Promise<void> {
  const byName = new Map(plans.map((plan) => [plan.suite.name, plan]));
  const isOurs = ({ suite, case: id }: TrialRecord | TurnRecord): boolean => {
    const ref = byName.get(suite)?.find(id);
    return ref !== undefined && shardPlan.shardOf(ref) === part.shard.index;
  };
  let waiting: { record: TrialRecord; span: Promise<Span> }[] = [];
  const settle = async (): Promise<void> => {
    await Promise.all(waiting.map(({ span }) => span));
    // In order: of two records of one trial the later counts.
    for (const { record, span } of waiting) await judge.add(record, await span);
    waiting = [];
  };
  await readJournal(
    part.journal,
    async (record) => {
      if (!isOurs(record)) return;
      waiting.push({ record, span: journal.append(record) });
      if (waiting.length >= mostWaiting) await settle();
    },
    async (record) => {
      if (isOurs(record)) await journal.append(record);
    },
  );
  await settle();
}

/** How a run ends that was made of parts: as badly as the worst of them. */
const worstFirst: readonly EndReason[] = ['interrupted', 'stopped', 'budget', 'bailed', 'done'];

/** The last record of a merged journal. A shard whose journal has no last record was killed. */
function endOf(parts: readonly ShardJournal[]): EndRecord {
  const reasons = parts.map(({ end }) => end?.reason ?? 'interrupted');
  const messages = parts.flatMap((part) => {
    const message = messageOf(part);
    return message === undefined ? [] : [`shard ${part.shard.index}/${part.shard.count}: ${message}`];
  });
  const stoppedModels = Object.assign({}, ...parts.map(({ end }) => end?.stoppedModels)) as Record<
    string,
    string
  >;
  const lost = parts.reduce((sum, part) => sum + part.lost, 0);
  return {
    v: journalVersion,
    type: 'end',
    at:
      parts
        .map(({ end, last }) => end?.at ?? last.startedAt)
        .toSorted()
        .at(-1) ?? '',
    reason: worstFirst.find((reason) => reasons.includes(reason)) ?? 'done',
    ...(messages.length > 0 ? { message: messages.join('; ') } : {}),
    ...(Object.keys(stoppedModels).length > 0 ? { stoppedModels } : {}),
    ...(lost > 0 ? { lost } : {}),
  };
}

function messageOf({ end }: ShardJournal): string | undefined {
  if (!end) return 'it was killed';
  return end.message ?? (end.reason === 'interrupted' ? 'it was interrupted' : undefined);
}

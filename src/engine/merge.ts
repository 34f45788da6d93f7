import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Span } from '../journal/lines.ts';
import { lockFolder } from '../journal/lock.ts';
import { openTrials, readJournal } from '../journal/reader.ts';
import type { RunRecord, TrialRecord, TurnRecord } from '../journal/record.ts';
import { openJournal, type JournalWriter } from '../journal/writer.ts';
import { createJudge, whyNotAsked, type Judge } from '../judge/judge.ts';
import type { Plan } from '../plan/case.ts';
import type { BaselineOptions } from './baseline.ts';
import { conclude, openBaselineIfNamed, type Outcome } from './conclude.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import { resultsOf } from './judge-journal.ts';
import { endOf } from './merged-end.ts';
import { defaults } from './options.ts';
import { readParts, type Part } from './parts.ts';
import { planAgain, refuseChanged } from './plan-again.ts';
import { prepareFolder } from './prepare-folder.ts';
import { readReporters } from './reports.ts';
import { setAside } from './set-aside.ts';
import { shareOut, type Sharing } from './share.ts';

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
  const parts = await readParts(context, options.shards);
  const [first] = parts;
  if (!first) throw usageError('no-shard', 'there are no shards to merge', 'name the folders of all shards');
  // The whole plan: the share of one part is left out of its record.
  const { shard: _, ...whole } = first.last;
  const plans = await planAgain(context, whole);
  const baseline = await openBaselineIfNamed(context, options, plans);
  refuseChanged(whole, plans);
  const sharing = shareOut(plans, parts.length);
  refuseOtherPlan(sharing, first);
  const directory = path.resolve(context.cwd, reports);
  prepareFolder(directory, reports);
  const journalPath = path.join(directory, 'journal.jsonl');
  await refuseOnto(journalPath, parts, reports);
  const lock = await lockFolder(directory, reports);
  try {
    const run = runOf(parts, plans);
    const end = endOf(parts);
    const judge = createJudge(plans);
    await setAside(context, directory, reports);
    const journal = await openJournal(journalPath);
    try {
      await journal.append(run);
      for (const part of parts) await copyTrials(part, { plans, sharing, judge, journal });
      await journal.append(end);
    } finally {
      await journal.close();
    }
    const trials = openTrials(journalPath);
    context.atClose(trials.close);
    const results = resultsOf(judge.results(whyNotAsked(end), trials.read), run, run, end);
    return await conclude(context, results, { directory, reports, reporters, baseline });
  } finally {
    lock.release();
  }
}

/** The suites are the same, and yet not what is asked: the environment that templates read, or another Assay. */
function refuseOtherPlan({ digest }: Sharing, { shard }: Part): void {
  if (digest !== shard.plan)
    throw usageError(
      'plan-changed',
      'the suites are those of the shards, but their cases ask something else now',
      'set the environment variables that the suites read as they were, and use the version of Assay that ran the shards',
    );
}

/** Writing the merged journal would destroy what is to be merged. */
async function refuseOnto(journalPath: string, parts: readonly Part[], shown: string): Promise<void> {
  const target = await realpath(journalPath).catch(() => journalPath);
  for (const part of parts)
    if ((await realpath(part.journal)) === target)
      throw usageError(
        'merge-onto-part',
        `the merged run cannot be written to ${shown}: shard ${part.shard.index} is there`,
        'name another folder with --reports DIR',
      );
}

/** The first record of the merged journal: one run, from the first shard's beginning. */
function runOf(parts: readonly Part[], plans: readonly Plan[]): RunRecord {
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
  readonly sharing: Sharing;
  readonly judge: Judge;
  readonly journal: JournalWriter;
}

/** Records that wait for the disk together. */
const mostWaiting = 256;

/** Copies what a shard was asked for, and nothing that its journal may hold from an earlier plan. */
async function copyTrials(part: Part, { plans, sharing, judge, journal }: Target): Promise<void> {
  const byName = new Map(plans.map((plan) => [plan.suite.name, plan]));
  const isOurs = ({ suite, case: id }: TrialRecord | TurnRecord): boolean => {
    const ref = byName.get(suite)?.find(id);
    return ref !== undefined && sharing.shardOf(ref) === part.shard.index;
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

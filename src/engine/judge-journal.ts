import { openTrials, readJournal } from '../journal/reader.ts';
import type { EndRecord, ResumeRecord, RunRecord } from '../journal/record.ts';
import { createJudge, whyNotRun } from '../judge/judge.ts';
import type { Results, SuiteResults } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';
import type { Context } from './context.ts';

/**
 * Reads a journal back, and judges it by the plans' assertions, as a live run judges its records when they are in. The
 * results read trials from the journal until the session closes.
 */
export async function judgeJournal(
  { atClose }: Pick<Context, 'atClose'>,
  plans: readonly Plan[],
  journalPath: string,
): Promise<Results> {
  const judge = createJudge(plans);
  const { run, resumed, end, lost } = await readJournal(journalPath, (record, span) =>
    judge.add(record, span),
  );
  const trials = openTrials(journalPath);
  atClose(trials.close);
  return resultsOf(judge.results(whyNotRun(end), trials.read), run, resumed ?? run, end, lost);
}

/**
 * Results of a run: what was judged, and how the run went the last time it went on. Without a last record it was killed.
 * `lost` counts the calls that were cut off each time it ended.
 */
export function resultsOf(
  suites: readonly SuiteResults[],
  run: Pick<RunRecord, 'startedAt' | 'shards'>,
  last: RunRecord | ResumeRecord,
  end?: EndRecord,
  lost = end?.lost ?? 0,
): Results {
  const { shard } = last;
  const endedAt = end?.at ?? last.startedAt;
  const selection = {
    ...last.options.selection,
    ...(shard ? { shard: [`${shard.index}/${shard.count}`] } : {}),
  };
  return {
    suites,
    run: {
      startedAt: run.startedAt,
      endedAt,
      durationMs: Date.parse(endedAt) - Date.parse(last.startedAt),
      endpoint: last.endpoint,
      emulator: last.emulator,
      assay: last.assay,
      node: last.node,
      ended: end?.reason ?? 'interrupted',
      ...(Object.keys(selection).length > 0 ? { selection } : {}),
      ...(end?.message === undefined ? {} : { message: end.message }),
      ...(end?.stoppedModels === undefined ? {} : { stoppedModels: end.stoppedModels }),
      ...(lost > 0 ? { lost } : {}),
      ...(run.shards === undefined ? {} : { shards: run.shards }),
    },
  };
}

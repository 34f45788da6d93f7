import { readJournal } from '../journal/reader.ts';
import type { EndRecord, RunRecord } from '../journal/record.ts';
import { createJudge } from '../judge/judge.ts';
import type { Results, SuiteResults } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';

/** Reads a journal back and judges it by the plans' assertions, as a live run judges its records when they are in. */
export async function judgeJournal(plans: readonly Plan[], journalPath: string): Promise<Results> {
  const judge = createJudge(plans);
  const { run, end } = await readJournal(journalPath, judge.add);
  return resultsOf(judge.results(), run, end);
}

/** Results of a run: what was judged, and how the run went. Without a last record it was killed. */
export function resultsOf(suites: readonly SuiteResults[], run: RunRecord, end?: EndRecord): Results {
  const endedAt = end?.at ?? run.startedAt;
  return {
    suites,
    run: {
      startedAt: run.startedAt,
      endedAt,
      durationMs: Date.parse(endedAt) - Date.parse(run.startedAt),
      endpoint: run.endpoint,
      emulator: run.emulator,
      assay: run.assay,
      node: run.node,
      ended: end?.reason ?? 'interrupted',
      ...(end?.message === undefined ? {} : { message: end.message }),
    },
  };
}

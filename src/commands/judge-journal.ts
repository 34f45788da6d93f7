import { readJournal } from '../journal/reader.ts';
import { judgeSuite } from '../judge/judge.ts';
import type { Results, SuiteResults } from '../judge/results.ts';
import type { Plan } from '../plan/case.ts';

/** Reads a journal back and judges it by the plans' assertions: the one way to results, live or later. */
export async function judgeJournal(plans: readonly Plan[], journalPath: string): Promise<Results> {
  const { run, trials, end } = await readJournal(journalPath);
  const suites: SuiteResults[] = [];
  for (const plan of plans) {
    suites.push(await judgeSuite(plan, (ref) => trials.get(`${ref.suite.name}\0${ref.id}`) ?? []));
  }
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

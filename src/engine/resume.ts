import { readExchange } from '../gemini/call-result.ts';
import type { ReplayStore } from '../execute/replay-store.ts';
import type { BegunCall } from '../execute/trial.ts';
import { isStillEmpty, readJournal, type Journal } from '../journal/reader.ts';
import type { ShardRecord } from '../journal/record.ts';
import type { Judge } from '../judge/judge.ts';
import type { CaseRef, Plan } from '../plan/case.ts';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import type { Planned } from './select-cases.ts';
import { plural } from '../lib/words.ts';

const keyOf = (suite: string, id: string, trial: number): string => `${suite}\0${id}\0${trial}`;

/** The parts of an unfinished run's journal that the resumed run needs. */
export interface Resumed extends Journal {
  /** Calls of conversations that had begun. */
  readonly begun: (ref: CaseRef, trial: number) => readonly BegunCall[] | undefined;
  /** What is kept and what is not, in one sentence. */
  readonly summary: string;
}

/**
 * Reads the journal of a run that goes on, and judges its trials. Trials whose case has changed (by fingerprint) or is
 * gone are dropped; trials that errored run again.
 */
async function readResumed(journalPath: string, plans: readonly Plan[], judge: Judge): Promise<Resumed> {
  const kept = new Set<string>();
  const errored = new Set<string>();
  const dropped = new Map<string, string>();
  const turns = new Map<string, { fingerprint: string; calls: BegunCall[] }>();
  const journal = await readJournal(
    journalPath,
    async (record, span) => {
      const key = keyOf(record.suite, record.case, record.trial);
      const verdict = await judge.add(record, span);
      // A conversation that errored goes on after its answered turns.
      if (verdict !== 'errored') turns.delete(key);
      if (verdict === undefined) {
        if (!kept.has(key)) dropped.set(key, record.case);
        return;
      }
      dropped.delete(key);
      if (verdict === 'errored') {
        judge.markForRetry(record);
        kept.delete(key);
        errored.add(key);
      } else {
        kept.add(key);
        errored.delete(key);
      }
    },
    ({ suite, case: id, trial, fingerprint, call, exchange, attempts }) => {
      const key = keyOf(suite, id, trial);
      const before = turns.get(key);
      const calls = before?.fingerprint === fingerprint ? before.calls.slice(0, call) : [];
      if (calls.length === call) turns.set(key, { fingerprint, calls: [...calls, { exchange, attempts }] });
    },
  );
  const byName = new Map(plans.map((plan) => [plan.suite.name, plan]));
  return {
    ...journal,
    begun: (ref, trial) => {
      const found = turns.get(keyOf(ref.suite.name, ref.id, trial));
      if (!found) return undefined;
      return byName.get(ref.suite.name)?.materialize(ref).fingerprint === found.fingerprint
        ? found.calls
        : undefined;
    },
    summary: summaryOf(kept.size, errored.size, [...dropped.values()]),
  };
}

/**
 * Reads the journal of a run that continues with these cases, and says what is kept. Another shard of the run is refused.
 * Undefined where there is no journal: the run then starts from the beginning.
 */
export async function resume(
  { on }: Context,
  journalPath: string,
  reports: string,
  { plans, shard }: Planned,
  judge: Judge,
): Promise<Resumed | undefined> {
  if (await isStillEmpty(journalPath)) {
    on({ type: 'note', text: `nothing to resume in ${reports}: the run starts from the beginning` });
    return undefined;
  }
  const resumed = await readResumed(journalPath, plans, judge);
  refuseOtherShard(resumed, shard, reports);
  on({ type: 'note', text: resumed.summary });
  return resumed;
}

/** Adds the replies of the journal: a cassette has all replies of a run. */
export async function keepAnswers(
  journalPath: string,
  plans: readonly Plan[],
  judge: Judge,
  recordings: ReplayStore,
): Promise<void> {
  const byName = new Map(plans.map((plan) => [plan.suite.name, plan]));
  await readJournal(journalPath, async (record) => {
    const plan = byName.get(record.suite);
    const ref = plan?.find(record.case);
    if (!plan || !ref || !judge.isSettled(ref, record.trial)) return;
    const testCase = plan.materialize(ref);
    if (testCase.fingerprint !== record.fingerprint) return;
    const results = record.exchanges.map((exchange) => readExchange(testCase.method, exchange));
    await recordings.store(testCase, record, results);
  });
}

/** Going on with another shard would drop the replies of this one. */
function refuseOtherShard(
  { run, resumed }: Resumed,
  now: ShardRecord | undefined,
  displayPath: string,
): void {
  const then = (resumed ?? run).shard;
  if (then?.index === now?.index && then?.count === now?.count) return;
  const name = (shard: ShardRecord | undefined): string =>
    shard ? `shard ${shard.index}/${shard.count}` : 'the whole run';
  throw usageError(
    'other-shard',
    `the run in ${displayPath} is ${name(then)}, and this run would continue it as ${name(now)}`,
    then
      ? `add --shard ${then.index}/${then.count}, or name another folder with --reports DIR`
      : 'leave --shard out, or name another folder with --reports DIR',
  );
}

/** Cases that are named where their trials are dropped. */
const mostNamed = 5;

function summaryOf(kept: number, errored: number, dropped: readonly string[]): string {
  const cases = [...new Set(dropped)];
  const named = cases.slice(0, mostNamed).join(', ');
  const more = cases.length > mostNamed ? `, and ${cases.length - mostNamed} more` : '';
  const parts = [
    `${plural(kept, 'trial')} kept`,
    ...(errored > 0 ? [`${errored} errored, to run again`] : []),
    ...(dropped.length > 0
      ? [`${dropped.length} dropped (case changed or not selected): ${named}${more}`]
      : []),
  ];
  return `resumed: ${parts.join('; ')}`;
}

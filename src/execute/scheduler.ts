import PQueue from 'p-queue';
import type { Case, CaseRef, Plan } from '../plan/case.ts';

export interface SchedulerOptions {
  /** How many trials of one model may be under way. */
  readonly concurrency: () => number;
  /** The numbers of the trials that a case is to be sent now. None: it has enough. */
  readonly trialsToSend: (ref: CaseRef) => readonly number[];
  /** Makes and judges one trial; false if it was lost. Never rejects. */
  readonly execute: (testCase: Case, trial: number) => Promise<boolean>;
  /** Aborted when no further trial may start. */
  readonly drain: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Decides which trial of which case comes next. */
export interface Scheduler {
  /** Resolves when every case has enough trials or lost one, or the run has stopped and no trial is under way. */
  readonly run: () => Promise<void>;
  /** How many trials the run takes, as far as is known: more when a case turns out to need another round. */
  readonly total: () => number;
  /** The concurrency has changed. */
  readonly resize: () => void;
}

/** Each model has a queue of its own, in the order of its cases: the quota of one does not delay another. */
export function createScheduler(
  plans: readonly Plan[],
  { concurrency, trialsToSend, execute, drain, onError }: SchedulerOptions,
): Scheduler {
  const queues: PQueue[] = [];
  let total = 0;
  for (const { cases } of plans)
    for (const ref of cases) if (ref.skip === undefined) total += trialsToSend(ref).length;

  async function runCase(queue: PQueue, { materialize }: Plan, ref: CaseRef): Promise<void> {
    let testCase: Case | undefined;
    for (let round = 0; ; round++) {
      const trials = trialsToSend(ref);
      if (trials.length === 0) return;
      if (round > 0) total += trials.length;
      const sent: Promise<boolean>[] = [];
      for (const trial of trials) {
        if (round === 0) await roomIn(queue);
        if (drain.aborted) return;
        const ready = (testCase ??= materialize(ref));
        // A case that has begun goes before those that have not.
        sent.push(queue.add(() => execute(ready, trial), { priority: round === 0 ? 0 : 1 }));
      }
      const settled = await Promise.all(sent);
      if (settled.includes(false)) return;
    }
  }

  async function runModel(model: string | undefined): Promise<void> {
    const queue = new PQueue({ concurrency: concurrency() });
    queues.push(queue);
    const open = new Set<Promise<void>>();
    for (const plan of plans)
      for (const ref of plan.cases) {
        if (ref.model !== model || ref.skip !== undefined) continue;
        await roomIn(queue);
        if (drain.aborted) break;
        const running: Promise<void> = runCase(queue, plan, ref)
          .catch(onError)
          .finally(() => open.delete(running));
        open.add(running);
      }
    await Promise.all(open);
    await queue.onIdle();
  }

  return {
    run: async () => {
      const models = new Set(plans.flatMap(({ cases }) => cases.map(({ model }) => model)));
      await Promise.all([...models].map((model) => runModel(model)));
    },
    total: () => total,
    resize: () => {
      for (const queue of queues) queue.concurrency = concurrency();
    },
  };
}

/** Jobs that wait cost memory, so a queue is filled only as it empties. */
async function roomIn(queue: PQueue): Promise<void> {
  while (queue.size >= 2 * queue.concurrency) await queue.onSizeLessThan(queue.concurrency);
}

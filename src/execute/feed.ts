import PQueue from 'p-queue';
import type { Case, CaseRef, Plan } from '../plan/case.ts';

export interface FeedOptions {
  /** How many trials of one model may have begun. */
  readonly concurrency: () => number;
  readonly isDue: (ref: CaseRef, trial: number) => boolean;
  readonly stopping: AbortSignal;
  readonly make: (asked: Case, trial: number) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** Begins the trials of plans. */
export interface Feed {
  /** Resolves when all have been made, or the run has stopped and those that had begun are over. */
  readonly all: (plans: readonly Plan[]) => Promise<void>;
  /** The concurrency has changed. */
  readonly resize: () => void;
}

/** Feeds the trials of each model in the order of its cases: one model's quota holds up no other. */
export function createFeed({ concurrency, isDue, stopping, make, fail }: FeedOptions): Feed {
  const queues: PQueue[] = [];

  async function feed(plans: readonly Plan[], model: string | undefined): Promise<void> {
    const queue = new PQueue({ concurrency: concurrency() });
    queues.push(queue);
    feeding: for (const plan of plans) {
      for (const ref of plan.cases) {
        if (ref.model !== model || ref.skip !== undefined) continue;
        let asked: Case | undefined;
        for (let trial = 1; trial <= ref.repeats; trial++) {
          if (!isDue(ref, trial)) continue;
          // Fed lazily: jobs that wait cost memory, and a stopped run must not have to drain them.
          if (queue.size >= 2 * queue.concurrency) await queue.onSizeLessThan(queue.concurrency);
          if (stopping.aborted) break feeding;
          const ready = (asked ??= plan.materialize(ref));
          void queue.add(() => make(ready, trial)).catch(fail);
        }
      }
    }
    await queue.onIdle();
  }

  return {
    all: async (plans) => {
      const models = new Set(plans.flatMap(({ cases }) => cases.map(({ model }) => model)));
      await Promise.all([...models].map((model) => feed(plans, model).catch(fail)));
    },
    resize: () => {
      for (const queue of queues) queue.concurrency = concurrency();
    },
  };
}

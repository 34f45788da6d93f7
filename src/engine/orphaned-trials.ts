import type { Span } from '../journal/lines.ts';
import { openTrials, readJournal } from '../journal/reader.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';

/** What tells the trials of a journal apart. */
export function keyOf(suite: string, id: string, trial: number): string {
  return `${suite}\0${id}\0${trial}`;
}

/** An answer that no case of its name asks for any more. */
interface Answer {
  /** The trials it stands under: each continuation that gives it another name writes it once more. */
  readonly keys: string[];
  readonly mark: string;
  readonly span: Span;
}

interface Settled {
  readonly renamed: (testCase: Case, trial: number) => TrialRecord | undefined;
  /** How many trials are given to other cases. */
  readonly moved: number;
  /** Keys of the trials whose answers stand under another name, now or since an earlier continuation. */
  readonly old: ReadonlySet<string>;
}

/** Two records of one answer have this in common. */
const markOf = ({ fingerprint, at, exchanges }: TrialRecord): string =>
  `${fingerprint} ${at} ${exchanges.map(({ totalMs }) => totalMs).join(' ')}`;

/** Finds cases of today for answers whose case was renamed: those that ask just the same, and have no answer yet. */
export function findOrphans(journalPath: string): {
  readonly add: (record: TrialRecord, span: Span) => void;
  readonly settle: (
    plans: readonly Plan[],
    isSettled: (ref: CaseRef, trial: number) => boolean,
  ) => Promise<Settled>;
} {
  const byFingerprint = new Map<string, Answer[]>();

  const old = new Set<string>();
  const leave = (answer: Answer): void => answer.keys.forEach((key) => old.add(key));

  /** An answer that an earlier continuation gave to a case of today is that case's. */
  async function forgetUsed(isKept: (record: TrialRecord) => boolean): Promise<void> {
    await readJournal(journalPath, (record) => {
      const answers = byFingerprint.get(record.fingerprint);
      const used = answers?.find(({ mark }) => mark === markOf(record));
      if (!answers || !used || !isKept(record)) return;
      leave(used);
      answers.splice(answers.indexOf(used), 1);
    });
  }

  return {
    add: (record, span) => {
      // What failed is no answer, and is sent again.
      if (!record.exchanges.every(({ failure, status = 0 }) => !failure && status < 300)) return;
      const key = keyOf(record.suite, record.case, record.trial);
      const mark = markOf(record);
      const answers = byFingerprint.get(record.fingerprint) ?? [];
      const same = answers.find((each) => each.mark === mark);
      if (same) same.keys.push(key);
      else answers.push({ keys: [key], mark, span });
      byFingerprint.set(record.fingerprint, answers);
    },
    settle: async (plans, isSettled) => {
      const given = new Map<string, Span>();
      if (byFingerprint.size > 0) {
        const byName = new Map(plans.map((plan) => [plan.suite.name, plan]));
        await forgetUsed(({ suite, case: id, trial }) => {
          const ref = byName.get(suite)?.find(id);
          return ref !== undefined && isSettled(ref, trial);
        });
        for (const { suite, cases, materialize } of plans)
          for (const ref of cases) {
            if (ref.skip !== undefined) continue;
            for (let trial = 1; trial <= ref.repeats; trial++) {
              if (isSettled(ref, trial)) continue;
              const answer = byFingerprint.get(materialize(ref).fingerprint)?.shift();
              if (!answer) continue;
              given.set(keyOf(suite.name, ref.id, trial), answer.span);
              leave(answer);
            }
          }
      }
      return {
        old,
        moved: given.size,
        renamed: ({ suite, id }, trial) => {
          const span = given.get(keyOf(suite.name, id, trial));
          return span && readOne(journalPath, span);
        },
      };
    },
  };
}

function readOne(path: string, span: Span): TrialRecord {
  const trials = openTrials(path);
  try {
    return trials.read(span);
  } finally {
    trials.close();
  }
}

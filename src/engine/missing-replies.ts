import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TrialRecord } from '../journal/record.ts';
import type { Judge } from '../judge/judge.ts';
import type { CaseRef, Plan } from '../plan/case.ts';
import { plural } from '../lib/words.ts';

/** The replies that a journal does not have for the current suites. */
export interface MissingReplies {
  /** Records a trial of the journal; `taken` if it answers a case as it is now. */
  readonly note: (record: TrialRecord, taken: boolean) => void;
  /** After all trials: how many cases lack replies, the warnings, and why a case was not sent. */
  readonly found: () => {
    readonly lacking: number;
    readonly warnings: readonly Diagnostic[];
    readonly whyNot: (ref: CaseRef) => string;
  };
}

/** Cases that are named in a message; the reports name all. */
const mostNamed = 10;

/** Watches the trials of a journal. `all` are the cases that its run is about, `plans` those that are judged. */
export function watchMissingReplies(
  all: readonly Plan[],
  plans: readonly Plan[],
  { trialCounts }: Pick<Judge, 'trialCounts'>,
): MissingReplies {
  const known = new Map(all.map((plan) => [plan.suite.name, plan]));
  const chosen = new Map(plans.map((plan) => [plan.suite.name, plan]));
  const gone = new Set<string>();
  const changed = new Set<CaseRef>();
  return {
    note: ({ suite, case: id, trial }, taken) => {
      if (taken) return;
      if (!known.get(suite)?.find(id)) gone.add(`${suite}: ${id}`);
      const ref = chosen.get(suite)?.find(id);
      if (ref && trial <= ref.repeats) changed.add(ref);
    },
    found: () => {
      const absent: string[] = [];
      const other: string[] = [];
      const few: string[] = [];
      for (const { suite, cases } of plans)
        for (const ref of cases) {
          const { settled, lost } = trialCounts(ref);
          if (ref.skip !== undefined || lost === 0) continue;
          (settled > 0 ? few : changed.has(ref) ? other : absent).push(`${suite.name}: ${ref.id}`);
        }
      const help = 'assay run --changed runs only the missing cases';
      return {
        lacking: absent.length + other.length + few.length,
        warnings: [
          ...warning('not-in-journal', absent, 'not judged: not in the journal', help),
          ...warning('request-changed', other, 'not judged: the request has changed', help),
          ...warning('too-few-trials', few, 'judged by fewer trials than the suites require', help),
          ...warning('case-gone', [...gone].toSorted(), 'in the journal, but no longer in the suites'),
        ],
        whyNot: (ref) =>
          changed.has(ref) ? 'the request has changed since it was sent' : 'it is not in the journal',
      };
    },
  };
}

function warning(code: string, names: readonly string[], what: string, help?: string): Diagnostic[] {
  if (names.length === 0) return [];
  const more = names.length > mostNamed ? `; +${names.length - mostNamed} more` : '';
  const named = `${names.slice(0, mostNamed).join('; ')}${more}`;
  return [
    {
      severity: 'warning',
      code,
      message: `${plural(names.length, 'case')} ${what}: ${named}`,
      ...(help === undefined ? {} : { help }),
    },
  ];
}

import type { CaseRef, Plan } from './case.ts';

/** A plan with those of its cases that are to be kept; its `total` stays that of the whole suite. */
export function restrict(plan: Plan, keep: (ref: CaseRef) => boolean): Plan {
  const cases = plan.cases.filter(keep);
  const kept = new Set(cases);
  return {
    ...plan,
    cases,
    find: (id) => {
      const ref = plan.find(id);
      return ref && kept.has(ref) ? ref : undefined;
    },
  };
}

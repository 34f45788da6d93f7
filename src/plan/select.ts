import type { CaseRef, Plan, Selection } from './case.ts';

/** The parts of a case that selection options match. */
export interface Selectable {
  readonly id: string;
  readonly test: string;
  readonly tags?: readonly string[] | undefined;
  readonly prompt?: string | undefined;
  readonly config?: string | undefined;
  readonly model?: string | undefined;
}

/** Whether a case fits every narrowing option that was given. */
export function isSelected({ id, test, prompt, config, model }: CaseRef, selection: Selection): boolean {
  return fits(selection, {
    id,
    test: test.name,
    tags: test.tags,
    ...(prompt ? { prompt: prompt.name } : {}),
    ...(config ? { config: config.name } : {}),
    ...(model === undefined ? {} : { model }),
  });
}

/** {@link isSelected} of what a results file says of a case. */
export function fits(selection: Selection, each: Selectable): boolean {
  const { filter, tag, test, prompt, config, model } = selection;
  const id = each.id.toLowerCase();
  return (
    (!filter || filter.some((text) => id.includes(text.toLowerCase()))) &&
    (!tag || tag.some((name) => each.tags?.includes(name) === true)) &&
    (!test || test.includes(each.test)) &&
    (!prompt || (each.prompt !== undefined && prompt.includes(each.prompt))) &&
    (!config || (each.config !== undefined && config.includes(each.config))) &&
    (!model || (each.model !== undefined && model.includes(each.model)))
  );
}

/** Whether a selection leaves anything out. */
export function isNarrowed(selection: Selection): boolean {
  return Object.values(selection).some((given) => given !== undefined);
}

/** A plan with those of its cases that are to be kept; its `total` stays that of the whole suite. */
export function filterPlan(plan: Plan, keep: (ref: CaseRef) => boolean): Plan {
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

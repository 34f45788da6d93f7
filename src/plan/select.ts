import type { CaseRef, Selection } from './case.ts';

/** Whether a case fits every narrowing option that was given. */
export function isSelected(ref: CaseRef, selection: Selection): boolean {
  const { filter, tag, test, prompt, config, model } = selection;
  const id = ref.id.toLowerCase();
  return (
    (!filter || filter.some((text) => id.includes(text.toLowerCase()))) &&
    (!tag || tag.some((name) => ref.test.tags.includes(name))) &&
    (!test || test.includes(ref.test.name)) &&
    (!prompt || (ref.prompt !== undefined && prompt.includes(ref.prompt.name))) &&
    (!config || (ref.config !== undefined && config.includes(ref.config.name))) &&
    (!model || (ref.model !== undefined && model.includes(ref.model)))
  );
}

import {
  changes,
  classes,
  classWords,
  type Change,
  type ComparedCase,
  type Comparison,
} from '../../compare/comparison.ts';

const changeWords: Readonly<Record<Change, string>> = {
  prompt: 'prompt changed',
  config: 'config changed',
  vars: 'vars changed',
  model: 'model changed',
  request: 'request changed',
  assertions: 'assertions changed',
  modelVersion: 'modelVersion changed',
};

/** `2 regressed, 1 fixed, 40 unchanged (prompt changed in 3)`; of no case at all: `no cases`. */
export function countsInWords({ counts, unaffected }: Comparison): string {
  const parts = changes
    .filter((each) => unaffected[each] > 0)
    .map((each) => `${changeWords[each]} in ${unaffected[each]}`);
  const told = classes
    .filter((each) => counts[each] > 0)
    .map((each) => `${counts[each]} ${classWords[each]}`);
  const aside = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  // The unchanged stand last.
  return told.length > 0 ? `${told.join(', ')}${aside}` : 'no cases';
}

/** What of a case changed, and the share of its trials that passed where that says more than its verdicts. */
export function notesOf({ class: kind, changes: changed, before, after }: ComparedCase): string[] {
  const shares =
    before && after && before.trials + after.trials > 2
      ? [`${before.passed}/${before.trials} → ${after.passed}/${after.trials} passed`]
      : [];
  const model =
    changed.includes('model') && before && after
      ? [`model ${before.model ?? 'none'} → ${after.model ?? 'none'}`]
      : [];
  const version =
    changed.includes('modelVersion') && before && after
      ? [`modelVersion ${before.modelVersions.join(', ')} → ${after.modelVersions.join(', ')}`]
      : [];
  const others = changed
    .filter((each) => each !== 'model' && each !== 'modelVersion')
    .map((each) => changeWords[each]);
  const verdict = kind === 'added' && after ? [after.verdict] : [];
  const all = [...verdict, ...others, ...model, ...version];
  const nothing = before && after && changed.length === 0 ? ['nothing changed'] : [];
  return [...all, ...nothing, ...shares];
}

/** Whom a comparison stands between: `baselines → reports`. */
export function sidesOf({ before, after }: Comparison): string {
  return `${before} → ${after}`;
}

import {
  changes,
  classes,
  classWords,
  type Change,
  type ComparedCase,
  type Comparison,
  type Difference,
  type Facet,
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

const facetWords: Readonly<Record<Facet, string>> = {
  outcome: 'outcome',
  blockReason: 'blockReason',
  finishReason: 'finishReason',
  media: 'media',
  code: 'code',
  codeResult: 'code result',
  otherParts: 'part',
  citations: 'citation',
  grounding: 'grounding',
  safety: 'safety rating',
  thoughts: 'thoughts',
  warnings: 'warning',
};
/** What people call media of a type. */
const mediaWords: Readonly<Record<string, string>> = { image: 'picture', audio: 'audio', video: 'video' };
/** Words that have no plural, or no singular. */
const uncounted = new Set(['audio', 'code', 'grounding', 'media', 'thoughts']);
const mostItems = 3;
const mostCharacters = 160;

/** `picture gone: image/png, 8 bytes, sha256:4c4b6a3be131`, `another finishReason: STOP → OTHER`, `new warning: contains: x`. */
export function differenceInWords({ what, before, after }: Difference): string {
  if (what === 'codeResult' && after.some((item) => /^OUTCOME_(?!OK)/.test(bare(item))))
    return `code execution failed: ${listed(after)}`;
  const noun = what === 'media' ? mediaWord([...before, ...after]) : facetWords[what];
  if (after.length === 0) return `${noun} gone: ${listed(before)}`;
  if (before.length === 0) return `new ${noun}: ${listed(after)}`;
  return `${uncounted.has(noun) ? 'other' : 'another'} ${noun}: ${listed(before)} → ${listed(after)}`;
}

/** An item without the turn or the candidate that it is of. */
const bare = (item: string): string => item.replace(/^(?:turn|candidate) \d+: /, '');

/** `picture` where all are pictures. */
function mediaWord(items: readonly string[]): string {
  const families = new Set(items.map((item) => bare(item).split('/', 1)[0]?.toLowerCase() ?? ''));
  const [family = ''] = families;
  return (families.size === 1 && mediaWords[family]) || facetWords.media;
}

function listed(items: readonly string[]): string {
  const first = items.slice(0, mostItems).map((item) => {
    const short = item.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1');
    return short.length > mostCharacters ? `${short.slice(0, mostCharacters)}…` : short;
  });
  const more = items.length - first.length;
  return [...first, ...(more > 0 ? [`+${more} more`] : [])].join(', ');
}

/** `2 regressed, 1 fixed, 40 unchanged (prompt changed in 3)`; of no case at all: `no cases`. */
export function countsInWords({ counts, unaffected }: Comparison): string {
  const parts = changes
    .filter((each) => unaffected[each] > 0)
    .map((each) => `${changeWords[each]} in ${unaffected[each]}`);
  const ofClasses = classes
    .filter((each) => counts[each] > 0)
    .map((each) => `${counts[each]} ${classWords[each]}`);
  const aside = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  // The unchanged come last.
  return ofClasses.length > 0 ? `${ofClasses.join(', ')}${aside}` : 'no cases';
}

/** What of a case and of its replies changed, and the share of its trials that passed where that says more than its verdicts. */
export function notesOf({
  class: kind,
  changes: changed,
  replyChanged,
  differences,
  before,
  after,
}: ComparedCase): string[] {
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
  const same = replyChanged ? 'same request, different reply' : 'nothing changed';
  const nothing = before && after && changed.length === 0 ? [same] : [];
  return [...all, ...nothing, ...shares, ...differences.map(differenceInWords)];
}

/** What is compared: `baselines → reports`. */
export function sidesOf({ before, after }: Comparison): string {
  return `${before} → ${after}`;
}

import { diffLines, diffWordsWithSpace, type Change } from 'diff';

/** A run of words that both texts have, or only one. */
export interface Run {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Edits beyond which texts count as different altogether: looking on would cost the square of them. */
const mostEdits = 2000;

/** What changed between two texts: by words, by lines where the words differ too much, else as a whole. */
export function diffTexts(before: string, after: string): Run[] {
  const found: Change[] | undefined =
    diffWordsWithSpace(before, after, { maxEditLength: mostEdits }) ??
    diffLines(before, after, { maxEditLength: mostEdits });
  if (!found)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  return found.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

/** Code points of common text that are kept beside a change. */
const context = 40;

/** Cuts common text to what is next to a change, and all runs to about `most` code points. */
export function excerpt(runs: readonly Run[], most: number): Run[] {
  const result: Run[] = [];
  let left = most;
  for (const [index, { kind, text }] of runs.entries()) {
    if (left <= 0) {
      result.push({ kind: 'same', text: '…' });
      break;
    }
    const points = [...text];
    const kept =
      kind === 'same'
        ? shortened(points, index > 0, index < runs.length - 1)
        : points.length > left
          ? `${points.slice(0, left).join('')}…`
          : text;
    left -= kept.length;
    result.push({ kind, text: kept });
  }
  return result;
}

function shortened(points: readonly string[], hasBefore: boolean, hasAfter: boolean): string {
  const head = hasBefore ? context : 0;
  const tail = hasAfter ? context : 0;
  if (points.length <= head + tail + 1) return points.join('');
  return `${points.slice(0, head).join('')}…${tail > 0 ? points.slice(-tail).join('') : ''}`;
}

/** A text of more code points than this is too long to be compared by eye. */
const long = 120;

/** Where two texts begin to differ. */
interface Difference {
  /** What both have around it and what only one has, on one line: `…a girl who [-collected-]{+drew+} maps…`. */
  readonly marked: string;
  /** Both texts, cut to what is around it. */
  readonly before: string;
  readonly after: string;
}

/** The first difference of two texts, and what follows it closely; undefined where they are equal, or short enough to be read whole. */
export function firstDifference(before: string, after: string): Difference | undefined {
  const [a, b] = [[...before], [...after]];
  if (before === after || Math.max(a.length, b.length) <= long) return undefined;
  const from = a.findIndex((point, index) => point !== b[index]);
  const at = from < 0 ? a.length : from;
  const start = Math.max(0, at - context);
  const end = at + 3 * context;
  const runs = diffTexts(a.slice(start, end).join(''), b.slice(start, end).join(''));
  const isCut = Math.max(a.length, b.length) > end;
  const first = runs.findIndex(({ kind }) => kind !== 'same');
  const last = runs.findLastIndex(({ kind }) => kind === 'same');
  // What differs behind the last words in common may do so only because it was cut.
  const visible = isCut && last > first ? runs.slice(0, last + 1) : runs;
  return {
    marked: `${start > 0 ? '…' : ''}${visible.map(markRun).join('')}${isCut ? '…' : ''}`,
    before: around(a, at),
    after: around(b, at),
  };
}

function around(points: readonly string[], at: number): string {
  const [start, end] = [Math.max(0, at - 5 * context), at + 20 * context];
  return `${start > 0 ? '…' : ''}${points.slice(start, end).join('')}${end < points.length ? '…' : ''}`;
}

function markRun({ kind, text }: Run): string {
  const line = text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', '⇥');
  if (kind === 'same') return line;
  return kind === 'removed' ? `[-${line}-]` : `{+${line}+}`;
}

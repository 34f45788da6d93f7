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

/** The runs, common text cut to what stands beside a change, and all to about `most` code points. */
export function excerpt(runs: readonly Run[], most: number): Run[] {
  const shown: Run[] = [];
  let room = most;
  for (const [index, { kind, text }] of runs.entries()) {
    if (room <= 0) {
      shown.push({ kind: 'same', text: '…' });
      break;
    }
    const points = [...text];
    const kept =
      kind === 'same'
        ? shortened(points, index > 0, index < runs.length - 1)
        : points.length > room
          ? `${points.slice(0, room).join('')}…`
          : text;
    room -= kept.length;
    shown.push({ kind, text: kept });
  }
  return shown;
}

function shortened(points: readonly string[], hasBefore: boolean, hasAfter: boolean): string {
  const head = hasBefore ? context : 0;
  const tail = hasAfter ? context : 0;
  if (points.length <= head + tail + 1) return points.join('');
  return `${points.slice(0, head).join('')}…${tail > 0 ? points.slice(-tail).join('') : ''}`;
}

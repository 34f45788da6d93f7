import Table from 'cli-table3';
import pc from 'picocolors';
import type { RenderOptions } from '../../diagnostics/render-options.ts';
import type { Wrap } from './wrap.ts';

/** How wide columns are, padding included, and how texts are broken to fit. */
export interface Fitted {
  readonly wrap?: Wrap;
  readonly colWidths: number[];
  readonly frame: boolean;
}

/** A line between rows would double the height and say nothing. */
const withoutLines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const withoutFrame = Object.fromEntries(
  ['top', 'bottom'].flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, ''])),
);

/** A whole table, by cli-table3. */
export function draw(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText: readonly boolean[],
  { color }: RenderOptions,
  fitted?: Fitted,
): string {
  const { wrap, colWidths, frame = true } = fitted ?? {};
  const colors = pc.createColors(color);
  const table = new Table({
    head: head.map((name) => colors.bold(name)),
    colAligns: isText.map((text) => (text ? 'left' : 'right')),
    style: {
      // cli-table3's own colours look at the process, and not at what the stream wants.
      head: [],
      border: [],
      ...(frame ? {} : { 'padding-left': 0 }),
    },
    chars: frame ? withoutLines : { ...withoutLines, ...withoutFrame, left: '', middle: '', right: '' },
    ...(colWidths ? { colWidths } : {}),
  });
  const room = (index: number): number => (colWidths?.[index] ?? Number.POSITIVE_INFINITY) - (frame ? 2 : 1);
  for (const row of rows)
    table.push(row.map((cell, index) => (wrap && isText[index] ? wrap(cell, room(index)) : cell)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

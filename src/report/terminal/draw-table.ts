import Table from 'cli-table3';
import pc from 'picocolors';
import stringWidth from 'string-width';
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
      // cli-table3 chooses colours by the process, not by the stream.
      head: [],
      border: [],
      ...(frame ? {} : { 'padding-left': 0 }),
    },
    chars: frame ? withoutLines : { ...withoutLines, ...withoutFrame, left: '', middle: '', right: '' },
    ...(colWidths ? { colWidths } : {}),
  });
  const width = (index: number): number => (colWidths?.[index] ?? Number.POSITIVE_INFINITY) - (frame ? 2 : 1);
  for (const row of rows)
    table.push(row.map((cell, index) => (wrap && isText[index] ? wrap(cell, width(index)) : cell)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** How many columns of the terminal each column of a table needs. */
export function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell));
  return widths;
}

/** A table without a frame, one line a row. */
export function columnsOf(rows: readonly (readonly string[])[], isText: readonly boolean[]): string {
  const widths = widthsOf(rows);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - stringWidth(cell));
        return isText[index] ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

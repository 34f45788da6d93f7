import Table from 'cli-table3';
import pc from 'picocolors';
import { visible } from '../../diagnostics/code-frame.ts';
import type { Look } from '../../diagnostics/look.ts';
import { loadWrap, type Wrap } from './wrap.ts';

type Cell = string | number;

/** Columns of text are not made narrower than this. */
const fewest = 8;
/** A line between rows would double the height and say nothing. */
const withoutLines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const withoutFrame = Object.fromEntries(
  ['top', 'bottom'].flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, ''])),
);

/**
 * A table for the terminal: a frame, a bold head; `right` names the columns of numbers. Where it is too wide, its
 * columns of text are wrapped between words; where that does not do it loses its frame, and at last words are broken.
 */
export async function renderTable(
  head: readonly string[],
  given: readonly (readonly Cell[])[],
  right: readonly string[],
  look: Look,
): Promise<string> {
  // Names come from files and servers: they must not drive the terminal.
  const rows = given.map((row) => row.map((cell) => visible(String(cell))));
  const isText = head.map((name) => !right.includes(name));
  const framed = draw(head, rows, isText, look);
  // The first line is the frame's top, of which each sign is one column wide.
  const widths = (framed.slice(0, framed.indexOf('\n')).match(/─+/g) ?? []).map((part) => part.length);
  const frame = widths.length + 1;
  const columns = look.columns ?? Number.POSITIVE_INFINITY;
  if (total(widths) + frame <= columns) return framed;
  const wrap = await loadWrap(look.columns);
  const least = widths.map((width, index) =>
    isText[index]
      ? Math.min(width, 2 + Math.max(...[head, ...rows].map((row) => longestWord(row[index]))))
      : width,
  );
  if (total(least) + frame <= columns)
    return draw(head, rows, isText, look, {
      wrap,
      colWidths: fit(widths, least, columns - frame),
      frame: true,
    });
  const [bare, bareLeast] = [widths, least].map((each) => each.map((width) => width - 1)) as [
    number[],
    number[],
  ];
  const lowest =
    total(bareLeast) <= columns
      ? bareLeast
      : bare.map((width, index) => (isText[index] ? Math.min(width, fewest) : width));
  return draw(head, rows, isText, look, { wrap, colWidths: fit(bare, lowest, columns), frame: false });
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);
const longestWord = (cell = ''): number => Math.max(...cell.split(/\s+/).map((word) => word.length));

/** Takes from the column that has most to give until all fit, none below its least. */
function fit(widths: readonly number[], least: readonly number[], room: number): number[] {
  const fitted = [...widths];
  while (total(fitted) > room) {
    const spare = fitted.map((width, index) => width - (least[index] ?? width));
    const most = Math.max(...spare);
    if (most <= 0) break;
    const at = spare.indexOf(most);
    fitted[at] = (fitted[at] ?? 0) - 1;
  }
  return fitted;
}

function draw(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText: readonly boolean[],
  { color }: Look,
  fitted?: { readonly wrap: Wrap; readonly colWidths: number[]; readonly frame: boolean },
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

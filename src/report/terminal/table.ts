import { visible } from '../../diagnostics/code-frame.ts';
import type { RenderOptions } from '../../diagnostics/render-options.ts';
import { loadWrap } from './wrap.ts';

type Cell = string | number;

/** cli-table3 takes a millisecond for a row: longer tables are printed as plain columns. */
const mostDrawn = 200;
/** Columns of text are not made narrower than this. */
const fewest = 8;
/**
 * A table for the terminal: a frame, a bold head; `right` names the columns of numbers. Where it is too wide, its
 * columns of text are wrapped between words; where that does not do it loses its frame, and at last words are broken.
 * A table of more than 200 rows has neither frame nor wrapped lines.
 */
export async function renderTable(
  head: readonly string[],
  given: readonly (readonly Cell[])[],
  right: readonly string[],
  options: RenderOptions,
): Promise<string> {
  // Names come from files and servers: they must not drive the terminal.
  const rows = given.map((row) => row.map((cell) => visible(String(cell))));
  const isText = head.map((name) => !right.includes(name));
  // Loads cli-table3, which validate does not need.
  const { columnsOf, draw, widthsOf } = await import('./draw-table.ts');
  if (rows.length > mostDrawn) return columnsOf([head, ...rows], isText);
  const widths = widthsOf([head, ...rows]).map((width) => width + 2);
  const frame = widths.length + 1;
  const columns = options.columns ?? Number.POSITIVE_INFINITY;
  if (total(widths) + frame <= columns)
    return draw(head, rows, isText, options, { colWidths: widths, frame: true });
  const wrap = await loadWrap(options.columns);
  const least = widths.map((width, index) =>
    isText[index] ? Math.min(width, 2 + longest([head, ...rows], index)) : width,
  );
  if (total(least) + frame <= columns)
    return draw(head, rows, isText, options, {
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
  return draw(head, rows, isText, options, { wrap, colWidths: fit(bare, lowest, columns), frame: false });
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);
const longestWord = (cell = ''): number => Math.max(...cell.split(/\s+/).map((word) => word.length));
const longest = (rows: readonly (readonly string[])[], index: number): number =>
  rows.reduce((most, row) => Math.max(most, longestWord(row[index])), 0);

/** Takes from the column that has most to give until all fit, none below its least. */
function fit(widths: readonly number[], least: readonly number[], available: number): number[] {
  const fitted = [...widths];
  while (total(fitted) > available) {
    const spare = fitted.map((width, index) => width - (least[index] ?? width));
    const most = Math.max(...spare);
    if (most <= 0) break;
    const at = spare.indexOf(most);
    fitted[at] = (fitted[at] ?? 0) - 1;
  }
  return fitted;
}

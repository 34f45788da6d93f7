import type { RenderOptions } from '../../diagnostics/render-options.ts';
import { draw, type Fitted } from './draw-table.ts';

/**
 * cli-table3 takes a millisecond for a row or more: of many, it draws the frame and the rows in which a sign is not one
 * column wide; rows of plain signs are laid out here in the same way.
 */
const fewRows = 100;
const plain = /^[\x20-\x7E]*$/;

type Row = readonly string[];

/** How wide each column is where nothing is broken, padding included. */
export function naturalWidths(
  head: Row,
  rows: readonly Row[],
  isText: readonly boolean[],
  look: RenderOptions,
): number[] {
  const others = rows.length > fewRows ? rows.filter((row) => !isPlain(row)) : rows;
  const [top = ''] = draw(head, others, isText, look).split('\n', 1);
  // The first line is the frame's top, of which each sign is one column wide.
  const widths = (top.match(/─+/g) ?? []).map((part) => part.length);
  if (others === rows) return widths;
  for (const row of rows)
    if (isPlain(row))
      for (const [index, cell] of row.entries())
        widths[index] = Math.max(widths[index] ?? 0, cell.length + 2);
  return widths;
}

/** Draws a table of however many rows. */
export function drawMany(
  head: Row,
  rows: readonly Row[],
  isText: readonly boolean[],
  look: RenderOptions,
  fitted: Fitted,
): string {
  if (rows.length <= fewRows) return draw(head, rows, isText, look, fitted);
  const empty = draw(head, [], isText, look, fitted).split('\n');
  const foot = fitted.frame ? empty.splice(-1) : [];
  const lines = empty;
  let others: Row[] = [];
  const drawOthers = (): void => {
    if (others.length === 0) return;
    const drawn = draw([], others, isText, look, fitted).split('\n');
    for (const line of fitted.frame ? drawn.slice(1, -1) : drawn) lines.push(line);
    others = [];
  };
  for (const row of rows) {
    const laid = isPlain(row) ? layOut(row, isText, fitted) : undefined;
    if (!laid) {
      others.push(row);
      continue;
    }
    drawOthers();
    for (const line of laid) lines.push(line);
  }
  drawOthers();
  return [...lines, ...foot].join('\n');
}

const isPlain = (row: Row): boolean => row.every((cell) => plain.test(cell));

/** The lines of a row of plain signs; undefined where a cell does not fit. */
function layOut(
  row: Row,
  isText: readonly boolean[],
  { wrap, colWidths, frame }: Fitted,
): string[] | undefined {
  const padding = frame ? 2 : 1;
  const cells = row.map((cell, index) =>
    (wrap && isText[index] ? wrap(cell, (colWidths[index] ?? 0) - padding) : cell).split('\n'),
  );
  const lines: string[] = [];
  const height = Math.max(...cells.map(({ length }) => length));
  for (let line = 0; line < height; line++) {
    const padded: string[] = [];
    for (const [index, parts] of cells.entries()) {
      const part = parts[line] ?? '';
      const room = (colWidths[index] ?? 0) - padding;
      if (part.length > room) return undefined;
      padded.push(isText[index] ? part.padEnd(room) : part.padStart(room));
    }
    lines.push(frame ? `│ ${padded.join(' │ ')} │` : padded.join(' ').trimEnd());
  }
  return lines;
}

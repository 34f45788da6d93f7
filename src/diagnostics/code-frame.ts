import pc from 'picocolors';
import type { SourceRange } from './diagnostic.ts';
import type { RenderOptions } from './render-options.ts';
import { lineAt, position } from './position.ts';

/** The most columns of a source line; the rest is cut around the caret. */
const maxColumns = 120;
/** The fewest columns, on a narrow terminal. */
const minColumns = 30;

const zeroWidth = /^(?:\p{Mark}|\u200b|\u200c|\u200d|\u2060)$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}$/u;
// Bidirectional and line-breaking controls would let a source line lie about its own order.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const invisible = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly offset: number;
}

/** Makes control characters visible, so that no text from a file or a model can steer the terminal. */
export function visible(text: string): string {
  return text.replace(invisible, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  for (const char of line) {
    if (char === '\t') cells.push({ text: '    ', width: 4, offset });
    else {
      const text = visible(char);
      const width = text === char ? (zeroWidth.test(char) ? 0 : wide.test(char) ? 2 : 1) : text.length;
      cells.push({ text, width, offset });
    }
    offset += char.length;
  }
  return cells;
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);

/** The part of a line to show, chosen so that the range's beginning is in it. */
function cut(
  cells: readonly Cell[],
  from: number,
  most: number,
): { cells: Cell[]; before: boolean; after: boolean } {
  if (widthOf(cells) <= most) return { cells: [...cells], before: false, after: false };
  const caret = cells.findIndex((cell) => cell.offset >= from);
  const at = caret === -1 ? cells.length : caret;
  // A third of the columns comes before the caret.
  const columnsBefore = Math.floor(most / 3);
  let first = at;
  if (widthOf(cells.slice(0, at)) <= columnsBefore) first = 0;
  else for (let kept = 0; first > 0 && kept < columnsBefore; kept += cells[first]?.width ?? 0) first -= 1;
  let last = first;
  for (let kept = 0; last < cells.length; last += 1) {
    kept += cells[last]?.width ?? 0;
    if (kept > most - 2) break;
  }
  return { cells: cells.slice(first, last), before: first > 0, after: last < cells.length };
}

const joined = (part: ReturnType<typeof cut>): string =>
  `${part.before ? '…' : ''}${part.cells.map((cell) => cell.text).join('')}${part.after ? '…' : ''}`;

/** Spaces up to the range and carets under its part on this line; an empty range gets one caret. */
function carets(part: ReturnType<typeof cut>, from: number, to: number): string {
  const indent = (part.before ? 1 : 0) + widthOf(part.cells.filter((cell) => cell.offset < from));
  const under = widthOf(part.cells.filter((cell) => cell.offset >= from && cell.offset < to));
  return ' '.repeat(indent) + '^'.repeat(Math.max(1, under));
}

/**
 * `--> path:line:column`, then the numbered source line with the line above it and carets under the range.
 * No final line break.
 */
export function codeFrame(
  place: SourceRange,
  options: RenderOptions & { severity?: 'error' | 'warning' },
): string {
  const colors = pc.createColors(options.color);
  const mark = options.severity === 'warning' ? colors.yellow : colors.red;
  const { line, column } = position(place);
  const gutter = String(line).length;
  const bar = colors.blue('|');
  const { columns } = options;
  const width = columns === undefined ? maxColumns : Math.max(minColumns, columns - gutter - 3);
  const most = Math.min(maxColumns, width);
  const numbered = (number: number, text: string): string =>
    `${colors.blue(String(number).padStart(gutter))} ${bar} ${text}`.trimEnd();
  const blank = `${' '.repeat(gutter)} ${bar}`;

  const { text, start } = lineAt(place.file, line - 1);
  const from = place.start - start;
  const part = cut(cellsOf(text), from, most);
  const above = lineAt(place.file, line - 2).text;
  return [
    `${' '.repeat(gutter)}${colors.blue('-->')} ${visible(place.file.path)}:${line}:${column}`,
    blank,
    ...(line > 1 && above.trim() !== '' ? [numbered(line - 1, joined(cut(cellsOf(above), 0, most)))] : []),
    numbered(line, joined(part)),
    `${blank} ${mark(carets(part, from, place.end - start))}`,
  ].join('\n');
}

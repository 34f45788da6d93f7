import type { SourceRange, SourceFile } from './diagnostic.ts';

/** Line starts by file, found once for all errors of a file. */
const starts = new WeakMap<SourceFile, number[]>();

function lineStarts(file: SourceFile): number[] {
  let found = starts.get(file);
  if (found) return found;
  found = [0];
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) found.push(at + 1);
  starts.set(file, found);
  return found;
}

/** The 0-based number of the line with an offset. */
function lineIndex(file: SourceFile, offset: number): number {
  const lines = lineStarts(file);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of a 0-based line without its line break, and the offset it starts at. */
export function lineAt(file: SourceFile, index: number): { text: string; start: number } {
  const lines = lineStarts(file);
  const start = lines[index] ?? file.text.length;
  const text = file.text.slice(start, lines[index + 1] ?? file.text.length).replace(/\r?\n$/, '');
  return { text, start };
}

/** Where a place begins: 1-based, columns counted in code points. */
export function position(place: SourceRange): { line: number; column: number } {
  const offset = Math.max(0, Math.min(place.start, place.file.text.length));
  const index = lineIndex(place.file, offset);
  const before = place.file.text.slice(lineStarts(place.file)[index] ?? 0, offset);
  return { line: index + 1, column: Array.from(before).length + 1 };
}

/** The whole of a 1-based line as a place, white space around it left out. */
export function placeOfLine(file: SourceFile, line: number): SourceRange {
  const { text, start } = lineAt(file, line - 1);
  const indent = text.length - text.trimStart().length;
  return { file, start: start + indent, end: start + Math.max(indent, text.trimEnd().length) };
}

/** The place of a piece of a text inside the place of the whole: the piece itself where it is found, else the whole. */
export function placeOfPiece(place: SourceRange, piece: string | RegExp): SourceRange {
  const source = place.file.text.slice(place.start, place.end);
  const found = typeof piece === 'string' ? source.indexOf(piece) : source.search(piece);
  if (found < 0) return place;
  const length = typeof piece === 'string' ? piece.length : (piece.exec(source)?.[0].length ?? 0);
  return { file: place.file, start: place.start + found, end: place.start + found + length };
}

/** `suites/a.yaml:12:5`. */
export function sourceOf(place: SourceRange): string {
  const { line, column } = position(place);
  return `${place.file.path}:${line}:${column}`;
}

import Table from 'cli-table3';

/** A table for the terminal: a frame, a bold head, rows without lines between them; `right` names the columns of numbers. */
export function makeTable(head: readonly string[], right: readonly string[], color: boolean): Table.Table {
  return new Table({
    head: [...head],
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    style: color ? { head: ['bold'] } : { head: [], border: [] },
    // A line between rows would double the height and say nothing.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
}

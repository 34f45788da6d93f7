import Table from 'cli-table3';

const table = new Table({
  head: ['what', 'Assay', 'beside', 'figure', 'bound', 'holds'],
  style: { head: [], border: [] },
});
let broken = 0;

/** One line of the table; `at` says whether the bound is the most or the least that the figure may be. */
export function row(
  what: string,
  assay: string,
  beside: string,
  figure: number,
  bound: number,
  unit: string,
  at: 'most' | 'least' = 'most',
): void {
  const holds = at === 'most' ? figure <= bound : figure >= bound;
  if (!holds) broken++;
  const sign = at === 'most' ? '<=' : '>=';
  table.push([
    what,
    assay,
    beside,
    `${figure.toFixed(2)}${unit}`,
    `${sign} ${bound}${unit}`,
    holds ? 'yes' : 'NO',
  ]);
  process.stderr.write(`${what}: ${figure.toFixed(2)}${unit} (bound ${sign} ${bound}${unit})\n`);
}

export const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** The whole table, and whether a bound was missed. */
export function finish(): { readonly text: string; readonly broken: boolean } {
  return { text: table.toString(), broken: broken > 0 };
}

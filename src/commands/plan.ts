import { makeTable } from '../report/terminal/table.ts';
import { wantsColor, type Context } from './context.ts';
import { loadPlans } from './load.ts';
import type { NarrowingFlags } from './options.ts';
import { count, planOptionsOf } from './validate.ts';

/** `assay plan`: lists the cases that a run would ask. */
export async function plan(
  context: Context,
  paths: readonly string[],
  flags: NarrowingFlags & { readonly format: 'table' | 'json' },
): Promise<number> {
  const plans = await loadPlans(context, paths, planOptionsOf(context, flags));
  if (!plans) return 2;
  const rows = plans.flatMap(({ suite, cases }) =>
    cases.map((ref) => ({
      suite: suite.name,
      id: ref.id,
      method: ref.method,
      ...(ref.model === undefined ? {} : { model: ref.model }),
      repeats: ref.repeats,
      tags: ref.test.tags,
      ...(ref.skip === undefined ? {} : { skip: ref.skip }),
    })),
  );
  if (flags.format === 'json') {
    context.out.write(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const head = ['suite', 'case', 'method', 'model', 'trials'];
  const table = makeTable(head, ['trials'], wantsColor(context, context.out));
  for (const row of rows) {
    table.push([
      row.suite,
      row.id,
      row.method,
      row.model ?? '',
      row.skip === undefined ? row.repeats : `skipped: ${row.skip}`,
    ]);
  }
  const trials = rows.reduce((sum, row) => sum + (row.skip === undefined ? row.repeats : 0), 0);
  context.out.write(
    `${table.toString()}\n${count(rows.length, 'case')}, ${count(trials, 'trial')}; nothing was sent\n`,
  );
  return 0;
}

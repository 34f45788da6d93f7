import { renderTable } from '../report/terminal/table.ts';
import { countBy } from './budget.ts';
import { lookOf, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type EndpointFlags } from './endpoint.ts';
import { planCases, tellIfEmpty, type PlanningFlags } from './narrow.ts';
import { sizeOf, tellSize, type PlanSize } from './plan-size.ts';
import { transportOf } from './transport.ts';

export interface PlanFlags extends PlanningFlags, EndpointFlags {
  readonly format: 'table' | 'json';
  readonly countTokens?: boolean;
  readonly timeout: number;
}

/** `assay plan`: lists the cases that a run would ask, what they would take, and what they could cost at most. */
export async function plan(context: Context, paths: readonly string[], flags: PlanFlags): Promise<number> {
  const checked = flags.countTokens ? checkEndpoint(context, flags) : undefined;
  const planned = await planCases(context, paths, flags);
  if (!planned) return 2;
  const { plans } = planned;
  tellIfEmpty(context, planned);
  const endpoint = checked && (await openEndpoint(context, flags, checked));
  if (checked && !endpoint) return 2;
  const transport = endpoint && (await transportOf(context, endpoint, flags));
  let size: PlanSize;
  try {
    size = await sizeOf(plans, new Date(), transport && countBy(transport));
  } finally {
    await transport?.close();
    await endpoint?.close();
  }
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
  const skips = rows.some(({ skip }) => skip !== undefined);
  const head = ['suite', 'case', 'method', 'model', 'trials', ...(skips ? ['skipped'] : [])];
  const cells = rows.map((row) => [
    row.suite,
    row.id,
    row.method,
    row.model ?? '',
    row.skip === undefined ? row.repeats : 0,
    ...(skips ? [row.skip ?? ''] : []),
  ]);
  const table = await renderTable(head, cells, ['trials'], lookOf(context, context.out));
  const sent = flags.countTokens ? 'only tokens were counted' : 'nothing was sent';
  context.out.write(`${table}\n${tellSize(size)}; ${sent}\n`);
  return 0;
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { systemClock } from '../execute/clock.ts';
import { createCounter } from '../execute/count.ts';
import type { CaseRef } from '../plan/case.ts';
import { renderTable } from '../report/terminal/table.ts';
import { lookOf, printDiagnostics, type Context } from './context.ts';
import { checkEndpoint, openEndpoint, type EndpointFlags } from './endpoint.ts';
import { planCases, tellIfEmpty, type PlanningFlags } from './narrow.ts';
import { sizeOf, tellSize, type CaseTokens, type PlanSize, type Uncounted } from './plan-size.ts';
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
  const tokens = new Map<CaseRef, CaseTokens>();
  let size: PlanSize;
  try {
    const count = transport && createCounter({ transport, clock: systemClock, retries: countRetries });
    size = await sizeOf(plans, new Date(), count, count && ((ref, each) => void tokens.set(ref, each)));
  } finally {
    await transport?.close();
    await endpoint?.close();
  }
  if (size.uncounted?.fatal) {
    await printDiagnostics(context, tellUncounted(size.uncounted));
    return 3;
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
      ...tokens.get(ref),
    })),
  );
  if (flags.format === 'json') context.out.write(`${JSON.stringify(rows, null, 2)}\n`);
  else await showTable(context, flags, rows, size);
  await printDiagnostics(context, size.uncounted ? tellUncounted(size.uncounted) : []);
  return size.uncounted ? 3 : 0;
}

/** Further attempts to count after a failure that may pass: as many as `run` makes unless told otherwise. */
const countRetries = 5;

interface Row extends Partial<CaseTokens> {
  readonly suite: string;
  readonly id: string;
  readonly method: string;
  readonly model?: string;
  readonly repeats: number;
  readonly skip?: string;
}

async function showTable(
  context: Context,
  flags: PlanFlags,
  rows: readonly Row[],
  size: PlanSize,
): Promise<void> {
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
  const sent = sentOf(flags, size);
  context.out.write(`${table}\n${tellSize(size)}; ${sent}\n`);
}

function sentOf({ countTokens }: PlanFlags, { uncounted }: PlanSize): string {
  if (!countTokens) return 'nothing was sent';
  return uncounted && uncounted.requests === uncounted.asked
    ? 'no tokens were counted'
    : 'only tokens were counted';
}

function tellUncounted({ requests, asked, reason, fatal }: Uncounted): Diagnostic[] {
  const why = reason.replaceAll(/\s+/g, ' ').trim();
  if (fatal) return [{ severity: 'error', code: 'not-counted', message: `no tokens were counted: ${why}` }];
  return [
    {
      severity: 'error',
      code: 'not-counted',
      message: `the tokens of ${requests} of ${asked} requests could not be counted, and are estimated: ${why}`,
    },
  ];
}

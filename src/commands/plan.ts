import { Option, type Command } from 'commander';
import type { PlanOptions, PlanOutcome } from '../engine/plan.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderTable } from '../report/terminal/table.ts';
import { renderOptions, printDiagnostics, type Context, type Finish } from './context.ts';
import { addEndpoint, addNarrowing, addResults, wholeNumber } from './options.ts';
import { withSession } from './session.ts';

/** `assay plan`: its options and help. */
export function addPlan(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('plan')
    .description('List the cases of a run and its highest possible cost. Sends nothing.')
    .argument('[paths...]', 'suite files or folders (default: suites)');
  addResults(addNarrowing(addEndpoint(command)))
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .option('--count-tokens', 'let the endpoint count the input tokens of every case (free of charge)')
    .option('--timeout <ms>', 'limit for one count', wholeNumber(1), 30_000)
    .addHelpText(
      'after',
      `
Examples:
  assay plan --tag smoke
  assay plan --shard 2/3
  assay plan --changed --baseline baselines
  assay plan --count-tokens --emulator
  assay plan --format json | jq length`,
    )
    .action(async (paths, flags) => finish(await plan(context, paths, flags)));
}

interface Flags extends PlanOptions {
  readonly format: 'table' | 'json';
}

type Size = PlanOutcome['size'];

/** Lists the cases of a run and its highest possible cost. */
function plan(context: Context, paths: readonly string[], flags: Flags): Promise<number> {
  return withSession(context, {}, async (session) => {
    const { format, ...options } = flags;
    const planned = await session.plan({ ...options, paths });
    const { cases, size } = planned;
    const { uncounted } = size;
    if (!uncounted?.fatal) {
      if (format === 'json') context.out.write(`${JSON.stringify(cases, null, 2)}\n`);
      else await showTable(context, flags, planned);
    }
    if (uncounted) printDiagnostics(context, notCounted(uncounted));
    return uncounted ? 3 : 0;
  });
}

async function showTable(context: Context, flags: Flags, { cases: rows, size }: PlanOutcome): Promise<void> {
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
  const table = await renderTable(head, cells, ['trials'], renderOptions(context, context.out));
  const sent = sentOf(flags, size);
  context.out.write(`${table}\n${sizeInWords(size)}; ${sent}\n`);
}

function sentOf({ countTokens }: Flags, { uncounted }: Size): string {
  if (!countTokens) return 'nothing was sent';
  return uncounted && uncounted.requests === uncounted.asked
    ? 'no tokens were counted'
    : 'only tokens were counted';
}

function notCounted({ requests, asked, reason, fatal }: NonNullable<Size['uncounted']>): Diagnostic[] {
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

/** The size in the words of `assay plan`. */
function sizeInWords(size: Size): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const { cases, trials, calls, inputTokens, counted, mostTokens, mostUsd, unpriced, unbounded } = size;
  const plural = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
  const asked = [
    plural(cases, 'case'),
    plural(trials, 'trial'),
    plural(calls, 'call'),
    `${counted ? '' : 'about '}${plural(inputTokens, 'input token')}`,
  ].join(', ');
  // Nothing that is known adds up to nothing, which is not what could be used.
  if (mostTokens === 0 && unbounded.length > 0)
    return `${asked}\nat most unknown: the limits of ${unbounded.join(', ')} are not known; set maxOutputTokens`;
  const without = [
    ...(unbounded.length > 0 ? [`${unbounded.join(', ')}, whose limits are not known`] : []),
    ...(unpriced.length > 0 ? [`the cost of ${unpriced.join(', ')}, whose price is not known`] : []),
  ];
  const known = mostUsd > 0 || without.length === 0;
  const money = known ? `$${mostUsd.toFixed(mostUsd < 1 ? 4 : 2)}` : 'an unknown cost';
  const most = `at most ${plural(mostTokens, 'token')} and ${money}`;
  return `${asked}\n${[most, ...without.map((what) => `without ${what}`)].join(', ')}`;
}

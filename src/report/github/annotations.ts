import path from 'node:path';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { position } from '../../diagnostics/position.ts';
import type { Comparison } from '../../compare/comparison.ts';
import type { JudgedCase, Results } from '../../judge/results.ts';
import { cut } from '../cut.ts';
import { standingOf, type Standing } from '../known.ts';
import { createRanking } from '../ranking.ts';
import { reasonsOf, warningsOf, type Reason } from '../reasons.ts';
import { workflowCommand } from './command.ts';

/** What GitHub shows of a step at most, of each kind; more would be dropped in the order in which they came. */
const most = 10;

const ranks = [
  'guardrail',
  'regressed',
  'failed',
  'inconclusive',
  'errored',
  'warning',
  'known failure',
] as const;
type Rank = (typeof ranks)[number];

/** All that is wrong at one line of YAML in one way: many cases may share it. */
interface Fault {
  readonly rank: Rank;
  readonly reason: Reason;
  /** The first case that shows it. */
  readonly id: string;
  cases: number;
}

/**
 * The annotations of a run as workflow commands: one a faulty line of YAML, the most important first, at most ten. What
 * the baseline has failed too comes last, as a notice.
 */
export async function annotations(
  results: Results,
  workspace: string | undefined,
  comparison: Comparison | undefined,
): Promise<string[]> {
  const ranking = createRanking<Fault>(
    most,
    (a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || b.cases - a.cases,
  );
  for (const fault of (await faultsOf(results, standingOf(comparison))).values()) ranking.add(fault);
  const more = ranking.count() - ranking.top().length;
  return [
    ...ranking.top().map((fault) => annotation(fault, workspace)),
    ...(more > 0 ? [`+${more} more, in the step summary and the reports`] : []),
  ];
}

async function faultsOf({ suites }: Results, standing: Standing): Promise<Map<string, Fault>> {
  const faults = new Map<string, Fault>();
  for (const { suite, cases, failing, summary } of suites) {
    // Where only failures are to be told, a large run is not read whole.
    const few = summary.warnings === 0 && summary.inconclusive === 0;
    for await (const each of few ? failing() : cases()) {
      const seen = new Set<string>();
      for (const { rank, reason } of reasonsFor(suite, each, standing)) {
        const key = JSON.stringify([rank, reason.source, reason.assertion === undefined ? reason.type : '']);
        if (seen.has(key)) continue;
        seen.add(key);
        const fault = faults.get(key);
        if (fault) fault.cases++;
        else faults.set(key, { rank, reason, id: each.record.id, cases: 1 });
      }
    }
  }
  return faults;
}

function reasonsFor(
  suite: string,
  each: JudgedCase,
  { isKnown, isRegressed }: Standing,
): { rank: Rank; reason: Reason }[] {
  const { record, place } = each;
  const { verdict, source, warnings = [] } = record;
  const told: { rank: Rank; reason: Reason }[] = [];
  if (verdict === 'failed' || verdict === 'errored' || verdict === 'inconclusive') {
    const known = isKnown(suite, record);
    const rank = isRegressed(suite, record) ? 'regressed' : verdict;
    for (const reason of reasonsOf(each))
      told.push({ rank: known ? 'known failure' : reason.guardrail ? 'guardrail' : rank, reason });
  }
  const missed = warningsOf(each);
  for (const reason of missed) told.push({ rank: 'warning', reason });
  if (warnings.includes('no assertions'))
    told.push({
      rank: 'warning',
      reason: {
        type: 'no-assertions',
        message: 'the test has no assertions',
        source,
        place,
        guardrail: false,
      },
    });
  return told;
}

function annotation({ rank, reason, id, cases }: Fault, workspace: string | undefined): string {
  const { place, assertion, message, expected, actual, ended } = reason;
  const { line, column } = position(place);
  const others = cases > 1 ? ` and ${cases - 1} more ${cases === 2 ? 'case' : 'cases'}` : '';
  const text = [
    assertion === undefined ? message : `${assertion}: ${message}`,
    ...(ended === undefined ? [] : [`finishReason: ${cut(ended, 500)}`]),
    ...(expected === undefined ? [] : [`expected: ${cut(expected, 500)}`]),
    ...(actual === undefined ? [] : [`actual: ${cut(actual, 500)}`]),
  ].join('\n');
  return workflowCommand(
    rank === 'warning' ? 'warning' : rank === 'known failure' ? 'notice' : 'error',
    { file: fileOf(place, workspace), line, col: column, title: `${rank}: ${cut(id, 200)}${others}` },
    cut(text, 2_000),
  );
}

/** GitHub finds a file by its path from the root of the repository, wherever the run stands in it. */
function fileOf({ file }: Place, workspace: string | undefined): string {
  if (workspace === undefined || workspace === '') return file.path;
  const relative = path.relative(workspace, file.absolute);
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  return outside ? file.path : relative.replaceAll(path.sep, '/');
}

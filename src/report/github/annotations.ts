import path from 'node:path';
import type { SourceRange } from '../../diagnostics/diagnostic.ts';
import { position } from '../../diagnostics/position.ts';
import type { JudgedCase } from '../../judge/results.ts';
import { cut } from '../cut.ts';
import type { Standing } from '../known.ts';
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

/** What is wrong at one line of YAML in one way: many cases may share it. */
interface Problem {
  readonly rank: Rank;
  readonly reason: Reason;
  /** The first case that shows it. */
  readonly id: string;
  cases: number;
}

/**
 * Collects the annotations of a run as workflow commands: one for each line of YAML with an error, the most important
 * first, at most ten. What the baseline has failed too comes last, as a notice.
 */
export function createAnnotator(
  workspace: string | undefined,
  standing: Standing,
): { readonly add: (each: JudgedCase, suite: string) => void; readonly lines: () => string[] } {
  const problems = new Map<string, Problem>();
  return {
    add: (each, suite) => {
      const seen = new Set<string>();
      for (const { rank, reason } of reasonsFor(suite, each, standing)) {
        const key = JSON.stringify([rank, reason.source, reason.assertion === undefined ? reason.type : '']);
        if (seen.has(key)) continue;
        seen.add(key);
        const problem = problems.get(key);
        if (problem) problem.cases++;
        else problems.set(key, { rank, reason, id: each.record.id, cases: 1 });
      }
    },
    lines: () => {
      const ranked = [...problems.values()].toSorted(
        (a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || b.cases - a.cases,
      );
      const more = ranked.length - most;
      return [
        ...ranked.slice(0, most).map((problem) => annotation(problem, workspace)),
        ...(more > 0 ? [`+${more} more, in the step summary and the reports`] : []),
      ];
    },
  };
}

function reasonsFor(
  suite: string,
  each: JudgedCase,
  { isKnown, isRegressed }: Standing,
): { rank: Rank; reason: Reason }[] {
  const { record, place } = each;
  const { verdict, source, warnings = [] } = record;
  const found: { rank: Rank; reason: Reason }[] = [];
  if (verdict === 'failed' || verdict === 'errored' || verdict === 'inconclusive') {
    const known = isKnown(suite, record);
    const rank = isRegressed(suite, record) ? 'regressed' : verdict;
    for (const reason of reasonsOf(each))
      found.push({ rank: known ? 'known failure' : reason.guardrail ? 'guardrail' : rank, reason });
  }
  const missed = warningsOf(each);
  for (const reason of missed) found.push({ rank: 'warning', reason });
  if (warnings.includes('no assertions'))
    found.push({
      rank: 'warning',
      reason: {
        type: 'no-assertions',
        message: 'the test has no assertions',
        source,
        place,
        guardrail: false,
      },
    });
  return found;
}

function annotation({ rank, reason, id, cases }: Problem, workspace: string | undefined): string {
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

/** GitHub finds a file by its path from the root of the repository, wherever in it the run is. */
function fileOf({ file }: SourceRange, workspace: string | undefined): string {
  if (workspace === undefined || workspace === '') return file.path;
  const relative = path.relative(workspace, file.absolute);
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  return outside ? file.path : relative.replaceAll(path.sep, '/');
}

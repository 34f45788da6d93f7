import type { Comparison } from '../../compare/comparison.ts';
import type { RenderOptions } from '../../diagnostics/render-options.ts';
import { codeFrame } from '../../diagnostics/render.ts';
import type { Group, JudgedCase, Results, SuiteResults } from '../../judge/results.ts';
import { plural } from '../../lib/words.ts';
import { redact } from '../../lib/redact.ts';
import { knownInWords, standingOf } from '../known.ts';
import { notesOf } from '../notes.ts';
import { reasonsOf } from '../reasons.ts';
import { renderTable } from './table.ts';
import { loadWrap } from './wrap.ts';

const mostCharacters = 400;
/** A terminal narrower than this is let wrap by itself. */
const fewestColumns = 16;

/** A run that has ended. */
export interface Printed {
  readonly results: Results;
  /** The first failures that are not known. */
  readonly failures: readonly JudgedCase[];
  readonly comparison?: Comparison;
}

/** What a run prints at its end: a row a suite and config, then each failure with its line of YAML, but for those that the baseline has too. */
export async function renderSummary(
  { results, failures: listed, comparison }: Printed,
  options: RenderOptions,
): Promise<string> {
  const known = standingOf(comparison).known();
  const numbers = ['passed', 'failed', 'errored', 'skipped', 'tokens', 'cost', 'time'];
  const rows = results.suites.flatMap(rowsOf);
  const hang = await hangFor(options);
  const failures =
    results.suites.reduce((sum, { summary }) => sum + summary.failed + summary.errored, 0) - known;
  const more =
    failures > listed.length ? [`+${failures - listed.length} more; the reports have them all`] : [];
  const table = await renderTable(['suite', 'config', ...numbers], rows, numbers, options);
  const aside = known > 0 ? [`${knownInWords(known)}: failed in the baseline too`] : [];
  const end = [totals(results), ...aside, ...notesOf(results.run).map(safe)]
    .map((line) => hang(line, 0))
    .join('\n');
  return [table, ...listed.map((each) => describe(each, options, hang)), ...more, end].join('\n\n');
}

/** A row a config: its models together. */
function rowsOf({ suite, groups }: SuiteResults): string[][] {
  const rows = new Map<string, Group>();
  for (const group of groups) {
    const { config = '' } = group;
    const sum = rows.get(config);
    rows.set(config, sum ? addGroups(sum, group) : group);
  }
  return [...rows].map(([config, group]) => [
    suite,
    config,
    ...[group.passed, group.failed, group.errored, group.skipped, group.tokens].map(String),
    costInWords(group),
    `${(group.ms / 1000).toFixed(1)} s`,
  ]);
}

function addGroups(a: Group, b: Group): Group {
  const sum = (key: Exclude<keyof Group, 'config' | 'model'>): number => a[key] + b[key];
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    errored: sum('errored'),
    skipped: sum('skipped'),
    inconclusive: sum('inconclusive'),
    tokens: sum('tokens'),
    ms: sum('ms'),
    usd: sum('usd'),
    unpriced: sum('unpriced'),
    lost: sum('lost'),
    recalled: sum('recalled'),
  };
}

/** `$0.0012 + ? + 2 lost replies`: what is known, whether some trials have no known cost, and the replies that were lost. */
function costInWords({ usd, unpriced, lost }: Pick<Group, 'usd' | 'unpriced' | 'lost'>): string {
  const parts = [
    ...(usd > 0 ? [dollars(usd)] : []),
    ...(unpriced > 0 ? ['?'] : []),
    ...(lost > 0 ? [lostInWords(lost)] : []),
  ];
  return parts.length > 0 ? parts.join(' + ') : '$0';
}

const lostInWords = (lost: number): string => `${lost} lost ${lost === 1 ? 'reply' : 'replies'}`;

function dollars(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.0001 ? '< $0.0001' : `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** Model output must not drive the terminal. */
function safe(text: string): string {
  // Hidden before it is cut: half a key would no longer be known for one.
  const whole = redact(text);
  const cut = whole.length > mostCharacters ? `${whole.slice(0, mostCharacters)}…` : whole;
  // Line breaks, tabs, and the joiners of emoji and letters steer nothing.
  return cut.replace(/(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

/** A text with its further lines under its first, at so many columns; where the width is known, long lines are wrapped. */
type Hang = (text: string, indent: number) => string;

async function hangFor({ columns }: RenderOptions): Promise<Hang> {
  const wrap = await loadWrap(columns);
  return (text, indent) => {
    const width = (columns ?? Number.POSITIVE_INFINITY) - indent;
    const lines = width < fewestColumns ? text : wrap(text, width);
    return lines.replaceAll('\n', `\n${' '.repeat(indent)}`);
  };
}

function describe(each: JudgedCase, options: RenderOptions, hang: Hang): string {
  const title = hang(`${each.record.verdict.toUpperCase()} ${safe(each.record.id)}`, 2);
  const reasons = reasonsOf(each);
  const missed = reasons.filter(({ assertion }) => assertion !== undefined);
  if (missed.length === 0) {
    const lines = reasons.map(({ message }) => `  ${hang(safe(message), 2)}`);
    return [title, ...lines, codeFrame(each.place, options)].join('\n');
  }
  const blocks = missed.map(({ message, expected, actual, ended, figure, place }) => {
    const text = `${safe(message)}${figure === undefined ? '' : ` (${figure})`}`;
    return [
      `  ${hang(text, 2)}`,
      codeFrame(place, options),
      ...(ended === undefined ? [] : [`  finishReason: ${hang(safe(ended), 16)}`]),
      ...(expected === undefined ? [] : [`  expected:  ${hang(safe(expected), 13)}`]),
      ...(actual === undefined ? [] : [`  actual:    ${hang(safe(actual), 13)}`]),
    ].join('\n');
  });
  return [title, ...blocks].join('\n');
}

function totals({ suites, run }: Results): string {
  const sum = (key: 'cases' | 'passed' | 'failed' | 'errored' | 'skipped' | 'warnings'): number =>
    suites.reduce((total, { summary }) => total + summary[key], 0);
  const all = suites.flatMap(({ groups }) => groups);
  const of = (key: 'usd' | 'unpriced' | 'lost' | 'recalled'): number =>
    all.reduce((total, group) => total + group[key], 0);
  const verdicts = (['passed', 'failed', 'errored', 'skipped'] as const).map((key) => `${sum(key)} ${key}`);
  const cases = `${plural(sum('cases'), 'case')}: ${verdicts.join(', ')}, ${plural(sum('warnings'), 'warning')} in ${(run.durationMs / 1000).toFixed(1)} s`;
  const [usd, unpriced, lost] = [of('usd'), of('unpriced'), of('lost') + (run.lost ?? 0)];
  const unknown = [
    ...(unpriced > 0 ? [plural(unpriced, 'trial')] : []),
    ...(lost > 0 ? [lostInWords(lost)] : []),
  ];
  const cost = [
    ...(usd > 0 || unknown.length === 0 ? [dollars(usd)] : []),
    ...(unknown.length > 0 ? [`unknown for ${unknown.join(' and ')}`] : []),
  ];
  return [
    cases,
    `cost${run.emulator ? " at the API's prices" : ''}: ${cost.join(', ')}`,
    ...(of('recalled') > 0 ? [`${plural(of('recalled'), 'trial')} answered from recordings`] : []),
  ].join('; ');
}

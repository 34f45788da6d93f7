import { codeFrame } from '../../diagnostics/render.ts';
import type { CaseResult, Results, SuiteResults } from '../../judge/results.ts';
import { reasonsOf } from '../junit.ts';
import { makeTable } from './table.ts';

interface Style {
  readonly color: boolean;
  readonly width: number;
}
const mostFailures = 20;
const mostCharacters = 400;

/** What a run prints at its end: a row a suite and config, then each failure with its line of YAML. */
export function renderSummary(results: Results, style: Style): string {
  const numbers = ['passed', 'failed', 'errored', 'skipped', 'tokens', 'time'];
  const table = makeTable(['suite', 'config', ...numbers], numbers, style.color);
  const failures: CaseResult[] = [];
  for (const suite of results.suites) {
    for (const row of rowsOf(suite)) table.push(row);
    for (const each of suite.cases() as Iterable<CaseResult>)
      if (each.verdict === 'failed' || each.verdict === 'errored') failures.push(each);
  }
  const shown = failures.slice(0, mostFailures).map((each) => describe(each, style));
  const more =
    failures.length > mostFailures
      ? [`+${failures.length - mostFailures} more; the reports have them all`]
      : [];
  return [table.toString(), ...shown, ...more, totals(results)].join('\n\n');
}

function rowsOf({ suite, cases }: SuiteResults): string[][] {
  const groups = new Map<
    string,
    { passed: number; failed: number; errored: number; skipped: number; tokens: number; ms: number }
  >();
  for (const { config = '', verdict, trials } of cases() as Iterable<CaseResult>) {
    const group = groups.get(config) ?? { passed: 0, failed: 0, errored: 0, skipped: 0, tokens: 0, ms: 0 };
    if (verdict !== 'inconclusive') group[verdict]++;
    for (const { usage, volatile } of trials) {
      group.tokens += usage?.total ?? 0;
      group.ms += volatile.totalMs;
    }
    groups.set(config, group);
  }
  return [...groups].map(([config, { passed, failed, errored, skipped, tokens, ms }]) => [
    suite,
    config,
    String(passed),
    String(failed),
    String(errored),
    String(skipped),
    String(tokens),
    `${(ms / 1000).toFixed(1)} s`,
  ]);
}

/** Model output must not drive the terminal. */
function safe(text: string): string {
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : '\uFFFD'));
}

function describe(each: CaseResult, { color }: Style): string {
  const title = `${each.verdict.toUpperCase()} ${safe(each.id)}`;
  const missed = each.trials
    .flatMap(({ assertions }) => assertions)
    .filter(({ verdict, severity }) => verdict !== 'passed' && severity === 'error');
  if (missed.length === 0)
    return [title, ...reasonsOf(each).messages.map((message) => `  ${safe(message)}`)].join('\n');
  const seen = new Set<string>();
  const blocks: string[] = [];
  for (const { assertion, message, expected, actual, figure, place } of missed) {
    if (seen.has(`${assertion}${message}`)) continue;
    seen.add(`${assertion}${message}`);
    const indent = (text: string): string => safe(text).replaceAll('\n', '\n             ');
    blocks.push(
      [
        `  ${safe(message)}${figure === undefined ? '' : ` (${figure})`}`,
        codeFrame(place, { color }),
        ...(expected === undefined ? [] : [`  expected:  ${indent(expected)}`]),
        ...(actual === undefined ? [] : [`  actual:    ${indent(actual)}`]),
      ].join('\n'),
    );
  }
  return [title, ...blocks].join('\n');
}

function totals({ suites, run }: Results): string {
  const sum = (key: 'cases' | 'passed' | 'failed' | 'errored' | 'skipped' | 'warnings'): number =>
    suites.reduce((total, { summary }) => total + summary[key], 0);
  return `${sum('cases')} ${sum('cases') === 1 ? 'case' : 'cases'}: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('errored')} errored, ${sum('skipped')} skipped, ${sum('warnings')} warnings in ${(run.durationMs / 1000).toFixed(1)} s`;
}

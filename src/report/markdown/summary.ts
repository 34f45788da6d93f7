import type { Comparison } from '../../compare/comparison.ts';
import type { Results, SuiteResults, Summary } from '../../judge/results.ts';
import { comparisonSection } from '../compare/markdown.ts';
import { plural } from '../../lib/words.ts';
import { cut } from '../cut.ts';
import { knownInWords } from '../known.ts';
import { createRanking, type Ranked } from '../ranking.ts';
import { notesOf } from '../notes.ts';
import { reasonsOf, warningsOf, type Reason } from '../reasons.ts';
import type { Collected, Notable } from './collect.ts';
import { codeBlock, inlineCode } from './escape.ts';
import { fit, type Section } from './fit.ts';

const mostSuites = 40;
const mostReasons = 3;

/** A run in Markdown, within so many bytes: the most important first. */
export function renderMarkdown(
  results: Results,
  found: Collected,
  bytes: number,
  comparison?: Comparison,
): string {
  const sections: Section[] = [
    ...(comparison ? [comparisonSection(comparison)] : []),
    section('Regressed', found.regressed, failedBlock),
    section('Failed', found.failed, failedBlock),
    section('Errored: could not be judged', found.errored, lineBlock),
    section('Inconclusive', found.inconclusive, lineBlock),
    section('Warnings', found.warned, warningBlock),
    section('Known failures', found.known, lineBlock),
  ].filter(({ total }, index) => total > 0 || (comparison && index === 0));
  return fit(`${head(results, found)}\n\n${suiteTable(results.suites)}\n`, sections, bytes);
}

function section(title: string, found: Ranked<Notable>, block: (notable: Notable) => string): Section {
  return { title: `${title} (${found.count()})`, total: found.count(), blocks: found.top().map(block) };
}

const keys = ['passed', 'failed', 'errored', 'skipped', 'inconclusive', 'warnings'] as const;

/** How a run ended early, in a title. */
const endings: Readonly<Record<Results['run']['ended'], string>> = {
  done: 'done',
  interrupted: 'interrupted',
  stopped: 'stopped early',
  budget: 'stopped by its budget',
  bailed: 'stopped after failures',
};

function head({ suites, run }: Results, found: Collected): string {
  const sum = (key: keyof Summary): number => suites.reduce((total, { summary }) => total + summary[key], 0);
  const cases = sum('cases');
  const bad = (['regressed', 'failed', 'errored', 'inconclusive'] as const)
    .filter((key) => found[key].count() > 0)
    .map((key) => `${found[key].count()} ${key}`);
  const known = found.known.count();
  const title =
    run.ended !== 'done'
      ? endings[run.ended]
      : bad.length > 0
        ? bad.join(', ')
        : known > 0
          ? 'nothing got worse'
          : 'all passed';
  const aside = known > 0 ? `, ${knownInWords(known)}` : '';
  const counts = keys
    .filter((key) => sum(key) > 0)
    .map((key) => `${sum(key)} ${key === 'warnings' && sum(key) === 1 ? 'warning' : key}`);
  return [
    `# Assay: ${title}${aside}`,
    `${plural(cases, 'case')}: ${counts.join(', ')}; ${(run.durationMs / 1000).toFixed(1)} s on ${run.emulator ? 'the emulator' : inlineCode(run.endpoint)}`,
    ...(found.unsteady > 0
      ? [`${found.unsteady} passed although some of their trials failed (passRate)`]
      : []),
    ...notesOf(run).map((note) => inlineCode(note)),
    ...(run.message === undefined ? [] : [inlineCode(cut(run.message, 500))]),
  ].join('\n\n');
}

function suiteTable(suites: readonly SuiteResults[]): string {
  const ranking = createRanking<SuiteResults>(mostSuites, (a, b) => badness(b) - badness(a));
  for (const suite of suites) ranking.add(suite);
  const rows = ranking.top().map(({ suite, summary }) => {
    const numbers = [summary.cases, ...keys.map((key) => summary[key])];
    // GFM reads `\|` as a bar even in code; no name of a suite has one, but a table must not hang on that.
    return `| ${inlineCode(suite).replaceAll('|', '\\|')} | ${numbers.join(' | ')} |`;
  });
  const more = ranking.count() - rows.length;
  return [
    `| suite | cases | ${keys.join(' | ')} |`,
    `|---|${'---:|'.repeat(keys.length + 1)}`,
    ...rows,
    ...(more > 0 ? ['', `+${more} more suites`] : []),
  ].join('\n');
}

const badness = ({ summary }: SuiteResults): number =>
  summary.failed * 1e6 + summary.errored + summary.inconclusive;

const nameOf = ({ suite, each }: Notable): string =>
  `${inlineCode(suite)} ${inlineCode(cut(each.record.id, 200))}`;

function failedBlock(notable: Notable): string {
  const { trials } = notable.each.record;
  const missed = trials.filter(({ verdict }) => verdict === 'failed').length;
  const share = trials.length > 1 ? `, ${missed} of ${trials.length} trials` : '';
  const reasons = reasonsOf(notable.each);
  const more = reasons.length - mostReasons;
  return [
    `### ${nameOf(notable)}${share}`,
    ...reasons.slice(0, mostReasons).map(reasonBlock),
    ...(more > 0 ? [`+${more} more ${more === 1 ? 'reason' : 'reasons'}`] : []),
  ].join('\n\n');
}

function reasonBlock(reason: Reason): string {
  const { expected, actual, ended } = reason;
  return [
    reasonLine(reason),
    ...(ended === undefined ? [] : [`finishReason: ${inlineCode(cut(ended, 600))}`]),
    ...(expected === undefined ? [] : ['expected:', codeBlock(cut(expected, 600))]),
    ...(actual === undefined ? [] : ['actual:', codeBlock(cut(actual, 600))]),
  ].join('\n\n');
}

function reasonLine({ source, assertion, message, guardrail }: Reason): string {
  return [
    inlineCode(source),
    ...(guardrail ? ['guardrail'] : []),
    ...(assertion === undefined ? [] : [inlineCode(cut(assertion, 200))]),
    inlineCode(cut(message, 500)),
  ].join(' · ');
}

function lineBlock(notable: Notable): string {
  const [reason] = reasonsOf(notable.each);
  return `- ${nameOf(notable)}${reason ? `: ${reasonLine(reason)}` : ''}`;
}

/** Each missed `severity: warn` at its own line; what is warned of a case as a whole at that of its test. */
function warningBlock(notable: Notable): string {
  const { each } = notable;
  const missed = warningsOf(each);
  const { source, warnings = [] } = each.record;
  const others = warnings.filter((warning) => !missed.some(({ assertion }) => assertion === warning));
  const lines = [
    ...missed.map(reasonLine),
    ...others.map((warning) => `${inlineCode(source)} · ${inlineCode(cut(warning, 200))}`),
  ];
  const more = lines.length - mostReasons;
  return [
    `- ${nameOf(notable)}: ${lines.slice(0, mostReasons).join('; ')}`,
    ...(more > 0 ? [`+${more} more`] : []),
  ].join('; ');
}

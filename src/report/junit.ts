import path from 'node:path';
import type { CaseResult, Results, SuiteResults, Summary } from '../judge/results.ts';
import { knownFailure, standingOf, type Standing } from './known.ts';
import { notesOf } from './notes.ts';
import { reasonBlock, reasonsOf } from './reasons.ts';
import type { OutsideReporter } from './reporter.ts';
import { sourceOf } from './source-of.ts';
import { writeWhole } from './write.ts';
import { xmlAttribute, xmlText } from './xml.ts';

/**
 * junit.xml, valid by Jenkins' junit-4 schema (jenkins-junit.xsd): failures and errors apart; the place stands in their
 * text and in the suite's properties, since that schema lets neither `file` and `line` nor properties stand at a case.
 * There is no system-out: CI servers obey `[[ATTACHMENT|path]]` in it, and a model must not name files to them.
 */
export const junit: OutsideReporter = async (results, directory, { comparison }) => {
  const file = path.join(directory, 'junit.xml');
  await writeWhole(file, pieces(results, standingOf(comparison)));
  return [file];
};

/** What JUnit calls a failure: failed, and what statistics could not decide. */
const failuresOf = ({ failed, inconclusive }: Summary): number => failed + inconclusive;

async function* pieces({ suites, run }: Results, standing: Standing): AsyncGenerator<string> {
  const sum = (count: (summary: Summary) => number): number =>
    suites.reduce((total, { summary }) => total + count(summary), 0);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="assay" tests="${sum(({ cases }) => cases)}" failures="${sum(failuresOf) - standing.known()}" errors="${sum(({ errored }) => errored)}" time="${seconds(run.durationMs)}">\n`;
  for (const suite of suites) yield* suitePieces(suite, run, standing);
  yield '</testsuites>\n';
}

async function* suitePieces(
  suite: SuiteResults,
  run: Results['run'],
  standing: Standing,
): AsyncGenerator<string> {
  const { suite: name, summary, cases } = suite;
  const known = standing.known(name);
  yield `  <testsuite name="${xmlAttribute(name)}" tests="${summary.cases}" failures="${failuresOf(summary) - known}" errors="${summary.errored}" skipped="${summary.skipped + known}" timestamp="${run.startedAt.slice(0, 19)}">\n`;
  yield `    <properties>\n${property('path', suite.path)}`;
  for (const note of notesOf(run)) yield property('note', note);
  // Only few are read here: a large run is not read twice.
  for await (const each of suite.failing())
    yield property(`place: ${each.id}`, sourceOf((reasonsOf(each)[0] ?? each).place));
  yield '    </properties>\n';
  for await (const each of cases()) yield testcase(name, each, standing.isKnown(name, each));
  yield '  </testsuite>\n';
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const timeOf = ({ trials }: CaseResult): number =>
  trials.reduce((sum, { volatile }) => sum + volatile.totalMs, 0);
const property = (name: string, value: string): string =>
  `      <property name="${xmlAttribute(name)}" value="${xmlAttribute(value)}"/>\n`;

function testcase(suite: string, each: CaseResult, isKnown: boolean): string {
  const assertions = each.trials.reduce((sum, trial) => sum + trial.assertions.length, 0);
  const open = `    <testcase classname="${xmlAttribute(suite)}" name="${xmlAttribute(each.id)}" assertions="${assertions}" status="${isKnown ? 'skipped' : each.verdict}" time="${seconds(timeOf(each))}"`;
  const inner = innerOf(each, isKnown);
  return inner === undefined ? `${open}/>\n` : `${open}>${inner}</testcase>\n`;
}

function innerOf(each: CaseResult, isKnown: boolean): string | undefined {
  if (each.verdict === 'passed') return undefined;
  // junit-4 knows no message at a skipped case: its reason is text.
  if (each.verdict === 'skipped') return `<skipped>${xmlText(each.skip ?? '')}</skipped>`;
  const element = each.verdict === 'errored' ? 'error' : 'failure';
  const reasons = reasonsOf(each);
  const { type, message } = reasons[0] ?? { type: each.verdict, message: each.verdict };
  const text =
    reasons.length > 0 ? reasons.map(reasonBlock).join('\n') : `${sourceOf(each.place)}: ${each.verdict}`;
  if (isKnown) return `<skipped>${xmlText(`${knownFailure}\n${text}`)}</skipped>`;
  return `<${element} type="${xmlAttribute(type)}" message="${xmlAttribute(message)}">${xmlText(text)}</${element}>`;
}

import path from 'node:path';
import type { CaseRecord, TrialResult } from '../judge/case-record.ts';
import { endsOf } from '../judge/reasons.ts';
import type { JudgedCase, Results, SuiteResults, Summary } from '../judge/results.ts';
import { cut } from './cut.ts';
import { knownFailure, standingOf, type Standing } from './known.ts';
import { notesOf } from './notes.ts';
import { displayParts } from './parts.ts';
import { reasonBlock, reasonsOf } from './reasons.ts';
import type { Reporter } from './reporter.ts';
import { openOutput, openSpool } from './write.ts';
import { xmlAttribute, xmlText } from './xml.ts';

/**
 * junit.xml, valid by Jenkins' junit-4 schema (jenkins-junit.xsd): failures and errors apart; the place is in their
 * text and in the suite's properties, since that schema allows neither `file` and `line` nor properties at a case.
 * CI servers obey `[[ATTACHMENT|path]]` in a system-out, and a model must not name files to them: none has two brackets
 * in a row.
 */
export const junit: Reporter = ({ results, directory, comparison }) => {
  const { run } = results;
  const file = path.join(directory, 'junit.xml');
  const output = openOutput(file);
  // The places of a suite's failures come before its cases.
  const spool = openSpool(`${file}.cases.part`);
  const standing = standingOf(comparison);
  output.write(head(results, standing));
  return {
    onCase: (each, { suite }, index) => {
      const { id, verdict, source } = each.record;
      if (verdict === 'failed' || verdict === 'errored')
        spool.write(`places ${index}`, property(`place: ${id}`, (reasonsOf(each)[0] ?? { source }).source));
      spool.write(`cases ${index}`, testcase(suite, each, standing.isKnown(suite, each.record)));
    },
    onSuiteEnd: (suite, index) => {
      output.write(suiteHead(suite, run, standing));
      spool.copy(`places ${index}`, output);
      output.write('    </properties>\n');
      spool.copy(`cases ${index}`, output);
      output.write('  </testsuite>\n');
    },
    onEnd: () => {
      output.write('</testsuites>\n');
      output.end();
      spool.close();
    },
    discard: () => {
      spool.close();
      output.discard();
    },
  };
};

/** Characters of a line about a reply. */
const mostCharacters = 200;

/** What JUnit calls a failure: failed, and what statistics could not decide. */
const failuresOf = ({ failed, inconclusive }: Summary): number => failed + inconclusive;

function head({ suites, run }: Results, standing: Standing): string {
  const sum = (count: (summary: Summary) => number): number =>
    suites.reduce((total, { summary }) => total + count(summary), 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="assay" tests="${sum(({ cases }) => cases)}" failures="${sum(failuresOf) - standing.known()}" errors="${sum(({ errored }) => errored)}" time="${seconds(run.durationMs)}">\n`;
}

function suiteHead(suite: SuiteResults, run: Results['run'], standing: Standing): string {
  const { suite: name, summary } = suite;
  const known = standing.known(name);
  const notes = notesOf(run).map((note) => property('note', note));
  return `  <testsuite name="${xmlAttribute(name)}" tests="${summary.cases}" failures="${failuresOf(summary) - known}" errors="${summary.errored}" skipped="${summary.skipped + known}" timestamp="${run.startedAt.slice(0, 19)}">
    <properties>\n${property('path', suite.path)}${notes.join('')}`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const timeOf = ({ trials }: JudgedCase): number =>
  trials.reduce((sum, { volatile }) => sum + volatile.totalMs, 0);
const property = (name: string, value: string): string =>
  `      <property name="${xmlAttribute(name)}" value="${xmlAttribute(value)}"/>\n`;

function testcase(suite: string, each: JudgedCase, isKnown: boolean): string {
  const { record } = each;
  const assertions = record.trials.reduce((sum, trial) => sum + trial.assertions.length, 0);
  const open = `    <testcase classname="${xmlAttribute(suite)}" name="${xmlAttribute(record.id)}" assertions="${assertions}" status="${isKnown ? 'skipped' : record.verdict}" time="${seconds(timeOf(each))}"`;
  const inner = (innerOf(each, isKnown) ?? '') + systemOut(record);
  return inner === '' ? `${open}/>\n` : `${open}>${inner}</testcase>\n`;
}

/** The contents of the replies beside text, and their finish reasons other than STOP, a line each. */
function systemOut({ trials }: CaseRecord): string {
  const lines = trials.flatMap((trial, index) => {
    const which = trials.length > 1 ? `trial ${index + 1}: ` : '';
    return linesOf(trial).map((line) => which + line);
  });
  return lines.length === 0
    ? ''
    : `<system-out>${xmlText(lines.join('\n').replaceAll(/\[(?=\[)/g, '[ '))}</system-out>`;
}

function linesOf(trial: TrialResult): string[] {
  const { turns = [], candidates } = trial;
  const parts = [...turns.slice(0, -1), ...candidates].flatMap(displayParts);
  return [
    ...endsOf(trial).map((end) => `finishReason: ${oneLine(end)}`),
    ...parts.map(({ title, text }) => oneLine(`${title}: ${text}`)),
  ];
}

const oneLine = (text: string): string => cut(text.replaceAll(/\s+/g, ' '), mostCharacters);

function innerOf(each: JudgedCase, isKnown: boolean): string | undefined {
  const { verdict, skip = '', source } = each.record;
  if (verdict === 'passed') return undefined;
  // junit-4 knows no message at a skipped case: its reason is text.
  if (verdict === 'skipped') return `<skipped>${xmlText(skip)}</skipped>`;
  const element = verdict === 'errored' ? 'error' : 'failure';
  const reasons = reasonsOf(each);
  const { type, message } = reasons[0] ?? { type: verdict, message: verdict };
  const text = reasons.length > 0 ? reasons.map(reasonBlock).join('\n') : `${source}: ${verdict}`;
  if (isKnown) return `<skipped>${xmlText(`${knownFailure}\n${text}`)}</skipped>`;
  return `<${element} type="${xmlAttribute(type)}" message="${xmlAttribute(message)}">${xmlText(text)}</${element}>`;
}

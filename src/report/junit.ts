import path from 'node:path';
import type { CaseResult, Results, SuiteResults } from '../judge/results.ts';
import { sourceOf } from './json.ts';
import type { Reporter } from './reporter.ts';
import { writeWhole } from './write.ts';

/** junit.xml: failures and errors apart; the place stands in the failure's text. */
export const junit: Reporter = async (results, directory) => {
  const file = path.join(directory, 'junit.xml');
  await writeWhole(file, pieces(results));
  return [file];
};

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text for XML 1.0: what it cannot hold is replaced. */
export function xmlText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- just these are not allowed in XML 1.0
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, '\uFFFD')
      .replace(/[<>&"'\n\t]/g, (character) => entities[character] ?? character)
  );
}

async function* pieces({ suites, run }: Results): AsyncGenerator<string> {
  const sum = (key: 'cases' | 'failed' | 'errored' | 'skipped'): number =>
    suites.reduce((total, { summary }) => total + summary[key], 0);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="assay" tests="${sum('cases')}" failures="${sum('failed')}" errors="${sum('errored')}" skipped="${sum('skipped')}" time="${(run.durationMs / 1000).toFixed(3)}">\n`;
  for (const suite of suites) yield* suitePieces(suite, run.startedAt);
  yield '</testsuites>\n';
}

async function* suitePieces(
  { suite, summary, cases }: SuiteResults,
  startedAt: string,
): AsyncGenerator<string> {
  yield `  <testsuite name="${xmlText(suite)}" tests="${summary.cases}" failures="${summary.failed}" errors="${summary.errored}" skipped="${summary.skipped}" timestamp="${startedAt.slice(0, 19)}">\n`;
  for await (const each of cases()) yield `${testcase(suite, each)}\n`;
  yield '  </testsuite>\n';
}

function testcase(suite: string, each: CaseResult): string {
  const seconds = each.trials.reduce((sum, { volatile }) => sum + volatile.totalMs, 0) / 1000;
  const open = `    <testcase classname="${xmlText(suite)}" name="${xmlText(each.id)}" time="${seconds.toFixed(3)}"`;
  const { messages } = reasonsOf(each);
  const inner =
    each.verdict === 'failed' || each.verdict === 'inconclusive'
      ? `<failure message="${xmlText(messages[0] ?? each.verdict)}">${xmlText(messages.join('\n'))}</failure>`
      : each.verdict === 'errored'
        ? `<error message="${xmlText(messages[0] ?? 'errored')}">${xmlText(messages.join('\n'))}</error>`
        : each.verdict === 'skipped'
          ? `<skipped message="${xmlText(each.skip ?? '')}"/>`
          : undefined;
  return inner === undefined ? `${open}/>` : `${open}>${inner}</testcase>`;
}

/** Why a case did not pass, each reason once, with its place. */
export function reasonsOf(each: CaseResult): { messages: string[] } {
  const messages = new Set<string>();
  for (const trial of each.trials) {
    if (trial.verdict === 'errored')
      messages.add(
        trial.error
          ? `${trial.error.status ?? trial.error.transport ?? 'error'}: ${trial.error.message}`
          : (trial.problem ?? 'the reply could not be read'),
      );
    for (const { verdict, severity, assertion, message, place } of trial.assertions) {
      if (verdict !== 'passed' && severity === 'error')
        messages.add(`${sourceOf(place)}: ${assertion}: ${message}`);
    }
    if (trial.verdict === 'failed' && trial.assertions.length === 0)
      messages.add(`no answer: ${trial.outcome}`);
  }
  if (each.verdict === 'errored' && each.trials.length < each.repeats)
    messages.add(
      `${each.repeats - each.trials.length} of ${each.repeats} trials were not made: the run stopped`,
    );
  return { messages: [...messages] };
}

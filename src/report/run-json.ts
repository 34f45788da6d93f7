import path from 'node:path';
import type { Group, JudgedTrial, SuiteResults } from '../judge/results.ts';
import type { Written } from '../shape/written.ts';
import type { Reporter } from './reporter.ts';
import { runFormat, type GroupFacts, type TrialFacts } from './shapes/run.ts';
import { openOutput, openSpool } from './write.ts';

/** run.json: everything volatile, so that the other files stay stable. It ends after the files whose digests it has. */
export const runJson: Reporter = ({ results: { run }, directory, digests }) => {
  const file = path.join(directory, 'run.json');
  const output = openOutput(file);
  const suites = openSpool(`${file}.suites.part`);
  const write = (piece: string): void => suites.write('suites', piece);
  let first = true;
  const discard = (): void => {
    suites.close();
    output.discard();
  };
  return {
    onSuite: (suite, index) => {
      write(`${index > 0 ? ',' : ''}\n    ${suiteHead(suite)}`);
      first = true;
    },
    onCase: ({ record, trials }) => {
      const facts = JSON.stringify({ id: record.id, trials: trials.map(factsOf) });
      write(`${first ? '' : ','}\n      ${facts}`);
      first = false;
    },
    onSuiteEnd: () => write(' ] }'),
    onEnd: () => {
      const head = { schema: runFormat, ...run, results: Object.fromEntries(digests) };
      output.write(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "suites": [`);
      suites.copy('suites', output);
      output.write('\n  ]\n}\n');
      output.end();
      suites.close();
    },
    discard,
  };
};

function suiteHead({ suite, summary, groups }: SuiteResults): string {
  return `{ "suite": ${JSON.stringify(suite)}, "summary": ${JSON.stringify(summary)}, "groups": ${JSON.stringify(groups.map(groupFacts))}, "cases": [`;
}

function groupFacts(group: Group): Written<GroupFacts> {
  return { ...group, ms: Math.round(group.ms * 10) / 10 };
}

/** The volatile facts of a trial in run.json. */
export function factsOf({ result, volatile, details }: JudgedTrial): Written<TrialFacts> {
  const figures = Object.fromEntries(
    result.assertions.flatMap(({ assertion }, index): [string, string][] => {
      const figure = details[index]?.figure;
      return figure === undefined ? [] : [[assertion, figure]];
    }),
  );
  return { ...volatile, totalMs: Math.round(volatile.totalMs * 10) / 10, figures };
}

import path from 'node:path';
import type { Group, JudgedTrial, Results } from '../judge/results.ts';
import type { Written } from '../shape/written.ts';
import { runFormat, type GroupFacts, type TrialFacts } from './shapes/run.ts';
import { writeWhole } from './write.ts';

/** run.json: everything volatile, so that the stable files need not hold it. */
export async function writeRunJson(results: Results, directory: string, digests: Digests): Promise<string[]> {
  const file = path.join(directory, 'run.json');
  await writeWhole(file, pieces(results, digests));
  return [file];
}

/** SHA-256 of `<suite>.json` by suite: what ties the two files together. */
export type Digests = Readonly<Record<string, string>>;

async function* pieces({ run, suites }: Results, results: Digests): AsyncGenerator<string> {
  yield `${JSON.stringify({ schema: runFormat, ...run, results }, null, 2).slice(0, -2)},\n  "suites": [`;
  for (const [index, suite] of suites.entries()) {
    yield `${index > 0 ? ',' : ''}\n    { "suite": ${JSON.stringify(suite.suite)}, "summary": ${JSON.stringify(suite.summary)}, "groups": ${JSON.stringify(suite.groups.map(groupFacts))}, "cases": [`;
    let first = true;
    for await (const batch of suite.batches()) {
      const cases = batch.map(({ record, trials }) =>
        JSON.stringify({ id: record.id, trials: trials.map(factsOf) }),
      );
      yield `${first ? '' : ','}\n      ${cases.join(',\n      ')}`;
      first = false;
    }
    yield ' ] }';
  }
  yield '\n  ]\n}\n';
}

function groupFacts(group: Group): Written<GroupFacts> {
  return { ...group, ms: Math.round(group.ms * 10) / 10 };
}

/** The volatile facts of a trial, as run.json holds them. */
export function factsOf({ result, volatile, details }: JudgedTrial): Written<TrialFacts> {
  const figures = Object.fromEntries(
    result.assertions.flatMap(({ assertion }, index): [string, string][] => {
      const figure = details[index]?.figure;
      return figure === undefined ? [] : [[assertion, figure]];
    }),
  );
  return { ...volatile, totalMs: Math.round(volatile.totalMs * 10) / 10, figures };
}

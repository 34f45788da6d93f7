import path from 'node:path';
import type { Results } from '../judge/results.ts';
import { writeWhole } from './write.ts';

/** run.json: everything volatile, so that the stable files need not hold it. */
export async function writeRunJson(results: Results, directory: string): Promise<string[]> {
  const file = path.join(directory, 'run.json');
  await writeWhole(file, pieces(results));
  return [file];
}

async function* pieces({ run, suites }: Results): AsyncGenerator<string> {
  yield `${JSON.stringify({ schema: 'assay/run/1', ...run }, null, 2).slice(0, -2)},\n  "suites": [`;
  for (const [index, suite] of suites.entries()) {
    yield `${index > 0 ? ',' : ''}\n    { "suite": ${JSON.stringify(suite.suite)}, "summary": ${JSON.stringify(suite.summary)}, "cases": [`;
    let first = true;
    for await (const { id, trials } of suite.cases()) {
      const told = trials.map(({ volatile, assertions }) => ({
        ...volatile,
        totalMs: Math.round(volatile.totalMs * 10) / 10,
        figures: Object.fromEntries(
          assertions.flatMap(({ assertion, figure }) => (figure === undefined ? [] : [[assertion, figure]])),
        ),
      }));
      yield `${first ? '' : ','}\n      ${JSON.stringify({ id, trials: told })}`;
      first = false;
    }
    yield ' ] }';
  }
  yield '\n  ]\n}\n';
}

import path from 'node:path';
import { resultsFormat, type CaseRecord, type Summary } from '../judge/case-record.ts';
import type { SuiteResults } from '../judge/results.ts';
import { sha256Hash } from '../lib/canonical.ts';
import type { Reporter } from './reporter.ts';
import { gather, writeWhole } from './write.ts';

/** `<suite>.json`: stable. Nothing volatile is in it; a one-word change of a reply is a one-line diff. */
export const json: Reporter = async (results, directory) => {
  const written: string[] = [];
  for (const suite of results.suites) {
    const file = path.join(directory, `${suite.suite}.json`);
    const hash = sha256Hash();
    await writeWhole(file, pieces(writtenSuite(suite)), hash);
    known.set(suite, hash.digest('hex'));
    written.push(file);
  }
  return written;
};

/** What a results file says of its suite. */
interface Head {
  readonly suite: string;
  readonly description?: string | undefined;
  readonly path: string;
  readonly summary: Summary;
}

/** Results of a suite as they are written; cases in order of their ids. */
interface WrittenSuite extends Head {
  readonly batches: () => AsyncIterable<readonly object[]>;
}

const writtenSuite = (suite: SuiteResults): WrittenSuite => ({
  ...suite,
  batches: () => stableBatches(suite),
});

/** Writes a results file: the same cases, the same bytes, whether they come from a run or from other results files. */
export function writeResults(
  results: Head & { readonly cases: () => AsyncIterable<object> },
  file: string,
): Promise<void> {
  async function* batches(): AsyncGenerator<[object]> {
    for await (const each of results.cases()) yield [each];
  }
  return writeWhole(file, pieces({ ...results, batches }));
}

/** Of the results files that were written. */
const known = new WeakMap<SuiteResults, string>();

/** SHA-256 of the results file of a suite, also where none is written. */
export async function digestOfResults(suite: SuiteResults): Promise<string> {
  const written = known.get(suite);
  if (written !== undefined) return written;
  const hash = sha256Hash();
  for await (const text of gather(pieces(writtenSuite(suite)))) hash.update(text);
  return hash.digest('hex');
}

/** The cases of a suite as a results file has them. */
export async function* stableCases({ cases }: SuiteResults): AsyncGenerator<CaseRecord> {
  for await (const each of cases()) yield each.record;
}

async function* stableBatches({ batches }: SuiteResults): AsyncGenerator<CaseRecord[]> {
  for await (const batch of batches()) yield batch.map(({ record }) => record);
}

/** What stands around cases in a file of those cases alone. */
const before = '{\n  "cases": [';
const after = '\n  ]\n}';

async function* pieces({
  suite,
  description,
  path: source,
  summary,
  batches,
}: WrittenSuite): AsyncGenerator<string> {
  const head = JSON.stringify({ schema: resultsFormat, suite, description, path: source, summary }, null, 2);
  yield `${head.slice(0, -2)},\n  "cases": [`;
  let first = true;
  for await (const cases of batches()) {
    // Written where they will stand, so that they are indented once.
    const text = JSON.stringify({ cases }, null, 2).slice(before.length, -after.length);
    yield `${first ? '' : ','}${text}`;
    first = false;
  }
  yield first ? ']\n}\n' : '\n  ]\n}\n';
}

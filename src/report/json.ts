import type { Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { resultsFormat, type CaseRecord, type ResultsHead } from '../judge/case-record.ts';
import type { SuiteResults } from '../judge/results.ts';
import { sha256Hash } from '../lib/canonical.ts';
import type { Report, Reporter, ReportInput } from './reporter.ts';
import { removeStale } from './stale.ts';
import { openOutput, type OutputFile } from './write.ts';

/** `<suite>.json`: stable. Nothing volatile is in it; a one-word change of a reply is a one-line diff. */
export const json: Reporter = ({ results, directory, digests }) => ({
  ...resultsFiles(digests, (name) => openOf(path.join(directory, name))),
  onEnd: () =>
    removeStale(
      directory,
      results.suites.map(({ suite }) => fileOf(suite)),
    ),
});

/** Lists the results files that an earlier run left in a folder. */
export const digestResults: Reporter = ({ directory, digests }) =>
  resultsFiles(digests, (name) => (existsSync(path.join(directory, name)) ? openOf(undefined) : undefined));

const fileOf = (suite: string): string => `${suite}.json`;

function openOf(file: string | undefined): { readonly output: OutputFile; readonly hash: Hash } {
  const hash = sha256Hash();
  return { output: openOutput(file, hash), hash };
}

function resultsFiles(
  digests: ReportInput['digests'],
  open: (name: string) => ReturnType<typeof openOf> | undefined,
): Report {
  let opened: ReturnType<typeof openOf> | undefined;
  let writer: ReturnType<typeof createWriter> | undefined;
  return {
    onSuite: (suite) => {
      opened = open(fileOf(suite.suite));
      writer = opened && createWriter(suite, opened.output);
    },
    onCase: ({ record }) => writer?.add(record),
    onSuiteEnd: ({ suite }) => {
      if (!opened) return;
      writer?.end();
      opened.output.end();
      digests.set(suite, opened.hash.digest('hex'));
      opened = undefined;
    },
    onEnd: () => undefined,
    discard: () => opened?.output.discard(),
  };
}

/** Writes a results file of records that were read from others: the same cases, the same bytes. */
export async function writeResults(
  results: Omit<ResultsHead, 'schema'> & { readonly cases: () => AsyncIterable<CaseRecord> },
  file: string,
): Promise<void> {
  const output = openOutput(file);
  try {
    const writer = createWriter(results, output);
    for await (const record of results.cases()) writer.add(record);
    writer.end();
    output.end();
  } catch (error) {
    output.discard();
    throw error;
  }
}

/** What is around cases in a file of those cases alone. */
const before = '{\n  "cases": [';
const after = '\n  ]\n}';

function createWriter(
  {
    suite,
    description,
    path: source,
    summary,
  }: Pick<SuiteResults, 'suite' | 'path' | 'summary'> & {
    readonly description?: string | undefined;
  },
  output: OutputFile,
): { readonly add: (record: CaseRecord) => void; readonly end: () => void } {
  const head = JSON.stringify({ schema: resultsFormat, suite, description, path: source, summary }, null, 2);
  output.write(`${head.slice(0, -2)},\n  "cases": [`);
  let first = true;
  return {
    add: (record) => {
      // Written at its depth, so that it is indented once.
      const text = JSON.stringify({ cases: [record] }, null, 2).slice(before.length, -after.length);
      output.write(`${first ? '' : ','}${text}`);
      first = false;
    },
    end: () => output.write(first ? ']\n}\n' : '\n  ]\n}\n'),
  };
}

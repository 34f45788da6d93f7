import type { CaseRecord } from '../../judge/case-record.ts';
import type { JudgedCase, Results } from '../../judge/results.ts';
import { redact } from '../../lib/redact.ts';
import { factsOf } from '../run-json.ts';
import type { TrialFacts } from '../shapes/run.ts';
import type { Written } from '../../shape/written.ts';

/** The form in which a user's own reporter is given a run: plain data, as docs/reporters.md describes it. */
export interface PlainResults {
  readonly schema: 'assay/reporter/1';
  /** As the head of run.json. */
  readonly run: Results['run'];
  readonly suites: readonly PlainSuite[];
}

/** A case as in `<suite>.json`, with the facts of its trials from run.json under `run`. */
export type PlainCase = CaseRecord & { readonly run: readonly Written<TrialFacts>[] };

/** As the head of `<suite>.json`; the cases come one by one, and can be read again. */
export interface PlainSuite {
  readonly suite: string;
  readonly description?: string;
  readonly path: string;
  readonly summary: Results['suites'][number]['summary'];
  readonly cases: () => AsyncGenerator<PlainCase>;
}

/** Results as plain data, which a reporter may keep or change without harm to the other reports. */
export function plainResults({ run, suites }: Results): PlainResults {
  return {
    schema: 'assay/reporter/1',
    run: { ...run },
    suites: suites.map(({ suite, description, path, summary, cases }) => ({
      suite,
      ...(description === undefined ? {} : { description }),
      path,
      summary: { ...summary },
      cases: async function* () {
        for await (const each of cases()) yield plainCase(each);
      },
    })),
  };
}

function plainCase({ record, trials }: JudgedCase): PlainCase {
  // A copy with the content of the files, so that reporters share nothing.
  return JSON.parse(redact(JSON.stringify({ ...record, run: trials.map(factsOf) }))) as PlainCase;
}

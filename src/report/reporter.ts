import type { Comparison } from '../compare/comparison.ts';
import type { JudgedCase, Results, SuiteResults } from '../judge/results.ts';

/** What a report is made from, beside its cases. */
export interface ReportInput {
  readonly results: Results;
  /** The reports folder: it exists and can be written to. */
  readonly directory: string;
  /** Present where a baseline was named. */
  readonly comparison?: Comparison;
  /** SHA-256 of each results file, by suite: filled while the cases go by. */
  readonly digests: Map<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output. */
  readonly out: { readonly write: (text: string) => unknown };
}

/** A report that is being made. It sees every case once: suites in their order, cases in the order of their ids. */
export interface Report {
  readonly onSuite?: (suite: SuiteResults, index: number) => void;
  readonly onCase?: (each: JudgedCase, suite: SuiteResults, index: number) => void;
  readonly onSuiteEnd?: (suite: SuiteResults, index: number) => void;
  readonly onEnd: () => void | Promise<void>;
  /** Removes what is half written, when the report cannot be finished. */
  readonly discard?: () => void;
}

/** Begins a report. */
export type Reporter = (input: ReportInput) => Report;

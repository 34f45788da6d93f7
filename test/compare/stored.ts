import type { StoredSuite } from '../../src/compare/read.ts';
import { resultsFormat, type CaseRecord } from '../../src/judge/case-record.ts';
import type { SuiteResults } from '../../src/judge/results.ts';
import { casesIn, judged, type Came } from '../judge/judged.ts';
import type { Files } from '../suites.ts';

/** The cases of results as their file has them. */
async function storedCases(results: SuiteResults): Promise<CaseRecord[]> {
  return JSON.parse(JSON.stringify(await casesIn(results))) as CaseRecord[];
}

/** The stored cases of a suite whose trials got these replies. */
export async function casesOf(
  files: Files,
  replies: (id: string, trial: number) => Came | undefined,
): Promise<CaseRecord[]> {
  return storedCases(await judged(files, replies));
}

/** A suite of stored cases. */
export function suiteOf(suite: string, cases: readonly CaseRecord[]): StoredSuite {
  const none = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  async function* each(): AsyncGenerator<CaseRecord> {
    yield* cases;
  }
  return { schema: resultsFormat, suite, path: `${suite}.suite.yaml`, summary: none, cases: each };
}

type Trials = readonly ('passed' | 'failed' | 'errored')[];
interface Made extends Partial<Omit<CaseRecord, 'trials'>> {
  /** How its trials came out; default: one trial, as the verdict says. */
  readonly came?: Trials;
  /** What each trial answered; default: all the same. */
  readonly texts?: readonly string[];
}

/** A stored case of this verdict. */
export function caseOf(verdict: CaseRecord['verdict'], { came, texts = [], ...more }: Made = {}): CaseRecord {
  const one = verdict === 'failed' || verdict === 'errored' ? verdict : 'passed';
  const trials: Trials = came ?? (verdict === 'skipped' ? [] : [one]);
  return {
    id: 'a',
    verdict,
    source: 'a.suite.yaml:5:5',
    fingerprint: 'f',
    digests: { prompt: 'p', config: 'c', vars: 'v', assertions: 'a' },
    test: 't',
    model: 'm',
    method: 'generateContent',
    repeats: Math.max(1, trials.length),
    passRate: 1,
    trials: trials.map((own, index) => ({
      verdict: own,
      outcome: 'answered',
      candidates: [{ text: [texts[index] ?? 'text'] }],
      assertions: [],
    })),
    ...more,
  };
}

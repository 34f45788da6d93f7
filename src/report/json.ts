import path from 'node:path';
import type {
  AssertionResult,
  CandidateResult,
  CaseResult,
  PartResult,
  Summary,
  SuiteResults,
  TrialResult,
  TurnResult,
} from '../judge/results.ts';
import { notMade } from '../judge/why.ts';
import { sha256Hash } from '../lib/canonical.ts';
import { resultsFormat } from './formats.ts';
import type { Reporter } from './reporter.ts';
import type { WrittenCase } from './shapes/results.ts';
import type { Written } from './shapes/written.ts';
import { sourceOf } from './source-of.ts';
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
  readonly description?: string;
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
export async function* stableCases({ cases }: SuiteResults): AsyncGenerator<Written<WrittenCase>> {
  for await (const each of cases()) yield stableCase(each);
}

async function* stableBatches({ batches }: SuiteResults): AsyncGenerator<Written<WrittenCase>[]> {
  for await (const batch of batches()) yield batch.map(stableCase);
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

type WrittenTrial = WrittenCase['trials'][number];
type WrittenTurn = NonNullable<WrittenTrial['turns']>[number];
type WrittenPart = NonNullable<WrittenTurn['parts']>[number];

const lines = (text: string): string[] => text.split('\n');
const ifAny = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;

/** A case as a results file holds it; what is undefined is left out there. */
export function stableCase(each: CaseResult): Written<WrittenCase> {
  const {
    id,
    verdict,
    place,
    fingerprint,
    digests,
    test,
    row,
    prompt,
    config,
    model,
    method,
    tags,
    skip,
    repeats,
    passRate,
    shown,
    warnings,
    trials,
  } = each;
  return {
    id,
    verdict,
    source: sourceOf(place),
    fingerprint,
    digests,
    test,
    row,
    prompt,
    config,
    model,
    method,
    tags: ifAny(tags),
    skip,
    repeats,
    passRate,
    problem: notMade(each),
    request: ifAny(
      shown.map(({ role, text }) => ({ role, text: text === undefined ? undefined : lines(text) })),
    ),
    warnings: ifAny(warnings),
    trials: trials.map(stableTrial),
  };
}

function stableTrial(trial: TrialResult): Written<WrittenTrial> {
  const {
    verdict,
    outcome,
    error,
    problem,
    blockReason,
    promptSafety,
    modelVersion,
    usage,
    response,
    turns,
    candidates,
    assertions,
  } = trial;
  return {
    verdict,
    outcome,
    error,
    problem,
    blockReason,
    promptSafety,
    modelVersion,
    usage,
    response,
    turns: turns?.map(stableTurn),
    candidates: candidates.map(stableCandidate),
    assertions: assertions.map(stableAssertion),
  };
}

function stableTurn({ outcome, blockReason, usage, ...candidate }: TurnResult): Written<WrittenTurn> {
  return { outcome, blockReason, ...stableCandidate(candidate), usage };
}

function stableCandidate({
  finishReason,
  finishMessage,
  text,
  thoughts,
  parts,
  functionCalls,
  safety,
  citations,
  grounding,
}: CandidateResult): Written<WrittenTrial['candidates'][number]> {
  return {
    finishReason,
    finishMessage,
    text: text === undefined ? [] : lines(text),
    thoughts: thoughts === undefined ? undefined : lines(thoughts),
    parts: parts?.map(stablePart),
    functionCalls,
    safety,
    citations: ifAny(citations),
    grounding,
  };
}

/** Texts are lists of lines, as everywhere in the file. */
function stablePart(part: PartResult): Written<WrittenPart> {
  const { type, thought } = part;
  switch (part.type) {
    case 'text':
      return { type, thought, text: lines(part.text) };
    case 'executableCode':
      return { type, thought, language: part.language, code: lines(part.code) };
    case 'codeExecutionResult':
      return { type, thought, outcome: part.outcome, output: lines(part.output) };
    default:
      return part;
  }
}

function stableAssertion({
  assertion,
  kind,
  verdict,
  severity,
  guardrail,
  message,
  near,
  place,
}: AssertionResult): Written<WrittenTrial['assertions'][number]> {
  return {
    assertion,
    kind,
    verdict,
    severity: severity === 'warn' ? severity : undefined,
    guardrail: guardrail || undefined,
    message,
    near,
    source: sourceOf(place),
  };
}

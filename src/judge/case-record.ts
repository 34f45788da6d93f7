import { methods } from '../gemini/methods.ts';
import { outcomes } from '../gemini/reply.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import {
  anything,
  choice,
  describe,
  flag,
  list,
  number,
  object,
  optional,
  text,
  type TypeOf,
} from '../shape/shape.ts';
import type { Written } from '../shape/written.ts';

/** The format of results files, `<suite>.json`, and the one before it, which is still read. */
export const resultsFormat = 'assay/results/2';
export const olderFormat = 'assay/results/1';

/** Verdicts of a case. */
export const verdicts = ['passed', 'failed', 'errored', 'skipped', 'inconclusive'] as const;
const count = (doc: string) => number({ integer: true, min: 0, doc });
const textLines = (doc: string) =>
  list(text(), { doc: `${doc}, line by line, so that one changed word is one changed line.` });
/** A place in words. */
export const source = text({
  pattern: '^.+:[0-9]+:[0-9]+$',
  doc: 'Where it is written: path:line:column. The path has forward slashes and is relative to the working directory of the run; columns count code points.',
  example: 'suites/story.suite.yaml:12:5',
});

/** How many cases came out how. */
export const summary = object(
  {
    cases: count('All cases of the suite that the run was asked for.'),
    passed: count('Cases that passed.'),
    failed: count('Cases of which too many trials missed an assertion.'),
    errored: count('Cases that could not be judged: the network, the quota, or a stopped run.'),
    skipped: count('Cases that the suite skips, or that did not run before the end.'),
    inconclusive: count('Cases on which the statistics that the suite asks for could not decide.'),
    warnings: count('Missed `severity: warn` assertions, and cases without assertions.'),
  },
  { doc: 'How many cases came out how.' },
);

const safety = (doc: string) =>
  list(
    object({
      category: optional(text({ example: 'HARM_CATEGORY_HARASSMENT' })),
      probability: optional(text({ example: 'LOW' })),
      blocked: optional(flag()),
    }),
    { doc },
  );

const partTypes = [
  'text',
  'image',
  'audio',
  'video',
  'media',
  'file',
  'functionCall',
  'executableCode',
  'codeExecutionResult',
  'other',
] as const;

const part = object(
  {
    type: choice(partTypes, {
      doc: 'What the part is; `media` is inline data that is neither image, audio nor video, `other` a part in the API’s shape.',
    }),
    thought: optional(flag({ doc: 'Present and true of what the model thought.' })),
    text: optional(textLines('The text')),
    mimeType: optional(text({ doc: 'Of media and files.', example: 'image/png' })),
    bytes: optional(count('The size of media, before base64.')),
    sha256: optional(text({ pattern: '^[0-9a-f]{64}$', doc: 'SHA-256 of the bytes of media.' })),
    uri: optional(text({ doc: 'Of a file.' })),
    name: optional(text({ doc: 'Of a function call.' })),
    args: optional(anything({ doc: 'Of a function call.' })),
    language: optional(text({ doc: 'Of code.', example: 'PYTHON' })),
    code: optional(textLines('Code that the model wrote and ran')),
    outcome: optional(text({ doc: 'How the code ran.', example: 'OUTCOME_OK' })),
    output: optional(textLines('What the code printed')),
    part: optional(anything({ doc: 'Of another part: the part, data as size and digest.' })),
  },
  { doc: 'One part of an answer.' },
);

const citation = object({
  uri: optional(text()),
  title: optional(text()),
  license: optional(text()),
  startIndex: optional(number()),
  endIndex: optional(number()),
});

const answer = {
  finishReason: optional(text({ doc: 'As the API gave it.', example: 'STOP' })),
  finishMessage: optional(text({ doc: 'As the API gave it.' })),
  text: textLines('The answer text; empty where the candidate had none'),
  thoughts: optional(textLines('The thought text')),
  parts: optional(
    list(part, {
      doc: 'All parts in order; left out where there is nothing but text, thoughts and function calls.',
    }),
  ),
  functionCalls: optional(
    list(object({ name: text(), args: anything() }), { doc: 'The function calls, in order.' }),
  ),
  safety: optional(safety('The safety ratings of the candidate.')),
  citations: optional(list(citation, { doc: 'The sources that the answer cites, in order.' })),
  grounding: optional(
    object(
      {
        queries: list(text(), { doc: 'The searches that were made, in order.' }),
        uris: list(text(), { doc: 'The addresses of the chunks, in order.' }),
      },
      { doc: 'What the answer is grounded on.' },
    ),
  ),
};

const assertion = object({
  assertion: text({ doc: 'The assertion in short words, or its label.', example: 'contains: backpack' }),
  kind: text({ doc: 'The assertion kind.', example: 'contains' }),
  verdict: choice(['passed', 'failed', 'unknown'], {
    doc: '`unknown`: what the assertion needs was not in the reply; at the top it counts as failed.',
  }),
  severity: optional(choice(['warn'], { doc: 'Present where a miss only warns.' })),
  guardrail: optional(flag({ doc: 'Present and true where the suite calls it a guardrail.' })),
  message: text({ doc: 'Why it came out so; figures that vary from run to run are left out.' }),
  near: optional(
    text({
      doc: 'Present if a figure passes within 10 % of its bound: both of them.',
      example: '790 candidates tokens, at most 800',
    }),
  ),
  source,
});

const digest = (doc: string) => text({ pattern: '^[0-9a-f]{12}$', doc });

const usage = (doc: string) =>
  object(
    {
      prompt: optional(count('promptTokenCount')),
      candidates: optional(count('candidatesTokenCount')),
      thoughts: optional(count('thoughtsTokenCount')),
      cached: optional(count('cachedContentTokenCount')),
      toolUse: optional(count('toolUsePromptTokenCount')),
      total: optional(count('totalTokenCount, or totalTokens of countTokens')),
    },
    { doc: `Token counts of usageMetadata, ${doc}; only what the API gave.` },
  );
const outcome = choice(outcomes, { doc: 'What kind of reply it was.' });
const blockReason = optional(text({ doc: 'Why the prompt was blocked.', example: 'SAFETY' }));

const turn = object({
  outcome,
  blockReason,
  ...answer,
  usage: optional(usage('of this turn')),
});

const trial = object({
  verdict: choice(['passed', 'failed', 'errored']),
  outcome,
  error: optional(
    object(
      {
        code: optional(number({ integer: true, doc: 'HTTP status.' })),
        status: optional(text({ doc: 'google.rpc code name.', example: 'INVALID_ARGUMENT' })),
        reason: optional(text({ doc: 'ErrorInfo.reason.', example: 'API_KEY_INVALID' })),
        message: text(),
        transport: optional(text({ doc: 'What went wrong where no HTTP reply was usable.' })),
      },
      { doc: 'The failed call: why the trial errored, or the reply that the case asserts.' },
    ),
  ),
  problem: optional(
    text({ doc: 'Why the outcome is `malformed`, or where a conversation ended too early to pass.' }),
  ),
  blockReason,
  promptSafety: optional(safety('The safety ratings of the prompt.')),
  modelVersion: optional(text({ doc: 'The model that answered, by its own word.' })),
  usage: optional(usage('of all calls of the trial together')),
  response: optional(
    anything({
      doc: 'Of a reply without candidates (countTokens, embeddings, models): what a reader wants of it.',
    }),
  ),
  turns: optional(
    list(turn, {
      doc: 'Of a conversation: every turn that the model was asked, in order, with its first candidate. The last is in `candidates` too.',
    }),
  ),
  candidates: list(object(answer)),
  assertions: list(assertion, { doc: 'How each assertion came out; empty where the trial errored.' }),
});

/** One case of a results file. */
const resultsCase = object({
  id: text({ doc: 'test / row / prompt / config / model: what the suite names of them.' }),
  verdict: choice(verdicts),
  source: describe(source, { doc: 'Where the test is written: path:line:column.' }),
  fingerprint: optional(
    text({
      pattern: '^[0-9a-f]{64}$',
      doc: 'SHA-256 of method, model and canonical request body, media as digests.',
    }),
  ),
  digests: object(
    {
      prompt: optional(digest('Of the prompt as it is written, media as digests.')),
      config: digest('Of method, defaults, config and extra as they are written.'),
      vars: digest('Of the variables of suite, test and row as they are written.'),
      assertions: digest('Of the assertions with their variables put in, and passRate.'),
    },
    { doc: 'Heads of SHA-256, by which a comparison finds what changed in the case.' },
  ),
  test: text({ doc: "The test's name." }),
  row: optional(text({ doc: "The data row's name." })),
  prompt: optional(text({ doc: "The prompt's name." })),
  config: optional(text({ doc: "The config's name." })),
  model: optional(text({ doc: 'The requested model.' })),
  method: choice(methods, { doc: 'The API method.' }),
  tags: optional(list(text())),
  skip: optional(text({ doc: 'Why the suite skips the case, or why it did not run.' })),
  repeats: number({ integer: true, min: 1, doc: 'How many trials the case should have.' }),
  passRate: number({ min: 0, max: 1, doc: 'The share of them that must pass.' }),
  problem: optional(
    text({ doc: 'Of a case that errored because trials are missing: how many did not run.' }),
  ),
  request: optional(
    list(
      object({
        role: optional(text({ example: 'user' })),
        text: optional(textLines('The turn; absent where the model is asked')),
      }),
      { doc: 'What was asked, as a reader sees it; media as type, size and digest.' },
    ),
  ),
  warnings: optional(list(text(), { doc: '`no assertions`, and the missed `severity: warn` assertions.' })),
  trials: list(trial, {
    doc: 'In an order of their content, unnumbered: equal requests get replies in any order. Fewer than `repeats` where the run stopped.',
  }),
});

const results = object({
  schema: choice([resultsFormat], { doc: 'The format of this file.' }),
  suite: text({ doc: "The suite's name." }),
  description: optional(text({ doc: "The suite's description." })),
  path: text({ doc: 'The suite file, with forward slashes.', example: 'suites/story.suite.yaml' }),
  summary,
  cases: list(resultsCase, { doc: 'Sorted by id, by code points.' }),
});

/** A case in `<suite>.json`, as reports and comparisons read it. Texts are lists of lines. */
export type CaseRecord = Written<TypeOf<typeof resultsCase>>;
export type Verdict = CaseRecord['verdict'];
export type TrialResult = CaseRecord['trials'][number];
export type AssertionResult = TrialResult['assertions'][number];
export type CandidateResult = TrialResult['candidates'][number];
export type TurnResult = NonNullable<TrialResult['turns']>[number];
export type PartResult = NonNullable<CandidateResult['parts']>[number];
export type Safety = NonNullable<CandidateResult['safety']>[number];

/** The part of a results file before its cases. */
export type ResultsHead = Omit<Written<TypeOf<typeof results>>, 'cases' | 'schema'> & {
  readonly schema: string;
};
/** How many cases came out how. */
export type Summary = ResultsHead['summary'];

/** The JSON Schema of `<suite>.json`, as published in schemas/results.schema.json. */
export function resultsSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Assay results',
    description:
      'The stable results of one suite: same replies, same bytes. No time, latency, host, response id or version of Assay is in it.',
    ...results.schema,
  };
}

/**
 * The schemas by which results files are read: of a file without its cases, and of a case. A later Assay may add keys, and
 * what a pattern asks for is not needed to read a file.
 */
export const readSchemas = (): Readonly<Record<'validateFile' | 'validateCase', JsonObject>> => ({
  validateFile: lenient(results.schema),
  validateCase: lenient(resultsCase.schema),
});

function lenient(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, JsonValue][] => {
    if (['additionalProperties', 'pattern', 'description', 'examples'].includes(key)) return [];
    if (key !== 'properties' || !isObject(value)) return [[key, isObject(value) ? lenient(value) : value]];
    const properties = Object.entries(value).map(([name, inner]): [string, JsonValue] => [
      name,
      isObject(inner) ? lenient(inner) : inner,
    ]);
    return [[key, Object.fromEntries(properties)]];
  });
  return Object.fromEntries(entries);
}

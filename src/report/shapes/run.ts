import { choice, flag, list, mapOf, number, object, optional, text, type TypeOf } from '../../shape/shape.ts';
import type { JsonObject } from '../../lib/json.ts';
import { summary } from '../../judge/case-record.ts';

/** The format of run.json. */
export const runFormat = 'assay/run/1';

const milliseconds = (doc: string) => number({ min: 0, doc: `${doc}, in milliseconds.` });
const time = (doc: string) => text({ doc: `${doc}: ISO 8601, UTC.` });

const facts = {
  startedAt: time('When the run began'),
  endedAt: time('When the run ended'),
  durationMs: milliseconds('How long the run took'),
  endpoint: text({ doc: 'Scheme, host and path prefix that were called; no key.' }),
  emulator: flag({ doc: 'True if it was the emulator that ships with Assay.' }),
  assay: text({ doc: 'Version of Assay.' }),
  node: text({ doc: 'Version of Node.' }),
  ended: choice(['done', 'interrupted', 'bailed', 'stopped', 'budget'], {
    doc: 'How the run ended; `stopped` by an error that every further call would have had.',
  }),
  selection: optional(
    mapOf(list(text()), { doc: 'The narrowing options of the run by name; absent if it was not narrowed.' }),
  ),
  message: optional(text({ doc: 'Why it ended early.' })),
  stoppedModels: optional(mapOf(text(), { doc: 'Models that got no more calls, each with the reason.' })),
  lost: optional(
    number({
      integer: true,
      min: 1,
      doc: 'Calls that were sent, and whose trials had not settled when the run ended: what they cost is not known.',
    }),
  ),
  shards: optional(number({ integer: true, min: 1, doc: 'How many shards `assay merge` merged it from.' })),
  judged: optional(
    object(
      {
        at: time('When they were judged'),
        journal: text({ doc: 'The journal with the replies.', example: 'reports/journal.jsonl' }),
        lacking: number({ integer: true, min: 0, doc: 'Cases to which it has no reply, or too few.' }),
      },
      { doc: 'Present where `assay judge` judged the replies of an earlier run again.' },
    ),
  ),
};

/** The volatile facts of one trial. */
const trialFacts = object({
  trial: number({ integer: true, min: 1, doc: 'In the order of asking.' }),
  at: time('When the trial began'),
  totalMs: milliseconds('The latency of its calls together'),
  firstTokenMs: optional(milliseconds('Until the first text of a stream')),
  chunks: optional(number({ integer: true, min: 0, doc: 'Events of a stream.' })),
  attempts: number({ integer: true, min: 0, doc: 'HTTP tries, those that failed included.' }),
  waitedMs: milliseconds('Waited between tries'),
  retried: optional(
    list(
      object({
        call: number({ integer: true, min: 0, doc: 'Which call of a conversation, from 0.' }),
        ms: milliseconds('How long it took'),
        status: optional(number({ integer: true, doc: 'HTTP status, if a response came.' })),
        failed: optional(text({ doc: 'A google.rpc status, an HTTP status, or what the network did.' })),
        lost: optional(flag({ doc: 'True if it was sent and got no whole reply.' })),
        waitedMs: optional(milliseconds('Waited before the next')),
      }),
      { doc: 'The tries that others followed, in order; absent where none did.' },
    ),
  ),
  responseId: optional(text({ doc: 'As the API gave it.' })),
  from: optional(choice(['cache', 'cassette'], { doc: 'Where its replies came from, if no call was made.' })),
  usd: optional(
    number({ min: 0, doc: 'What the replies of its calls cost in USD; absent where that is not known.' }),
  ),
  lost: optional(
    number({
      integer: true,
      min: 1,
      doc: 'Attempts that were sent and got no whole reply: what they cost is not known, and not in `usd`.',
    }),
  ),
  figures: mapOf(text(), { doc: 'Measured figures by assertion, which the stable files leave out.' }),
});

const count = (doc: string) => number({ integer: true, min: 0, doc });

const groupFacts = object({
  config: optional(text({ doc: 'Name of the config.' })),
  model: optional(text({ doc: 'Id of the model.' })),
  passed: count('Cases that passed.'),
  failed: count('Cases that failed.'),
  errored: count('Cases that errored.'),
  skipped: count('Cases that were skipped.'),
  inconclusive: count('Cases that are inconclusive.'),
  tokens: count('Tokens of all trials, in and out.'),
  ms: milliseconds('The latency of all trials together'),
  usd: number({ min: 0, doc: 'What the trials of known cost came to, in USD.' }),
  unpriced: count('Trials whose replies have no known cost.'),
  lost: count(
    'Attempts that were sent and got no whole reply: what they cost is not known, and not in `usd`.',
  ),
  recalled: count('Trials answered from a cache or a cassette.'),
});

const run = object({
  schema: choice([runFormat], { doc: 'The format of this file.' }),
  ...facts,
  results: mapOf(text(), {
    doc: 'SHA-256 of `<suite>.json` by suite, as this run has it: results with another are those of another run.',
  }),
  suites: list(
    object({
      suite: text({ doc: "The suite's name." }),
      summary,
      groups: list(groupFacts, { doc: 'The cases of each config and model together.' }),
      cases: list(
        object({
          id: text(),
          trials: list(trialFacts, { doc: 'In the order of the trials in `<suite>.json`.' }),
        }),
      ),
    }),
  ),
});

export type GroupFacts = TypeOf<typeof groupFacts>;
export type TrialFacts = TypeOf<typeof trialFacts>;

/** The JSON Schema of run.json, as published in schemas/run.schema.json. */
export function runSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Assay run',
    description: 'The volatile facts of a run: times, latencies, retries, versions, endpoint.',
    ...run.schema,
  };
}

import { changes, classes, facets, warningCodes } from '../../compare/comparison.ts';
import { source, verdicts } from '../../judge/case-record.ts';
import type { JsonObject } from '../../lib/json.ts';
import { choice, flag, list, number, object, optional, text, type TypeOf } from '../../shape/shape.ts';

/** The format of compare.json. */
export const compareFormat = 'assay/compare/1';

const count = (doc?: string) => number({ integer: true, min: 0, ...(doc === undefined ? {} : { doc }) });
const counts = object(
  Object.fromEntries(classes.map((each) => [each, count()])) as Record<
    (typeof classes)[number],
    ReturnType<typeof count>
  >,
  { doc: 'How many cases are of each class.' },
);

const unaffected = object(
  Object.fromEntries(changes.map((each) => [each, count()])) as Record<
    (typeof changes)[number],
    ReturnType<typeof count>
  >,
  { doc: 'Of the unchanged cases: of how many each part changed, to no effect.' },
);

const side = object({
  verdict: choice(verdicts),
  passed: count('Trials that passed.'),
  trials: count('Trials that the case should have.'),
  modelVersions: list(text(), { doc: 'The models that answered, by their own word.' }),
  model: optional(text({ doc: 'The requested model.' })),
});

const textLines = (doc: string) => list(text(), { doc: `${doc}, line by line.` });

/** One case of a comparison. */
const comparedCase = object({
  suite: text(),
  id: text(),
  class: choice(classes, { doc: 'What became of the case.' }),
  worse: flag({ doc: 'It fails now, and the approved results do not have it failed: exit 1.' }),
  changes: list(choice(changes), {
    doc: 'What of the case changed; empty: nothing, or it is on one side only. `request`: the fingerprint alone. `modelVersion`: another model answered the same request.',
  }),
  before: optional(side),
  after: optional(side),
  replyChanged: flag({
    doc: 'Whether what came back differs in anything; false where one side was not judged.',
  }),
  differences: optional(
    list(
      object({
        what: choice(facets, { doc: 'What differs; `warnings` are the case’s, all else is of its replies.' }),
        before: list(text(), { doc: 'What only the approved reply has.' }),
        after: list(text(), { doc: 'What only the reply of now has.' }),
        message: text({
          doc: 'In plain words.',
          example: 'picture gone: image/png, 8 bytes, sha256:4c4b6a3be131',
        }),
      }),
      { doc: 'What of the replies differs beside their text, of the first that differ in it.' },
    ),
  ),
  failures: optional(
    list(
      object({
        assertion: optional(text({ doc: 'Absent where no assertion was missed: an error, or no answer.' })),
        message: text(),
        source,
      }),
      { doc: 'Why it does not pass now, each reason once.' },
    ),
  ),
  text: optional(
    object(
      {
        before: textLines('What came back'),
        after: textLines('What comes back now'),
        more: count('Further answers that differ.'),
      },
      { doc: 'The first answers that differ; left out beyond 20,000,000 characters in one comparison.' },
    ),
  ),
});

const comparison = object({
  schema: choice([compareFormat], { doc: 'The format of this file.' }),
  before: text({ doc: 'The approved results, as they were named.', example: 'baselines' }),
  after: text({ doc: 'The results compared with them, as they were named.', example: 'reports' }),
  counts,
  unaffected,
  worse: count('Cases that fail now and did not.'),
  suites: list(
    object({
      suite: text(),
      baseline: flag({ doc: 'False where there are no approved results of the suite.' }),
      counts,
    }),
    { doc: 'By name.' },
  ),
  warnings: list(object({ code: choice(warningCodes), message: text(), help: text() }), {
    doc: 'What makes the approved results doubtful; no exit code depends on it.',
  }),
  cases: list(comparedCase, {
    doc: 'All but those that were not asked, and the unchanged that the same model answered; the worst first.',
  }),
});

export type WrittenComparedCase = TypeOf<typeof comparedCase>;

/** The JSON Schema of compare.json, as published in schemas/compare.schema.json. */
export function compareSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Assay comparison',
    description: 'Two sets of results, paired by suite and id: what got worse, what changed, and why.',
    ...comparison.schema,
  };
}

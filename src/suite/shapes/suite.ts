import { methods } from '../../gemini/methods.ts';
import type { JsonObject } from '../../lib/json.ts';
import { assertionSchemas } from '../../assertions/registry.ts';
import {
  anything,
  byType,
  choice,
  flag,
  list,
  mapOf,
  number,
  object,
  optional,
  reference,
  text,
  type Shape,
} from '../../shape/shape.ts';
import { configShape, defaultsShape, fieldDefs, generationConfigShape } from './config.ts';
import { priceShape } from './price.ts';
import { promptDefs, promptShape } from './prompt.ts';

const titled = <T>(shape: Shape<T>, title: string): Shape<T> => ({ schema: { title, ...shape.schema } });
const fileMap = titled(
  object({ file: text({ doc: 'A .yaml or .json file.', example: 'shared/common.yaml' }) }),
  '{ file: … }',
);
const assertShape = byType(
  { list: reference('entries'), map: fileMap },
  {
    doc: 'A list of assertions, or { file: path }; lists inside are flattened.',
    example: [{ contains: 'backpack' }],
  },
);
const assert = reference<unknown>('assertions', {
  doc: 'A list of assertions, or { file: path }; lists inside are flattened.',
  example: [{ contains: 'backpack' }],
});
const vars = mapOf(anything(), {
  doc: 'A map of template variables, or { file: path }; one of them may be { file: path } too.',
  example: { object: 'a lantern' },
});
const method = choice(methods, { doc: 'The API method.', example: 'countTokens' });
const names = (doc: string, example: string) => list(text(), { min: 1, doc, example: [example] });
const model = text({ doc: 'Model id, with or without models/.', example: 'gemini-3.8-flash', minLength: 1 });
const models = list(text({ minLength: 1 }), {
  min: 1,
  doc: 'A list of models, an axis of the matrix.',
  example: ['gemini-3.8-flash', 'gemini-4-hydrogen'],
});
const repeats = number({ doc: 'Trials per case.', example: 3, min: 1, integer: true });
const passRate = number({ doc: 'Share of a case’s trials that must pass.', example: 0.8, min: 0, max: 1 });
const rate = {
  rpm: optional(number({ doc: 'Requests a minute.', example: 1000, min: 1 })),
  tpm: optional(number({ doc: 'Input tokens a minute.', example: 1_000_000, min: 1 })),
};

const testShape = titled(
  object(
    {
      name: optional(
        text({
          doc: 'Unique in the suite; the first part of case ids. Default: the suite’s name.',
          example: 'stays on topic',
          minLength: 1,
        }),
      ),
      tags: optional(list(text(), { doc: 'A list of words for --tag.', example: ['smoke'] })),
      prompts: optional(names('Prompts by name; default: all.', 'story')),
      configs: optional(names('Configs by name; default: all.', 'careful')),
      method: optional(method),
      model: optional(model),
      models: optional(models),
      vars: optional(vars),
      data: optional(
        byType(
          { text: text(), map: fileMap, list: list(anything()) },
          { doc: 'Rows: a .csv, .tsv, .json, .jsonl or .yaml file, or a list.', example: 'data/objects.csv' },
        ),
      ),
      row: optional(text({ doc: 'Template that names rows.', example: '{{object}}' })),
      skip: optional(
        text({
          doc: 'The reason why the test is skipped.',
          example: 'waits for the new model',
          minLength: 1,
        }),
      ),
      inherit: optional(flag({ doc: 'false leaves out the suite’s assert.', example: false })),
      repeats: optional(repeats),
      passRate: optional(passRate),
      extra: optional(
        mapOf(anything(), {
          doc: 'Merged last into the request body, unchecked.',
          example: { labels: { a: 'b' } },
        }),
      ),
      assert: optional(assert),
    },
    { min: 1 },
  ),
  'a test',
);

const suite = object(
  {
    suite: text({
      doc: 'Name of the suite and its report: letters, digits and . _ -, unique within a run.',
      example: 'magic-backpack',
      pattern: '^[A-Za-z0-9._-]+$',
    }),
    description: optional(text({ doc: 'For people.', example: 'Stories stay on topic.' })),
    method: optional(method),
    model: optional(model),
    models: optional(models),
    repeats: optional(repeats),
    passRate: optional(passRate),
    env: optional(
      list(text({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', doc: 'The name of an environment variable.' }), {
        doc: 'Environment variables that templates may read as {{env.NAME}}.',
        example: ['BRAND'],
      }),
    ),
    vars: optional(vars),
    defaults: optional(
      reference<unknown>('defaults', {
        doc: 'Merged under every config: maps by key, lists replace, null removes.',
        example: { maxOutputTokens: 800 },
      }),
    ),
    limits: optional(
      object(
        {
          ...rate,
          models: optional(
            mapOf(object(rate), { doc: 'Limits by model.', example: { 'gemini-3.8-flash': { rpm: 300 } } }),
          ),
        },
        { doc: 'Limits per minute for the run.', example: { rpm: 1000 } },
      ),
    ),
    prices: optional(
      mapOf(priceShape, {
        doc: 'Prices by model, in USD per million tokens. They replace those that Assay knows.',
        example: { 'gemini-3.8-flash': { input: 0.75, output: 3.75, cached: 0.075 } },
      }),
    ),
    configs: optional(
      object(
        {
          file: optional(
            byType(
              { text: text(), map: reference<unknown>('config') },
              { doc: 'A .yaml or .json file with all configs.', example: 'shared/configs.yaml' },
            ),
          ),
        },
        {
          others: byType({ map: reference<unknown>('config'), none: { schema: {} } }),
          min: 1,
          doc: 'A map of configs by name, or { file: path }.',
          example: { careful: { temperature: 0.2 } },
        },
      ),
    ),
    prompts: optional(
      mapOf(promptShape, {
        min: 1,
        doc: 'A map of prompts by name, or { file: path }.',
        example: { story: 'Write a story.' },
      }),
    ),
    assert: optional(assert),
    tests: optional(
      list(reference<unknown>('test'), {
        min: 1,
        doc: 'A list of tests. Default: one test of all prompts and configs.',
        example: [{ name: 'stays on topic' }],
      }),
    ),
  },
  { patterns: { '^x-': anything() } },
);

/** The JSON Schema of the suite language. */
export function buildSuiteSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://prompt-assay.dev/schemas/suite.schema.json',
    description:
      'A suite of Assay, the prompt test harness for the Gemini API: a map with suite (its name), model, prompts, tests.',
    ...suite.schema,
    title: 'a suite',
    $defs: {
      ...assertionSchemas().defs,
      ...promptDefs,
      ...fieldDefs,
      generationConfig: generationConfigShape.schema,
      config: configShape.schema,
      defaults: defaultsShape.schema,
      assertions: assertShape.schema,
      test: testShape.schema,
    },
  };
}

/** A materialized case: its request, its assertions and what reports show of it. */
import { expect, test } from 'vitest';
import type { Case } from '../../src/plan/case.ts';
import { codesOf, planFiles, planSound, type Files } from '../suites.ts';

async function casesOf(files: Files): Promise<Case[]> {
  const plan = await planSound(files);
  return plan.cases.map((ref) => plan.materialize(ref));
}
const head = 'suite: s\nmodel: m\n';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test.for<[name: string, yaml: string, body: unknown]>([
  [
    'fields go where the API has them',
    `prompts: { p: Hi }
configs: { c: { temperature: 0.2, generationConfig: { topK: 3 }, systemInstruction: Be brief., safetySettings: { HARM_CATEGORY_HARASSMENT: BLOCK_NONE }, tools: [ { googleSearch: {} } ], labels: { a: b } } }`,
    {
      contents: [{ parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.2, topK: 3 },
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      tools: [{ googleSearch: {} }],
      labels: { a: 'b' },
    },
  ],
  [
    'a config is rendered, but no tool and no schema',
    `vars: { n: 3, t: 0.5 }
prompts: { p: Hi }
configs: { c: { temperature: "{{t}}", systemInstruction: "{{n}} words", responseJsonSchema: { const: "{{n}}" }, tools: [ { functionDeclarations: [ { name: f, description: "{{n}}" } ] } ] } }`,
    {
      contents: [{ parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.5, responseJsonSchema: { const: '{{n}}' } },
      systemInstruction: { parts: [{ text: '3 words' }] },
      tools: [{ functionDeclarations: [{ name: 'f', description: '{{n}}' }] }],
    },
  ],
  [
    'enum values are sent as the API spells them, written in any case or as numbers',
    `prompts: { p: Hi }
vars: { level: low, tier: PRIORITY, n: 2 }
defaults: { safetySettings: { harm_category_harassment: block_none, "8": 3 } }
configs:
  c:
    thinkingConfig: { thinkingLevel: "{{level}}" }
    mediaResolution: 1
    responseModalities: [text, "{{n}}"]
    responseMimeType: Application/JSON
    serviceTier: "{{tier}}"
    safetySettings: { HARM_CATEGORY_HARASSMENT: "block_{{v}}_high", HARM_CATEGORY_CIVIC_INTEGRITY: off }
    toolConfig: { functionCallingConfig: { mode: auto } }
    tools: [ { functionDeclarations: [ { name: f, description: any, behavior: blocking, parameters: { type: Object, properties: { a: { type: "null" }, b: { type: string } } } } ] } ]
tests: [ { name: t, vars: { v: only } } ]`,
    {
      contents: [{ parts: [{ text: 'Hi' }] }],
      generationConfig: {
        thinkingConfig: { thinkingLevel: 'LOW' },
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
        responseModalities: ['TEXT', 'IMAGE'],
        responseMimeType: 'application/json',
      },
      serviceTier: 'priority',
      safetySettings: [
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' },
        { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'BLOCK_ONLY_HIGH' },
        { category: 'HARM_CATEGORY_CIVIC_INTEGRITY', threshold: 'OFF' },
      ],
      toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
      tools: [
        {
          functionDeclarations: [
            {
              name: 'f',
              description: 'any',
              behavior: 'BLOCKING',
              parameters: { type: 'OBJECT', properties: { a: { type: 'NULL' }, b: { type: 'string' } } },
            },
          ],
        },
      ],
    },
  ],
  [
    'a number whose value is not known is sent as it is',
    'prompts: { p: Hi }\nconfigs: { c: { safetySettings: [ { category: 7, threshold: 4 }, { category: 99, threshold: OFF } ] } }',
    {
      contents: [{ parts: [{ text: 'Hi' }] }],
      safetySettings: [
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' },
        { category: 99, threshold: 'OFF' },
      ],
    },
  ],
  [
    'parts in snake_case are sent so',
    `prompts:
  p:
    - user:
        - { inline_data: { mime_type: image/png, data: iVBORw0KGgo= }, media_resolution: { level: media_resolution_low } }
        - { file_data: { file_uri: files/a }, video_metadata: { start_offset: 1s } }
        - Hi
    - model:
        - { function_call: { name: f, args: { some_arg: 1 } }, thought_signature: c2ln }
        - { executable_code: { language: python, code: "1" } }
        - { code_execution_result: { outcome: 1 } }
    - function: { function_response: { name: f, response: { some_key: 1 }, will_continue: false } }`,
    {
      contents: [
        {
          role: 'user',
          parts: [
            {
              inline_data: { mime_type: 'image/png', data: 'iVBORw0KGgo=' },
              media_resolution: { level: 'MEDIA_RESOLUTION_LOW' },
            },
            { file_data: { file_uri: 'files/a' }, video_metadata: { start_offset: '1s' } },
            { text: 'Hi' },
          ],
        },
        {
          role: 'model',
          parts: [
            { function_call: { name: 'f', args: { some_arg: 1 } }, thought_signature: 'c2ln' },
            { executable_code: { language: 'PYTHON', code: '1' } },
            { code_execution_result: { outcome: 'OUTCOME_OK' } },
          ],
        },
        {
          role: 'function',
          parts: [{ function_response: { name: 'f', response: { some_key: 1 }, will_continue: false } }],
        },
      ],
    },
  ],
  [
    'extra of the config, under extra of the test, over all else',
    `prompts: { p: Hi }
configs: { c: { topK: 3, extra: { generationConfig: { a: 1, b: 1 }, x: [1] } } }
tests: [ { name: t, extra: { generationConfig: { b: 2, topK: 4 }, y: "{{v}}" }, vars: { v: w } } ]`,
    { contents: [{ parts: [{ text: 'Hi' }] }], generationConfig: { topK: 4, a: 1, b: 2 }, x: [1], y: 'w' },
  ],
  [
    'turns keep their roles; the model answers an empty model turn',
    'prompts: { p: [ { user: Hi }, { model: Yes? }, { user: [ Look., { text: Now. } ] }, { model: }, { user: Bye } ] }',
    {
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ text: 'Yes?' }] },
        { role: 'user', parts: [{ text: 'Look.' }, { text: 'Now.' }] },
        { role: 'model' },
        { role: 'user', parts: [{ text: 'Bye' }] },
      ],
    },
  ],
  [
    'countTokens takes the whole request without unanswered turns',
    'method: countTokens\nprompts: { p: [ { user: Hi }, { model: }, { user: Bye } ] }\nconfigs: { c: { systemInstruction: S } }',
    {
      generateContentRequest: {
        model: 'models/m',
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }] },
          { role: 'user', parts: [{ text: 'Bye' }] },
        ],
        systemInstruction: { parts: [{ text: 'S' }] },
      },
    },
  ],
  [
    'embedding takes all parts as one content without role, and the defaults that fit',
    'method: embedContent\ndefaults: { temperature: 1, taskType: RETRIEVAL_QUERY }\nprompts: { p: [ { user: Hi }, { model: Yes? } ] }',
    {
      model: 'models/m',
      content: { parts: [{ text: 'Hi' }, { text: 'Yes?' }] },
      taskType: 'RETRIEVAL_QUERY',
    },
  ],
  [
    'a batch of embeddings is one call with all the prompts',
    'method: batchEmbedContents\nprompts: { p: Hi, q: Bye }',
    {
      requests: [
        { model: 'models/m', content: { parts: [{ text: 'Hi' }] } },
        { model: 'models/m', content: { parts: [{ text: 'Bye' }] } },
      ],
    },
  ],
  ['models.get has no body', 'tests: [ { name: t, method: models.get } ]', undefined],
])('%s', async ([, yaml, body]) => {
  const [testCase] = await casesOf(`${head}${yaml}`);
  expect(testCase?.request.body).toEqual(body);
});

test('shows media by type, size and digest, other parts as JSON', async () => {
  const [testCase] = await casesOf({
    'a.suite.yaml': `${head}prompts: { p: [ Look., { image: dot.png }, { fileUri: "https://example.com/a.pdf", mimeType: application/pdf }, { videoMetadata: { fps: 1 }, text: x } ] }`,
    'dot.png': png,
  });
  expect(testCase?.displayTurns).toHaveLength(1);
  expect(testCase?.displayTurns[0]?.text?.split('\n')).toEqual([
    'Look.',
    expect.stringMatching(new RegExp(`^\\[image/png, ${png.length} bytes, sha256:[0-9a-f]{12}\\]$`)),
    '{"fileData":{"mimeType":"application/pdf","fileUri":"https://example.com/a.pdf"}}',
    'x',
  ]);
});

test.for<[name: string, yaml: string, kinds: string[][]]>([
  [
    'the suite’s come first',
    'tests: [ { name: t, assert: [ { contains: x } ] } ]',
    [['finishReason', 'contains']],
  ],
  [
    'inherit: false leaves them out',
    'tests: [ { name: t, inherit: false, assert: [ { contains: x } ] } ]',
    [['contains']],
  ],
  [
    'a test with an error assertion leaves them out, nested or not',
    'tests: [ { name: t, assert: [ { error: {} } ] }, { name: u, assert: [ { outcome: apiError } ] }, { name: v, assert: [ { any: [ { error: {} }, { contains: x } ] } ] } ]',
    [['error'], ['outcome'], ['any']],
  ],
  [
    'leaves out those that do not fit the method',
    'tests: [ { name: t, method: countTokens, assert: [ { tokens: { total: 3 } } ] } ]',
    [['tokens']],
  ],
  [
    'a row brings its own',
    'tests: [ { name: t, data: [ { n: 1, assert: [ { equals: "1" }, { length: { chars: 1 } } ] }, { n: 2 } ] } ]',
    [['finishReason', 'equals', 'length'], ['finishReason']],
  ],
  [
    'lists inside are flattened',
    'x-a: &a [ { contains: x }, { contains: y } ]\ntests: [ { name: t, assert: [ *a, { contains: z } ] } ]',
    [['finishReason', 'contains', 'contains', 'contains']],
  ],
])('assertions: %s', async ([, yaml, kinds]) => {
  const cases = await casesOf(`${head}prompts: { p: Hi }\nassert: [ { finishReason: STOP } ]\n${yaml}`);
  expect(cases.map(({ assertions }) => assertions.map(({ kind }) => kind))).toEqual(kinds);
});

test('renders arguments, and keeps the object if nothing changes', async () => {
  const [one, two] = await casesOf(
    `${head}prompts: { p: Hi }\nassert: [ { contains: "{{n}}" }, { length: { words: 3 } } ]\ntests: [ { name: t, data: [ { n: one }, { n: two } ] } ]`,
  );
  expect([one, two].map((each) => each?.assertions[0]?.args)).toEqual(['one', 'two']);
  expect(one?.assertions.map(({ constant }) => constant)).toEqual([false, true]);
  expect(one?.assertions[1]?.args).toBe(two?.assertions[1]?.args);
});

test.for<[name: string, yaml: string, problem: string]>([
  [
    'a kind that cannot judge the method',
    'prompts: { p: Hi }\ntests: [ { name: t, method: countTokens, assert: [ { contains: x } ] } ]',
    'misfit-kind: contains cannot judge a reply of countTokens',
  ],
  [
    'a field that the method does not have',
    'prompts: { p: Hi }\nconfigs: { c: { temperature: 1 } }\ntests: [ { name: t, method: embedContent, configs: [c], assert: [ { embedding: { dimensions: 3 } } ] } ]',
    'unfit-field: embedContent has no field temperature',
  ],
  [
    'extra for a method without a body',
    'tests: [ { name: t, method: models.get, extra: { a: 1 }, assert: [ { response: { path: $.name, exists: true } } ] } ]',
    'unfit-field: models.get has no request body that extra could be merged into',
  ],
  [
    'a pattern that is invalid in one row',
    'prompts: { p: Hi }\ntests: [ { name: t, data: [ { path: "$.a" }, { path: "$[" } ], row: "{{path}}", assert: [ { response: { path: "{{path}}", exists: true } } ] } ]',
    'invalid-json-path: not a JSONPath (RFC 9535): ',
  ],
])('reports %s', async ([, yaml, problem]) => {
  const { diagnostics } = await planFiles(`${head}${yaml}`);
  expect(codesOf(diagnostics).filter((code) => code.includes(problem))).toHaveLength(1);
  expect(diagnostics).toHaveLength(1);
});

test('shows a skipped case even if its templates lack variables', async () => {
  const cases = await casesOf(`${head}env: [ASSAY_NOT_SET]
prompts: { p: "Hi {{name}} {{env.ASSAY_NOT_SET}}" }
configs: { c: { maxOutputTokens: "{{most}}" } }
tests: [ { name: later, skip: not here, assert: [ { contains: "{{word}}" } ] } ]
`);
  expect(cases.map(({ skip, displayTurns }) => [skip, displayTurns])).toEqual([
    ['not here', [{ text: 'Hi  ' }]],
  ]);
  expect(cases[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

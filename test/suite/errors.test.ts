/** All errors of a phase at once (syntax, schema, names, templates); what only follows from an error is not reported. */
import { expect, test } from 'vitest';
import { readSuite } from './read.ts';

const problemsOf = async (body: string, files: Record<string, string> = {}): Promise<readonly string[]> =>
  (await readSuite(body, files)).problems
    .map((problem) => problem.replace(/ s\.suite\.yaml:(\d+):\d+$/, ' $1'))
    .toSorted();

const prompts = 'prompts: { p: "Hello {{nobody}}." }';

test.for<[string, string, string[]]>([
  ['an unknown key before an unknown variable', `repeat: 2\n${prompts}`, ['unknown-key 4']],
  [
    'a wrong type before a misfit kind',
    'tests:\n  - { name: a, repeats: x }\n  - { name: b, method: countTokens, assert: [ { contains: x } ] }',
    ['wrong-type 6'],
  ],
  [
    'an unknown kind before a bad template',
    'prompts: { p: "{{#if}}" }\ntests:\n  - { name: a, assert: [ { contians: x } ] }',
    ['unknown-key 6'],
  ],
  [
    'a duplicate key before an unknown variable',
    `tests: [ { name: t } ]\n${prompts}\nprompts: { q: "{{y}}" }`,
    ['duplicate-key 6'],
  ],
  [
    'an unquoted template before the unknown variable in it',
    'prompts: { p: x }\ntests:\n  - { name: t, assert: [ { contains: {{x}} } ] }',
    ['unquoted-template 6'],
  ],
  ['a wrong type before an unknown variable', 'prompts: { p: "{{x}}", q: 5 }', ['wrong-type 4']],
  [
    'an unknown prompt before an unknown variable',
    `${prompts}\ntests:\n  - { name: a, prompts: [q], assert: [ { contains: "{{z}}" } ] }`,
    ['unknown-prompt 6'],
  ],
  [
    'all errors of the schema',
    'repeat: 2\nprompts: { p: 5, q: [ { imgae: a.png } ] }\ntests: [ { name: t, repeats: x, assert: [ { contians: x } ] } ]',
    ['unknown-key 4', 'unknown-key 5', 'unknown-key 6', 'wrong-type 5', 'wrong-type 6'],
  ],
  [
    'all errors of names',
    'configs: { c: {} }\ntests: [ { name: t, prompts: [q], configs: [d] }, { name: t, model: "a b" } ]',
    ['bad-model-name 6', 'duplicate-name 6', 'unknown-config 6', 'unknown-prompt 6'],
  ],
  [
    'all errors of templates',
    'prompts: { p: "{{x}} {{#if y}}", q: "{{z}}" }\ntests: [ { name: t, assert: [ { contains: "{{w}}" } ] } ]',
    ['bad-template 4', 'undefined-variable 4', 'undefined-variable 5'],
  ],
])('reports %s', async ([, body, problems]) => {
  expect(await problemsOf(body)).toEqual(problems);
});

test.for<[string, string, string[], Record<string, string>?]>([
  ['vars under another key', `variables: { nobody: x }\n${prompts}`, ['unknown-key 4']],
  ['misspelt vars', `var: { nobody: x }\n${prompts}`, ['unknown-key 4']],
  ['vars of a wrong type', `vars: [nobody]\n${prompts}`, ['wrong-type 4']],
  ['a variable whose file is missing', `vars: { nobody: { file: a.txt } }\n${prompts}`, ['missing-file 4']],
  [
    'part of a variable whose file is missing',
    'vars: { v: { file: a.json } }\nprompts: { p: "{{v.a.b}} {{#each v}}{{this}}{{/each}} {{#if v}}x{{/if}}" }',
    ['missing-file 4'],
  ],
  [
    'a number whose variable has no file',
    'vars: { v: { file: a.json } }\nconfigs: { c: { temperature: "{{v}}" } }',
    ['missing-file 5'],
  ],
  ['rows that cannot be read', `${prompts}\ntests:\n  - { name: t, data: rows.csv }`, ['missing-file 6']],
  [
    'a row template whose rows cannot be read',
    'tests:\n  - { name: t, data: rows.csv, row: "{{a}}" }',
    ['missing-file 6'],
  ],
  ['env of a wrong type', 'env: BRAND\nprompts: { p: "{{env.BRAND}}" }', ['wrong-type 4']],
  ['misspelt prompts of a test', `${prompts}\ntests:\n  - { name: t, promts: [p] }`, ['unknown-key 6']],
  ['a model of a wrong type', 'models: gemini', ['wrong-type 4']],
  ['prompts of a wrong type', 'prompts: hello\ntests: [ { name: t, prompts: [p] } ]', ['wrong-type 4']],
  ['configs of a wrong type', 'configs: [c]\ntests: [ { name: t, configs: [c] } ]', ['wrong-type 5']],
  [
    'an unknown method of a test',
    'tests: [ { name: t, method: countToken, assert: [ { contains: x } ] } ]',
    ['unknown-value 5'],
  ],
  [
    'an unknown method of a config',
    'configs: { c: { method: embedContnt, taskType: CLUSTERING } }',
    ['unknown-value 5'],
  ],
  [
    'an unknown method of the suite',
    'method: embedContnt\nconfigs: { c: { taskType: CLUSTERING } }\ntests: [ { name: t, configs: [c] } ]',
    ['unknown-value 5'],
  ],
  [
    'a config whose file is missing',
    'configs: { c: { file: c.yaml } }\ntests: [ { name: t, assert: [ { embedding: { dimensions: 3 } } ] } ]',
    ['missing-file 5'],
  ],
  [
    'duplicate keys',
    `vars: { a: x }\nvars: { nobody: x }\n${prompts}\nprompts: { q: x }\ntests: [ { name: t, prompts: [p, q] } ]`,
    ['duplicate-key 5', 'duplicate-key 7'],
  ],
  [
    'an unquoted template where a number is expected',
    'vars: { t: 1 }\ndefaults: { temperature: {{t}} }',
    ['unquoted-template 6'],
  ],
  [
    'names of rows and models that cannot be rendered',
    'models: ["{{x}}", "{{y}}"]\ntests: [ { name: t, data: [ { a: 1 }, { a: 1 }, { a: 2 } ], row: "{{b}}" } ]',
    ['equal-cases 5', 'undefined-variable 4', 'undefined-variable 4', 'undefined-variable 5'],
  ],
  ['two tests with one name', 'tests: [ { name: t }, { name: t } ]', ['duplicate-name 5']],
  ['two names of a wrong type', 'tests: [ { name: 5 }, { name: 6 } ]', ['wrong-type 5', 'wrong-type 5']],
  ['tests of a wrong type', `${prompts}\ntests: { name: t, vars: { nobody: x } }`, ['wrong-type 5']],
  [
    'impossible bounds next to a template',
    'vars: { v: 3 }\nassert: [ { length: { words: { min: 5, max: 2 }, chars: "{{v}}" } } ]',
    ['empty-range 5'],
  ],
])('reports only the cause of %s', async ([, body, problems, files]) => {
  expect(await problemsOf(body, files)).toEqual(problems);
});

test.for<[string, string]>([
  ['stop: [a]', 'stopSequences'],
  ['max_tokens: 5', 'maxOutputTokens'],
  ['max_completion_tokens: 5', 'maxOutputTokens'],
  ['max_output_tokens: 5', 'maxOutputTokens'],
  ['generationConfig: { max_output_tokens: 5 }', 'maxOutputTokens'],
  ['top_p: 1', 'topP'],
  ['presence_penalty: 1', 'presencePenalty'],
  ['response_format: {}', 'responseFormat'],
  ['response_mime_type: text/plain', 'responseMimeType'],
  ['system: Be brief.', 'systemInstruction'],
  ['system_instruction: Be brief.', 'systemInstruction'],
  ['tool_choice: auto', 'toolConfig'],
  ['n: 2', 'candidateCount'],
  ['reasoning_effort: low', 'thinkingConfig'],
  ['thinkingLevel: LOW', 'thinkingConfig'],
  ['thinkingConfig: { thinking_level: LOW }', 'thinkingLevel'],
  ['toString: 1', ''],
])('a config with %s gets the hint %s', async ([field, meant]) => {
  const { problems, shown } = await readSuite(`prompts: { p: x }\nconfigs: { c: { ${field} } }`);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['unknown-key']);
  expect(/did you mean "(\w+)"/.exec(shown)?.[1] ?? '').toBe(meant);
});

test('reports one harm category set in several spellings', async () => {
  const { problems } = await readSuite(
    'prompts: { p: x }\nconfigs: { c: { safetySettings: { HARM_CATEGORY_HARASSMENT: OFF, harm_category_harassment: off, "7": 5 } } }',
  );
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['duplicate-field', 'duplicate-field']);
});

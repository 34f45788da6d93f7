/** What is sent has its keys in the order in which they were written, also those that look like numbers. */
import { expect, test } from 'vitest';
import { bodies, readSuite } from '../suite/read.ts';

const years =
  '{"why":{"type":"string"},"2026":{"type":"string"},"2024":{"type":"string"},"9":{"type":"string"}}';
const schema = `{ "type": "object", "properties": ${years} }`;
const inOrder = ['why', '2026', '2024', '9'];

/** The order of the keys under the one map in a JSON text that has "2026". */
function orderIn(text: string | undefined): string[] {
  const keys = [...(text ?? '').matchAll(/"(why|2026|2024|9)":/g)].map(([, key = '']) => key);
  return keys;
}

test.for<[name: string, suite: string, files?: Record<string, string>]>([
  [
    'responseJsonSchema',
    `configs: { c: { responseMimeType: application/json, responseJsonSchema: ${schema} } }`,
  ],
  [
    'a schema as YAML blocks',
    'configs:\n  c:\n    responseMimeType: application/json\n    responseJsonSchema:\n      type: object\n      properties:\n        why: { type: string }\n        2026: { type: string }\n        "2024": &y { type: string }\n        9: *y',
  ],
  [
    'responseSchema in a pasted generationConfig',
    `configs: { c: { generationConfig: { responseMimeType: application/json, responseSchema: { type: OBJECT, properties: ${years.replaceAll('string', 'STRING')} } } } }`,
  ],
  [
    'a schema from a file',
    'configs: { c: { responseMimeType: application/json, responseJsonSchema: { file: schema.json } } }',
    { 'schema.json': schema },
  ],
  [
    'defaults under a config',
    'defaults: { responseMimeType: application/json, responseJsonSchema: { type: object, properties: { why: {}, "2026": {} } } }\nconfigs: { c: { responseJsonSchema: { properties: { "2024": {}, "9": {} } } } }',
  ],
  [
    'a merge key',
    'x-base: &base { "2024": {}, "9": {} }\nconfigs: { c: { responseMimeType: application/json, responseJsonSchema: { type: object, properties: { why: {}, "2026": {}, <<: *base } } } }',
  ],
  [
    'the parameters of a tool',
    `configs: { c: { tools: [ { functionDeclarations: [ { name: f, description: d, parametersJsonSchema: ${schema} } ] } ] } }`,
  ],
  [
    'the parameters of a tool from a file',
    'configs: { c: { tools: [ { functionDeclarations: { file: f.json } } ] } }',
    { 'f.json': `[{"name":"f","description":"d","parametersJsonSchema":${schema}}]` },
  ],
  [
    'extra of a config and of a test',
    'configs: { c: { extra: { x: { why: 1, "2026": 2, "2024": 3 } } } }\ntests: [ { name: t, extra: { x: { "9": "{{v}}" } }, vars: { v: w } } ]',
  ],
  [
    'the arguments of a function call, with templates',
    'vars: { v: x }\nprompts:\n  p:\n    - user: Go.\n    - model: [ { functionCall: { name: f, args: { why: "{{v}}", "2026": 1, "2024": "{{v}}", "9": [] } } } ]\n    - user: [ { functionResponse: { name: f, response: { ok: true } } } ]',
  ],
  [
    'a function response from a variable',
    'vars: { r: { why: a, "2026": b, "2024": c, "9": d } }\nprompts:\n  p:\n    - user: Go.\n    - model: [ { functionCall: { name: f, args: {} } } ]\n    - user: [ { functionResponse: { name: f, response: "{{r}}" } } ]',
  ],
  [
    'a row of a JSON Lines file',
    'tests: [ { name: t, data: r.jsonl, row: r } ]\nconfigs: { c: { extra: { x: "{{r}}" } } }',
    { 'r.jsonl': '{"r":{"why":1,"2026":2,"2024":3,"9":4}}\n' },
  ],
  [
    'a row of a YAML file',
    'tests: [ { name: t, data: r.yaml, row: r } ]\nconfigs: { c: { extra: { x: "{{r}}" } } }',
    { 'r.yaml': '- r: { why: 1, 2026: 2, 2024: 3, 9: 4 }\n' },
  ],
])('%s', async ([, suite, files]) => {
  const sent = Object.values(await bodies(suite, files));
  expect(sent.length).toBeGreaterThan(0);
  for (const body of sent) expect(orderIn(JSON.stringify(body))).toEqual(inOrder);
});

test('#each keeps the order of a map', async () => {
  const prompt = 'prompts: { p: "{{#each scores}}{{@key}}={{this}} {{/each}}" }\n';
  const text = [{ parts: [{ text: 'why=w 2026=a 2024=b z=c ' }] }];
  const inline = await bodies(`${prompt}vars: { scores: { why: w, "2026": a, "2024": b, z: c } }`);
  expect(Object.values(inline)[0]?.contents).toEqual(text);
  const file = await bodies(`${prompt}tests: [ { name: t, data: r.jsonl, row: r } ]`, {
    'r.jsonl': '{"scores":{"why":"w","2026":"a","2024":"b","z":"c"}}\n',
  });
  expect(Object.values(file)[0]?.contents).toEqual(text);
});

test.for<[name: string, rows: string]>([
  ['r.yaml', '- { b: x, 2: y, 1: z }\n'],
  ['r.json', '[{"b":"x","2":"y","1":"z"}]'],
  ['r.jsonl', '{"b":"x","2":"y","1":"z"}\n'],
  ['r.csv', 'b,2,1\nx,y,z\n'],
])('a row of %s is named by its values in their order', async ([name, rows]) => {
  const { ids, problems } = await readSuite(
    `prompts: { p: "{{b}} {{[2]}} {{[1]}}" }\ntests: [ { name: t, data: ${name} } ]`,
    { [name]: rows },
  );
  expect(problems).toEqual([]);
  expect(ids[0]).toMatch(/^t \/ x, y, z #/);
});

test('the fingerprint ignores the order', async () => {
  const of = async (map: string): Promise<string | undefined> =>
    (await readSuite(`configs: { c: { extra: { x: ${map} } } }`)).cases[0]?.fingerprint;
  expect(await of('{ b: 1, "2": 2, "1": 3 }')).toBe(await of('{ "1": 3, "2": 2, b: 1 }'));
});

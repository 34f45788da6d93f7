/** Names that every object inherits are names like any other: nothing is found under them that was not put there. */
import { expect, test } from 'vitest';
import { costOf } from '../../src/gemini/prices.ts';
import { decodeReply } from '../../src/gemini/decode.ts';
import { buildRequest } from '../../src/gemini/build.ts';
import { compileSchema } from '../../src/lib/json-schema.ts';
import { mergeFields } from '../../src/plan/merge.ts';
import { nodeOf } from '../node-of.ts';
import { codeOf } from '../../src/emulator/errors.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { answer, casesIn, judged } from '../judge/judged.ts';

const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'];
const mapOf = (name: string, value: JsonValue): JsonObject =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as JsonObject;

test.for(names)('%s is an ordinary name', async (name) => {
  // A property of an answer.
  const required = compileSchema({ required: [name] });
  expect(required.check({})).not.toEqual([]);
  expect(required.check(mapOf(name, 1))).toEqual([]);
  expect(compileSchema({ additionalProperties: false }).check(mapOf(name, 1))).not.toEqual([]);

  // A status, a modality.
  const failed = decodeReply('generateContent', {
    status: 418,
    body: { error: { status: name, message: 'No.' } },
    totalMs: 1,
  });
  expect(failed.error).toEqual({ code: 418, status: name, message: 'No.' });
  expect(codeOf(name)).toBe(500);
  const usage = decodeReply('generateContent', {
    status: 200,
    body: {
      candidates: [],
      usageMetadata: {
        promptTokenCount: 1000,
        promptTokensDetails: [{ modality: name, tokenCount: 1000 }],
        candidatesTokenCount: 100,
      },
    },
    totalMs: 1,
  }).usage;
  expect(costOf(usage, 'gemini-3.8-flash', '2026-11-20')).toBe(0.001125);

  // A key of `extra` and of a config.
  const { body } = buildRequest({
    method: 'generateContent',
    model: 'm',
    contents: [[{ parts: [{ text: 'Hi' }] }]],
    fields: {},
    extra: [mapOf(name, { a: 1 })],
  });
  expect(JSON.stringify(body)).toContain(`${JSON.stringify(name)}:{"a":1}`);
  const merged = mergeFields(nodeOf({ labels: { x: 'y' } }), nodeOf({ labels: mapOf(name, 'z') })).value;
  expect(JSON.stringify(merged)).toBe(`{"labels":{"x":"y",${JSON.stringify(name)}:"z"}}`);
});

test.for(names)('a suite, a prompt, a config, a test and a variable named %s', async (name) => {
  const suite = `suite: "${name}"
model: m
prompts: { "${name}": "Hello {{[${name}]}}." }
configs: { "${name}": { temperature: 0 } }
tests: [ { name: "${name}", data: [ { "${name}": Ann } ], assert: [ { equals: "Hello {{[${name}]}}." } ] } ]
`;
  const [only, ...more] = await casesIn(await judged({ 's.suite.yaml': suite }, () => answer('Hello Ann.')));
  expect(more).toEqual([]);
  expect(only).toMatchObject({ verdict: 'passed', prompt: name, config: name, test: name });
});

test('rejects a property named __proto__ that no schema can check', () => {
  expect(() => compileSchema(JSON.parse('{"properties":{"a":{"properties":{"__proto__":{}}}}}'))).toThrow(
    'a property named __proto__ cannot be checked',
  );
});

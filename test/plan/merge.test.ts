/** How `defaults` and a config become one: maps by key, lists replace, null removes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { mergeFields } from '../../src/plan/merge.ts';
import { nodeOf } from '../node-of.ts';
import { planSound } from '../suites.ts';

const merge = (under: JsonObject, over: JsonObject): JsonObject =>
  mergeFields(nodeOf(under), nodeOf(over)).value;

test.for<[under: JsonObject, over: JsonObject, merged: JsonObject]>([
  [{}, {}, {}],
  [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  [{ a: 1 }, { a: 2 }, { a: 2 }],
  [{ a: 1, b: 2 }, { a: null }, { b: 2 }],
  [{ a: null, b: 2 }, {}, { b: 2 }],
  [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
  [{ a: [1, null] }, { b: [null] }, { a: [1, null], b: [null] }],
  [{ m: { x: 1, y: 2 } }, { m: { y: 3 } }, { m: { x: 1, y: 3 } }],
  [{ m: { x: 1, y: 2 } }, { m: { y: null } }, { m: { x: 1 } }],
  [{}, { m: { x: null, n: { y: null, z: 1 } } }, { m: { n: { z: 1 } } }],
  [{ m: { x: null } }, { m: { y: 1 } }, { m: { y: 1 } }],
  [{ m: { x: 1 } }, { m: 1 }, { m: 1 }],
  [{ m: 1 }, { m: { x: 1 } }, { m: { x: 1 } }],
  [{ m: false }, { m: 0 }, { m: 0 }],
  [{}, { responseJsonSchema: { const: null } }, { responseJsonSchema: { const: null } }],
  [
    { safetySettings: [{ category: 'HARM_A', threshold: 'OFF' }] },
    { safetySettings: { HARM_B: 'BLOCK_NONE' } },
    { safetySettings: { HARM_A: 'OFF', HARM_B: 'BLOCK_NONE' } },
  ],
  [
    { safetySettings: [{ category: 'HARM_A', threshold: 'OFF' }] },
    { safetySettings: { HARM_A: null } },
    { safetySettings: {} },
  ],
  [
    { safetySettings: { HARM_A: 'OFF' } },
    { safetySettings: [{ category: 'HARM_B', threshold: 'OFF' }] },
    { safetySettings: [{ category: 'HARM_B', threshold: 'OFF' }] },
  ],
])('%j under %j is %j', ([under, over, merged]) => {
  const copies = [structuredClone(under), structuredClone(over)];
  expect(merge(under, over)).toEqual(merged);
  expect([under, over]).toEqual(copies);
});

/** Maps and scalars stand at the same places in all of these, and there is no null. */
const alike = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer());
const fields = fc.record(
  { m: alike, n: alike, s: fc.integer(), l: fc.array(fc.integer()) },
  { requiredKeys: [] },
);

test('merging is associative', () => {
  fc.assert(
    fc.property(fields, fields, fields, (a, b, c) => {
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
    }),
  );
});

const any = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, 0, 'x', true),
      fc.array(fc.integer(), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('value')),
    ),
  })).value,
) as fc.Arbitrary<JsonObject>;

test('merging twice changes nothing and leaves no null', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      const merged = merge(a, b);
      expect(merge(merged, b)).toEqual(merged);
      expect(merge(merged, {})).toEqual(merged);
      expect(JSON.stringify(merged)).not.toContain(':null');
    }),
  );
});

test('a config can remove a default at any depth', async () => {
  const plan = await planSound(`suite: s
model: m
prompts: { p: P }
defaults:
  temperature: 0.5
  mediaResolution: MEDIA_RESOLUTION_LOW
  thinkingConfig: { includeThoughts: true, thinkingLevel: LOW }
  safetySettings: { HARM_CATEGORY_HARASSMENT: BLOCK_NONE, HARM_CATEGORY_HATE_SPEECH: BLOCK_NONE }
configs:
  all: {}
  less: { temperature: null, mediaResolution: null, thinkingConfig: { thinkingLevel: null }, safetySettings: { HARM_CATEGORY_HATE_SPEECH: null } }
`);
  const bodies = plan.cases.map((ref) => plan.materialize(ref).request.body);
  expect(bodies[0]?.generationConfig).toEqual({
    temperature: 0.5,
    mediaResolution: 'MEDIA_RESOLUTION_LOW',
    thinkingConfig: { includeThoughts: true, thinkingLevel: 'LOW' },
  });
  expect(bodies[1]?.generationConfig).toEqual({ thinkingConfig: { includeThoughts: true } });
  expect(bodies[1]?.safetySettings).toEqual([
    { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' },
  ]);
});

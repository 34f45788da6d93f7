/** Bodies: lenient JSON, and the limit of 100 MB. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLenient, readBody } from '../../src/emulator/body.ts';
import { ApiError } from '../../src/emulator/errors.ts';

test('reads JSON like JSON.parse, also with a trailing comma', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', '\r\n'), (json, space) => {
      const text = JSON.stringify(JSON.parse(json), null, space);
      expect(parseLenient(text)).toEqual(JSON.parse(text));
      expect(parseLenient(`{a: ${text},}`)).toEqual({ a: JSON.parse(text) });
    }),
  );
});

test.for([
  ['trailing commas', '{"a": [1, 2,], "b": {"c": 1,},}', { a: [1, 2], b: { c: 1 } }],
  ['unquoted names', '{contents: {$ref: 1, _x9: 2}}', { contents: { $ref: 1, _x9: 2 } }],
  ['single quotes', "{'a': 'it\\'s \"so\"'}", { a: 'it\'s "so"' }],
  ['escapes', '{a: "\\u00e9\\n\\/\\ud83d\\ude00"}', { a: 'é\n/😀' }],
  ['signs inside texts', '{a: "b: \'c\', {d: 1,}"}', { a: "b: 'c', {d: 1,}" }],
  ['the last of two equal names', '{a: 1, "a": 2}', { a: 2 }],
  ['line ends in texts', '{a: "one\ntwo"}', { a: 'one\ntwo' }],
])('it takes %s', ([, text, value]) => {
  expect(parseLenient(text as string)).toEqual(value);
});

test('__proto__ is an ordinary name', () => {
  expect(Object.keys(parseLenient('{__proto__: 1}') as object)).toEqual(['__proto__']);
});

test.for([
  '{"a": foo}',
  '{"a" 1}',
  '[1 2]',
  '[1,,2]',
  '{"a": ',
  '{"a": "b',
  "{a: 'b",
  '{a: 012}',
  '{a: #}',
  '{} {}',
])('%s is refused with 400', (text) => {
  let failure: unknown;
  try {
    parseLenient(text);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ApiError);
  expect((failure as ApiError).message).toMatch(/^Invalid JSON payload received\. \S/);
  expect((failure as ApiError).body()).toMatchObject({
    error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{}] }] },
  });
});

test('rejects a body above 100 MB', async () => {
  async function* chunks(megabytes: number): AsyncGenerator<Buffer> {
    for (let n = 0; n < megabytes; n++) yield Buffer.alloc(1024 * 1024, ' ');
  }
  const read = (megabytes: number): Promise<string> =>
    readBody(Object.assign(chunks(megabytes), { headers: {} }));
  expect(await read(1)).toHaveLength(1024 * 1024);
  await expect(read(101)).rejects.toThrow('Request payload size exceeds the limit: 104857600 bytes.');
});

/** The lenient reader equals the strict one on JSON, takes what the API takes, and points at what it does not. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiFailure } from '../../src/emulator/fail.ts';
import { parseLenient, readLenient } from '../../src/emulator/lenient-json.ts';

test('it reads JSON as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', '\r\n'), (json, space) => {
      const text = JSON.stringify(JSON.parse(json), null, space);
      expect(parseLenient(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('numbers are read to the last bit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(parseLenient(JSON.stringify(number))).toBe(JSON.parse(JSON.stringify(number)));
    }),
  );
});

test.for([
  ['trailing commas', '{"a": [1, 2,], "b": {"c": 1,},}', { a: [1, 2], b: { c: 1 } }],
  ['unquoted names', '{contents: {$ref: 1, _x9: 2}}', { contents: { $ref: 1, _x9: 2 } }],
  ['single quotes', "{'a': 'it\\'s \"so\"'}", { a: 'it\'s "so"' }],
  ['escapes', '{a: "\\u00e9\\n\\/\\ud83d\\ude00"}', { a: 'é\n/😀' }],
  ['the last of two equal names', '{a: 1, "a": 2}', { a: 2 }],
  ['line ends in texts', '{a: "one\ntwo"}', { a: 'one\ntwo' }],
])('it takes %s', ([, text, value]) => {
  expect(readLenient(text as string)).toEqual(value);
});

test('a name that means something to the engine is a name', () => {
  expect(Object.keys(parseLenient('{__proto__: 1}') as object)).toEqual(['__proto__']);
});

test.for([
  ['{"a": foo}', 'Unexpected token.\n{"a": foo}\n      ^'],
  ['{"a" 1}', 'Expected : between key:value pair.\n{"a" 1}\n     ^'],
  ['{"a": 1 "b": 2}', 'Expected , or } after key:value pair.\n{"a": 1 "b": 2}\n        ^'],
  ['[1 2]', 'Expected , or ] after array value.\n[1 2]\n   ^'],
  ['[1,,2]', 'Unexpected token.\n[1,,2]\n   ^'],
  ['{"a": ', 'Unexpected end of string. Expected a value.\n{"a": \n      ^'],
  ['{"a": "b', 'Unexpected end of string. Closing quote expected in string.\n{"a": "b\n        ^'],
  ['{1: 2}', 'Expected an object key or }.\n{1: 2}\n ^'],
  ['{a: 012}', 'Octal/hex numbers are not valid JSON values.\n{a: 012}\n    ^'],
  ['{a: 1.2.3}', 'Unable to parse number.\n{a: 1.2.3}\n    ^'],
  ['{a: #}', 'Expected a value.\n{a: #}\n    ^'],
  ['{} {}', 'Parsing terminated before end of input.\n{} {}\n   ^'],
  [
    `{"a": "${'x'.repeat(40)}" 1}`,
    `Expected , or } after key:value pair.\n${'x'.repeat(18)}" 1}\n${' '.repeat(20)}^`,
  ],
])('it says where %s is wrong', ([text = '', words = '']) => {
  let failure: unknown;
  try {
    readLenient(text);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ApiFailure);
  expect((failure as ApiFailure).message).toBe(`Invalid JSON payload received. ${words}`);
  expect((failure as ApiFailure).body()).toMatchObject({
    error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{}] }] },
  });
});

/** JSON is read without loss: keys keep their order, and a number that becomes another keeps its text. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject } from '../../src/lib/json.ts';
import { emptyMap, mapOf } from '../../src/lib/ordered-map.ts';
import { parseJson, parseJsonWithTexts } from '../../src/lib/parse-json.ts';
import { alteredIn, isAltered, keptText } from '../../src/lib/written-number.ts';

const keys = fc.oneof(fc.nat(12).map(String), fc.string({ maxLength: 3 }), fc.constant('__proto__'));
/** JSON texts of maps whose keys come in any order, numbers among them. */
const { text: texts } = fc.letrec<{ text: string; scalar: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('scalar'),
    fc.array(tie('text'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(keys, tie('text')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${inner}`).join(',')}}`),
  ),
  scalar: fc.oneof(
    fc.string().map((text) => JSON.stringify(text)),
    fc.string().map((text) => JSON.stringify(JSON.stringify({ 1: text }))),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.constantFrom('true', 'false', 'null', '0', '-1'),
  ),
}));

test.for([
  ['parseJson', parseJson],
  ['parseJsonWithTexts', parseJsonWithTexts],
] as const)('%s: parse and print is the identity', ([, parse]) => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(JSON.stringify(parse(text))).toBe(text);
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.for<[name: string, text: string, printed: string]>([
  ['keys written as escapes', String.raw`{"b":1,"\u0032":2,"\u0031":3}`, '{"b":1,"2":2,"1":3}'],
  ['white space', '\n{ "b" : 1 ,\t"1"\r\n: [ 2 , { "2":1,"1":2 } ] }\n', '{"b":1,"1":[2,{"2":1,"1":2}]}'],
  [
    'texts that look like JSON',
    String.raw`{"b":"{\"2\":1}","1":"\\\"#1"}`,
    String.raw`{"b":"{\"2\":1}","1":"\\\"#1"}`,
  ],
  ['the last duplicate key wins', '{"2":1,"1":2,"2":3}', '{"2":3,"1":2}'],
])('%s', ([, text, printed]) => {
  expect(JSON.stringify(parseJson(text))).toBe(printed);
  expect(JSON.stringify(parseJsonWithTexts(text))).toBe(printed);
});

test.for(['{1:2}', '{"2":1,}', '{"1":01}', '"1":', '{"1":"\n"}', '', '{"1":2}x'])('rejects %j', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
  expect(() => parseJsonWithTexts(text)).toThrow(SyntaxError);
});

test('reads a deep value', () => {
  const text = `${'['.repeat(20_000)}{"2":1,"1":2}${']'.repeat(20_000)}`;
  let value = parseJson(text);
  while (Array.isArray(value)) value = value[0] ?? null;
  expect(JSON.stringify(value)).toBe('{"2":1,"1":2}');
});

test('an ordered map adds, replaces and removes keys', () => {
  const map = mapOf([
    ['b', 1],
    ['2', 2],
    ['1', 3],
  ]);
  map['2'] = 4;
  map['0'] = 5;
  delete map.b;
  expect(Object.entries(map)).toEqual([
    ['2', 4],
    ['1', 3],
    ['0', 5],
  ]);
  expect('1' in map && Object.hasOwn(map, '1') && !('b' in map)).toBe(true);
  expect(JSON.stringify({ ...map, x: 1 })).toBe('{"0":5,"1":3,"2":4,"x":1}');
  expect(map).toEqual({ 0: 5, 1: 3, 2: 4 });
  expect(isObject(emptyMap(['1']))).toBe(true);
});

test.for<[text: string, altered: boolean]>([
  ['9007199254740991', false],
  ['9007199254740992', false],
  ['9007199254740993', true],
  ['-9007199254740993', true],
  ['12345678901234567890', true],
  ['1152921504606846976', true],
  ['100000000000000000000', false],
  ['1e30', false],
  ['123456789012345678e3', true],
  ['1e400', true],
  ['1e-400', true],
  ['1.10', false],
  ['0.1', false],
  ['0.10000000000000001', false],
  ['0.79999999999999993', false],
  ['0.1234567890123456789', true],
  ['3.14159265358979323846', true],
  ['9007199254740993.0', true],
  ['9007199254740993.5', true],
  ['-0', false],
  ['0.000', false],
  ['+1', false],
  ['.5', false],
  ['5.', false],
  ['0123', false],
  ['0xFF', false],
  ['0xFFFFFFFFFFFFFFFF', true],
  ['0o17', false],
])('%s changes as a double: %s', ([text, altered]) => {
  expect(isAltered(text)).toBe(altered);
});

test('never reports a double written by JSON.stringify', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(isAltered(JSON.stringify(value))).toBe(false);
      // As C writes a double with 17 digits.
      if (!Number.isInteger(value)) expect(isAltered(value.toPrecision(17))).toBe(false);
    }),
  );
});

test('keeps the text of altered numbers, or of all numbers', () => {
  const text = '{"a":1.10,"b":[0,{"id":12345678901234567890}],"c":"12345678901234567890"}';
  const value = parseJson(text);
  expect(alteredIn(value)).toBe('12345678901234567890');
  expect(isObject(value) && keptText(value, 'a')).toBeUndefined();
  const all = parseJsonWithTexts(text);
  expect(isObject(all) && keptText(all, 'a')).toBe('1.10');
  expect(alteredIn(all)).toBe('12345678901234567890');
  expect(alteredIn(parseJson('{"a":1.10,"c":"12345678901234567890"}'))).toBeUndefined();
});

/** The basic functions that all folders use. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, sha256Hash } from '../../src/lib/canonical.ts';
import { isObject, plainText, typeName, type JsonValue } from '../../src/lib/json.ts';
import { nearest } from '../../src/lib/nearest.ts';

describe('canonical JSON (RFC 8785)', () => {
  test.for<[value: unknown, text: string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [[3, { y: [], x: {} }], '[3,{"x":{},"y":[]}]'],
    // oxlint-disable-next-line no-loss-of-precision -- the RFC's own example
    [[1e21, 1e-7, 0.1, -0, 333333333.33333329, 4.5, 2e-3], '[1e+21,1e-7,0.1,0,333333333.3333333,4.5,0.002]'],
    ['\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', String.raw`"€$\u000f\nA'B\"\\\\\"/"`],
    // Keys are sorted by their UTF-16 units, not by code points.
    [{ '\uFB33': 1, '😀': 2, '€': 3, '1': 4, '\r': 5 }, '{"\\r":5,"1":4,"€":3,"😀":2,"\uFB33":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
  ])('%j', ([value, text]) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('rejects values that JSON cannot represent', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => canonicalJson(value)).toThrow();
  });

  test('round-trips values and texts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

test('hashes a text at once or in chunks with SHA-256', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256(new TextEncoder().encode('abc'))).toBe(sha256('abc'));
  expect(sha256Hash().update('a').update('bc').digest('hex')).toBe(sha256('abc'));
});

test.for<[value: unknown, name: string]>([
  ['x', 'text'],
  [1, 'number'],
  [false, 'boolean'],
  [null, 'null'],
  [undefined, 'null'],
  [[], 'list'],
  [{}, 'map'],
])('%j is a %s', ([value, name]) => {
  expect(typeName(value)).toBe(name);
  expect(isObject(value)).toBe(name === 'map');
});

test.for<[value: JsonValue | undefined, text: string]>([
  ['x', 'x'],
  [1.5, '1.5'],
  [true, 'true'],
  [null, 'none'],
  [undefined, 'none'],
  [[1], '[1]'],
  [{ a: 1 }, '{"a":1}'],
])('%j reads %s', ([value, text]) => {
  expect(plainText(value, 'none')).toBe(text);
});

test.for<[word: string, candidates: string[], found: string | undefined]>([
  ['STPO', ['STOP', 'SAFETY', 'OTHER'], 'STOP'],
  ['stop', ['STOP'], 'STOP'],
  ['contians', ['contains', 'citations'], 'contains'],
  ['max', ['min', 'map'], 'map'],
  ['a', ['b'], undefined],
  ['ab', ['ac', 'xy'], 'ac'],
  ['completely', ['different'], undefined],
  ['', ['a'], undefined],
  ['x', [], undefined],
  ['temprature', ['temperature', 'topP'], 'temperature'],
])('the word nearest to %j among %j is %s', ([word, candidates, found]) => {
  expect(nearest(word, candidates)).toBe(found);
});

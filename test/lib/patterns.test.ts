/** Every door for a pattern leads to one engine, whose time is linear in the text. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePath, PathError } from '../../src/lib/json-path.ts';
import { formats } from '../../src/lib/formats.ts';
import { compileSchema, SchemaError } from '../../src/lib/json-schema.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { compilePattern, PatternError } from '../../src/lib/pattern.ts';
import { literalPattern } from '../../src/lib/literal-pattern.ts';

test.for<[pattern: string, text: string, find: boolean, full: boolean]>([
  ['a', 'bab', true, false],
  ['^a+$', 'aaa', true, true],
  ['(?i)HELLO', 'say hello', true, false],
  ['(?s)a.b', 'a\nb', true, true],
  ['a.b', 'a\nb', false, false],
  ['(?m)^b$', 'a\nb', true, false],
  [String.raw`\bcat\b`, 'a cat.', true, false],
  [String.raw`\p{Greek}+`, 'αβγ', true, true],
  ['', '', true, true],
  ['🎈{2}', '🎈🎈', true, true],
])('%s in %j', ([pattern, text, find, full]) => {
  const compiled = compilePattern(pattern);
  expect([compiled.find(text), compiled.fullMatch(text)]).toEqual([find, full]);
});

test.for(['(', '[a', '*a', String.raw`(?<=a)b`, String.raw`(a)\1`, 'a{2,1}', '(?P<n'])(
  '%s is none',
  (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
  },
);

test('a quoted text matches only itself', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...'\\.+*?()|[]{}^$-#/ \n'), fc.string({ minLength: 1, maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, text, (own, other) => {
      const pattern = compilePattern(literalPattern(own));
      expect(pattern.fullMatch(own)).toBe(true);
      expect(pattern.fullMatch(other)).toBe(own === other);
      expect(compilePattern(`^x${literalPattern(own)}y$`).find(`x${own}y`)).toBe(true);
    }),
  );
});

const value: JsonValue = {
  items: [
    { n: 'lamp', p: 3 },
    { n: 'boat', p: 5 },
  ],
  empty: [],
  nil: null,
};

test.for<[path: string, selected: JsonValue[]]>([
  ['$', [value]],
  ['$.items[*].n', ['lamp', 'boat']],
  ['$.items[-1].p', [5]],
  ['$..p', [3, 5]],
  ['$.items[?@.p > 3].n', ['boat']],
  ["$.items[?match(@.n, 'l.*')].p", [3]],
  ["$.items[?search(@.n, 'oa')].p", [5]],
  ["$.items[?search(@.n, '(')].p", []],
  ["$.items[?search(@.p, '3')].p", []],
  ['$.nothing', []],
  ['$.empty[*]', []],
  ['$.nil', [null]],
])('%s', ([path, selected]) => {
  expect(compilePath(path)(value)).toEqual(selected);
});

test.for(['', 'items', '$.', '$[', '$.items[?@.p >]', '$.items[?length()]'])(
  'rejects the JSONPath %j',
  (path) => {
    expect(() => compilePath(path)).toThrow(PathError);
  },
);

describe('JSON Schema', () => {
  test.for<[schema: unknown, value: unknown, problems: string[]]>([
    [{ type: 'object', required: ['a'] }, { a: 1 }, []],
    [
      { type: 'object', required: ['a', 'b'] },
      {},
      ["the value must have required property 'a'", "the value must have required property 'b'"],
    ],
    [{ properties: { a: { type: 'number' } } }, { a: 'x' }, ['/a must be number']],
    [true, 1, []],
    [false, 1, ['the value boolean schema is false']],
    [{ pattern: '^a+$' }, 'aaa', []],
    [{ pattern: '^a+$' }, 'b', ['the value must match pattern "^a+$"']],
    [
      { patternProperties: { '^x': { type: 'number' }, '^y': { type: 'string' } } },
      { x: 1, y: 2 },
      ['/y must be string'],
    ],
    [
      { $defs: { n: { type: 'number' } }, prefixItems: [{ $ref: '#/$defs/n' }] },
      ['x'],
      ['/0 must be number'],
    ],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'number' }] },
      ['x'],
      ['/0 must be number'],
    ],
    [
      { dependentRequired: { a: ['b'] } },
      { a: 1 },
      ['the value must have property b when property a is present'],
    ],
    [{ const: null }, null, []],
    [{ format: 'email' }, 'ann@example.org', []],
    [{ format: 'email' }, 'ann', ['the value must match format "email"']],
    [{ format: 'date' }, '2026-02-30', ['the value must match format "date"']],
    [{ format: 'uuid' }, '123E4567-e89b-12d3-a456-426614174000', []],
    [{ format: 'duration' }, 'P', ['the value must match format "duration"']],
    [{ format: 'url' }, 'https://example.org/a b', []],
    [{ format: 'url' }, 'mailto:x', ['the value must match format "url"']],
    [{ format: 'email' }, 5, []],
    [{ format: 'int32' }, 2 ** 40, ['the value must match format "int32"']],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#', format: 'ipv4' },
      '1.2.3',
      ['the value must match format "ipv4"'],
    ],
    [{ format: 'unheard-of' }, 'x', []],
  ])('%j of %j', ([schema, of, problems]) => {
    expect(compileSchema(schema).check(of)).toEqual(problems);
  });

  test.for<[schema: unknown, ...paths: string[]]>([
    [{ type: 'strng' }, 'type'],
    [{ type: ['string', 'strng'] }, 'type.1'],
    [{ type: 5 }, 'type'],
    [{ properties: { a: { minimum: 'x' } } }, 'properties.a.minimum'],
    [{ required: 'a' }, 'required'],
    [{ items: [{ type: 'string' }] }, 'items'],
    [{ $ref: '#/$defs/none' }, '$ref'],
    [{ pattern: '(' }, 'pattern'],
    [{ patternProperties: { '(': { type: 'string' } } }, 'patternProperties.('],
    [{ const: { pattern: '(', $ref: '#/x' }, items: { $ref: '#/y' } }, 'items.$ref'],
    [
      {
        type: 'strng',
        required: 'a',
        properties: { a: { minimum: 'x', pattern: '(' }, b: { $ref: '#/x' }, $ref: { $ref: '#/y' } },
      },
      'type',
      'required',
      'properties.a.minimum',
      'properties.a.pattern',
      'properties.b.$ref',
      'properties.$ref.$ref',
    ],
    [
      {
        properties: {
          b: { $ref: '#/x' },
          c: { items: { $ref: '#/y' } },
          d: { pattern: '[' },
          e: { $ref: '#/x' },
        },
      },
      'properties.b.$ref',
      'properties.e.$ref',
      'properties.c.items.$ref',
      'properties.d.pattern',
    ],
  ])('rejects %j', ([schema, ...paths]) => {
    let error: unknown;
    try {
      compileSchema(schema);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SchemaError);
    const found = (error as SchemaError).errors.map(({ path }) => path.join('.'));
    expect(found.toSorted()).toEqual(paths.toSorted());
  });
});

test('lists unknown formats once, with their paths', () => {
  const of = { format: 'a', properties: { 'x/y': { format: 'b' }, format: { type: 'string' } } };
  expect(compileSchema(of).unknownFormats).toEqual([
    { name: 'a', path: ['format'] },
    { name: 'b', path: ['properties', 'x/y', 'format'] },
  ]);
});

test.for(Object.keys(formats))('no text makes the format %s slow', (format) => {
  const { check } = compileSchema({ format });
  for (const piece of ['a', 'a.', 'a-', 'a@', '1:', '%41', '/~0', '{a,', 'http://a:@', 'P1'])
    check(`http://${piece.repeat(3000)} `);
});

test('hostile patterns are fast in every kind', () => {
  const text = `${'a'.repeat(30_000)}!`;
  expect(compilePattern('^(a+)+$').find(text)).toBe(false);
  expect(compilePattern('(a|a)*b').find(text)).toBe(false);
  expect(compilePath("$[?match(@, '(a+)+')]")([text])).toEqual([]);
  expect(compileSchema({ pattern: '^(a|aa)+$' }).check(text)).toHaveLength(1);
});

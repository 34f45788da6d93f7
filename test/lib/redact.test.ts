import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { literalPattern } from '../../src/lib/literal-pattern.ts';
import {
  cut,
  forgetSecrets,
  addSecret,
  redact,
  redactHeaders,
  restore,
  redactJson,
} from '../../src/lib/redact.ts';

afterEach(forgetSecrets);

const key = 'AIzaSyPlanted-Key_0123456789/+==';
const odd = `Tom & "Jerry's" <b>\\ä/ =1`;

describe('redacts a value', () => {
  const forms: [string, (value: string) => string][] = [
    ['unchanged', (value) => value],
    ['in JSON', (value) => JSON.stringify({ value })],
    ['in JSON within JSON', (value) => JSON.stringify({ text: JSON.stringify({ value }) })],
    [
      'in JSON as the API writes it',
      (value) =>
        JSON.stringify({ value }).replace(
          /[<>&'=]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
    ],
    ['in JSON with escaped slashes', (value) => JSON.stringify({ value }).replaceAll('/', '\\/')],
    ['in a pattern', (value) => `^a${literalPattern(value)}$`],
    ['in a pattern in JSON', (value) => JSON.stringify({ matches: literalPattern(value) })],
    ['in a URL', (value) => `https://a.b/?key=${encodeURIComponent(value)}&x=1`],
    [
      'in a URL in lower case',
      (value) => encodeURIComponent(value).replace(/%../g, (escape) => escape.toLowerCase()),
    ],
    ['in a form', (value) => new URLSearchParams({ value }).toString()],
    ['in a whole URL', (value) => encodeURI(value)],
    [
      'in HTML',
      (value) =>
        `<p>${value.replace(/[<>&"']/g, (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": '#39' }[c] ?? ''};`)}</p>`,
    ],
    [
      'in XML',
      (value) =>
        value.replace(
          /[<>&"']/g,
          (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos' }[c] ?? ''};`,
        ),
    ],
    [
      'in the text of XML',
      (value) => value.replace(/[<>&]/g, (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp' }[c] ?? ''};`),
    ],
    [
      'in the HTML of Python',
      (value) =>
        value.replace(
          /[<>&"']/g,
          (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": '#x27' }[c] ?? ''};`,
        ),
    ],
    [
      'in the HTML of Go',
      (value) =>
        value.replace(
          /[<>&"']/g,
          (c) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': '#34', "'": '#39' }[c] ?? ''};`,
        ),
    ],
    [
      'in JSON in ASCII',
      (value) =>
        JSON.stringify({ value }).replace(
          /[^ -~]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
    ],
    ['in base64', (value) => Buffer.from(value).toString('base64')],
    ['in base64, one byte in', (value) => Buffer.from(`:${value}:`).toString('base64')],
    ['in base64, two bytes in', (value) => Buffer.from(`u:${value}--`).toString('base64')],
    ['in base64 for URLs', (value) => Buffer.from(`us:${value}`).toString('base64url')],
  ];

  test.for(forms.flatMap(([name, form]) => [key, odd].map((value) => [name, value, form] as const)))(
    '%s: %s',
    ([, value, form]) => {
      const written = form(value);
      addSecret('SECRET', value);
      const shown = redact(`before ${written} after`);
      expect(shown).toContain('[redacted:SECRET]');
      expect(shown).toMatch(/^before .* after$/);
      // Only the surrounding text is left, without the bytes that base64 mixes with it.
      expect(shown.replace('[redacted:SECRET]', '').length).toBeLessThan(45);
      expect(shown).not.toContain(written);
    },
  );
});

test('keeps values under eight characters and hides longer ones inside words', () => {
  expect(addSecret('SHORT', 'sevench')).toBe(false);
  expect(redact('sevench')).toBe('sevench');
  expect(addSecret('LONG', 'eightchr')).toBe(true);
  expect(redact('xeightchrx')).toBe('x[redacted:LONG]x');
});

test('hides a value that contains another, and both of two overlapping ones', () => {
  addSecret('INNER', 'abcdefgh');
  addSecret('OUTER', 'xxabcdefghyy');
  addSecret('NEXT', 'efghijklmn');
  expect(redact('xxabcdefghyy abcdefgh')).toBe('[redacted:OUTER] [redacted:INNER]');
  addSecret('LONGER', 'abcdefgh-and-more');
  expect(redact('abcdefgh-and-more')).toBe('[redacted:LONGER]');
  const overlapping = redact('abcdefghijklmn');
  expect(overlapping).not.toMatch(/abcdefgh|efghijklmn/);
});

test('treats special characters of patterns literally', () => {
  addSecret('ODD', '.*+?^${}()|[]\\/');
  expect(redact('a.*+?^${}()|[]\\/b')).toBe('a[redacted:ODD]b');
  expect(redact('anything at all')).toBe('anything at all');
});

test('truncation leaves no part of a value', () => {
  addSecret('KEY', key);
  for (let before = 0; before < 60; before++) {
    const text = `${'x'.repeat(before)}${key}${'y'.repeat(60)}`;
    const shown = redact(cut(text, 50));
    expect(shown, String(before)).not.toMatch(/A|P/);
    expect(shown.length).toBeLessThanOrEqual(50 + '[redacted:KEY]'.length);
    expect(text.startsWith(cut(text, 50))).toBe(true);
  }
  expect(cut('short', 50)).toBe('short');
});

test('hides every long line of a value, also in JSON and HTML', () => {
  addSecret('PEM', '-----BEGIN-----\nabc"def<ghi\n-----END-----');
  const lines = JSON.stringify(['-----BEGIN-----', 'abc"def<ghi']);
  expect(redact(lines)).toBe('["[redacted:PEM]","[redacted:PEM]"]');
  expect(redact('abc&quot;def&lt;ghi')).toBe('[redacted:PEM]');
});

test('replaces a variable by its name', () => {
  addSecret('BRAND', 'Acme Corporation', { reveal: true });
  expect(redact('by Acme Corporation')).toBe('by [env:BRAND]');
});

test('hides credentials in quoted headers', () => {
  expect(redactHeaders('Authorization: Bearer abc.def\nx-goog-api-key: k1, X: y')).toBe(
    'Authorization: [redacted]\nx-goog-api-key: [redacted], X: y',
  );
  expect(redactHeaders('{"authorization":"Basic dTpw","a":1}')).toBe('{"authorization":"[redacted]","a":1}');
});

describe('sealed JSON', () => {
  test('restores variables but not keys', () => {
    addSecret('KEY', key);
    addSecret('BRAND', odd, { reveal: true });
    const json = JSON.stringify({
      a: odd,
      b: encodeURIComponent(odd),
      c: Buffer.from(odd).toString('base64'),
      key,
    });
    const sealed = redactJson(json);
    for (const text of [odd, JSON.stringify(odd).slice(1, -1), encodeURIComponent(odd), key])
      expect(sealed).not.toContain(text);
    expect(JSON.parse(restore(sealed))).toEqual({ ...(JSON.parse(json) as object), key: '[redacted:KEY]' });
  });

  test('can be read by a process that hides other values', () => {
    addSecret('BRAND', odd, { reveal: true });
    const sealed = redactJson(JSON.stringify([odd, 'x']));
    forgetSecrets();
    addSecret('FIRST', 'another value', { reveal: true });
    addSecret('SAME', odd, { reveal: true });
    addSecret('BRAND', odd, { reveal: true });
    expect(JSON.parse(restore(sealed))).toEqual([odd, 'x']);
  });

  test('stays JSON if half an escape precedes a value', () => {
    addSecret('LINE', 'nab/cdefg');
    for (const text of ['\nab/cdefg', '\\nab/cdefg'])
      expect(JSON.parse(redactJson(JSON.stringify([text])))).toHaveLength(1);
    expect(JSON.parse(redactJson(JSON.stringify(['\\nab/cdefg'])))).toEqual(['\\[redacted:LINE]']);
  });

  test('stays JSON for any text and restores it', () => {
    addSecret('BRAND', odd, { reveal: true });
    addSecret('LINES', 'first line\nsecond "line"', { reveal: true });
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        odd,
        'first line\nsecond "line"',
        '[env:BRAND]',
        '[env:',
        '\\',
        '"',
        encodeURIComponent(odd),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 4 })), (words) => {
        const value = words.map((each) => ({ [each.join('')]: each.join('|') }));
        expect(JSON.parse(restore(redactJson(JSON.stringify(value))))).toEqual(value);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
